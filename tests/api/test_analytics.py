"""Analytics over REST: who may see what of whom, how old it is, and in which words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import Connection
from starlette.testclient import TestClient

from app.services.blueprints import Blueprint
from app.services.rollups import Rollup
from app.storage import learners
from app.storage.database import Database
from app.storage.learners import LearnerRow
from app.storage.models import learners as learner_table
from tests.api.conftest import Refused, Serve
from tests.api.contract import Json, attempted, held, posed, rows_of, storage_of
from tests.api.drilling import MOCK_ITEM, handed_out, moved, on_a_clock_of_its_own, planted
from tests.api.people import Person, enrolled
from tests.services.crowds import NOW, First, met, person, room

T = TypeVar("T")

SLUG = "cross-entropy-one-hot"
ONE = f"/v1/analytics/families/{SLUG}"
ALL = "/v1/analytics/families"
PEOPLE = "/v1/analytics/people"
START_SECONDS = 60


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url), access="tokens"))


@pytest.fixture
def admin(client: TestClient) -> Person:
    return enrolled(client, "Root", role="admin")


@pytest.fixture
def coach(client: TestClient) -> Person:
    return enrolled(client, "Coach", role="coach")


@pytest.fixture
def ada(client: TestClient) -> Person:
    return enrolled(client, "Ada")


def done(client: TestClient, work: Callable[[Connection], T]) -> T:
    """Return what work does in the client's database."""
    assert client.portal is not None
    return client.portal.call(storage_of(client).write, work)


def show(client: TestClient, who: Person, path: str = ONE, **query: Any) -> Json:  # noqa: ANN401 - as the client takes it
    response = client.get(path, params=query, headers=who.headers)
    assert response.status_code == 200, response.text
    document: Json = response.json()
    return document


def test_a_wrong_and_then_a_right_answer_are_in_the_figures_with_the_mistake_and_its_why(
    client: TestClient, admin: Person, ada: Person
) -> None:
    problem = posed(client, headers=ada.headers)
    for value in ("0.5146", "0.357"):
        attempted(client, problem, value, headers=ada.headers)
    document = show(client, admin)
    total = document["total"]
    [mistake] = total["misconceptions"]
    assert (total["problems"], total["learners"], total["attempts"]) == (1, 1, 2)
    assert (total["first_try_rate"], total["solved_rate"], total["difficulty"]) == (0, 1, 1)
    assert (mistake["code"], mistake["count"], mistake["share"]) == ("wrong-log-base-2", 1, 1)
    assert mistake["why"]["text"].startswith("This is the result with")
    of_level = {level["level"]: level for level in document["levels"]}
    assert of_level[problem["level"]]["problems"] == 1
    assert of_level[problem["level"]]["expected_seconds"] == problem["expected_seconds"]
    assert [level["problems"] for number, level in of_level.items() if number != problem["level"]] == [0] * (len(of_level) - 1)


def test_the_words_are_in_the_language_that_is_asked_for(client: TestClient, admin: Person, ada: Person) -> None:
    attempted(client, posed(client, headers=ada.headers), "0.5146", headers=ada.headers)
    chinese = client.get(ONE, headers={**admin.headers, "accept-language": "zh"}).json()
    english = show(client, admin)
    [there], [here] = chinese["total"]["misconceptions"], english["total"]["misconceptions"]
    assert there["code"] == here["code"]
    assert chinese["title"] != english["title"]
    assert there["why"] != here["why"]


def test_a_mistake_that_the_family_no_longer_knows_has_no_why(client: TestClient, admin: Person) -> None:
    def plant(connection: Connection) -> None:
        met(connection, person(connection), First("wrong", "long-gone"), family=SLUG)

    done(client, plant)
    [mistake] = show(client, admin)["total"]["misconceptions"]
    assert (mistake["code"], mistake["why"]) == ("long-gone", {"markdown": "", "text": ""})


def test_what_a_drill_withholds_is_in_the_figures_only_after_its_end(client: TestClient, admin: Person, ada: Person) -> None:
    clock = on_a_clock_of_its_own(client)
    drill = planted(client, ada.id, Blueprint(length=1, feedback="at-end"), (MOCK_ITEM,), clock.now)
    attempted(client, handed_out(client, drill, headers=ada.headers), "0.5146", headers=ada.headers)
    assert show(client, admin)["total"]["problems"] == 0
    moved(client, drill, "finish", headers=ada.headers)
    assert show(client, admin)["total"]["misconceptions"][0]["code"] == "wrong-log-base-2"


@pytest.mark.parametrize("path", [ONE, ALL, PEOPLE])
def test_a_learner_is_refused(client: TestClient, ada: Person, refused: Refused, path: str) -> None:
    assert "coach" in refused(client.get(path, headers=ada.headers), 403, "forbidden")["detail"]


@pytest.mark.parametrize("path", [ONE, ALL, PEOPLE])
def test_a_guest_is_refused(client: TestClient, coach: Person, ada: Person, refused: Refused, path: str) -> None:
    def make_a_guest(connection: Connection) -> None:
        update = learner_table.update().where(learner_table.c.id == UUID(ada.id))
        connection.execute(update.values(room_id=room(connection, UUID(coach.id))))

    done(client, make_a_guest)
    refused(client.get(path, headers=ada.headers), 403, "guest")


@pytest.mark.parametrize("path", [ONE, ALL, PEOPLE])
def test_nobody_is_told_anything(client: TestClient, refused: Refused, path: str) -> None:
    refused(client.get(path), 401, "unauthenticated")


def test_an_unknown_family_is_named_with_what_is_near(client: TestClient, coach: Person, refused: Refused) -> None:
    response = client.get(f"{ALL}/cross-entropy-one-hat", headers=coach.headers)
    assert SLUG in refused(response, 404, "unknown-family")["detail"]


@pytest.mark.parametrize("query", [{"scope": "world"}, {"sort": "easiest"}])
def test_a_scope_or_order_that_there_is_not_is_refused(
    client: TestClient, coach: Person, refused: Refused, query: dict[str, str]
) -> None:
    [error] = refused(client.get(ALL, params=query, headers=coach.headers), 422, "invalid-input")["errors"]
    assert error["pointer"] == f"/{next(iter(query))}"


def test_a_coach_sees_nothing_of_a_few_strangers_where_an_admin_does(client: TestClient, admin: Person, coach: Person) -> None:
    def plant(connection: Connection) -> None:
        met(connection, person(connection), First("wrong", "sign-flipped"), family=SLUG)

    done(client, plant)
    hidden, told = show(client, coach)["total"], show(client, admin)["total"]
    assert (hidden["suppressed"], hidden["problems"], hidden["difficulty"], hidden["misconceptions"]) == (True, None, None, [])
    assert (told["suppressed"], told["problems"]) == (False, 1)


def test_a_coach_sees_the_people_of_their_rooms_by_scope_and_by_name(client: TestClient, coach: Person, ada: Person) -> None:
    attempted(client, posed(client, headers=ada.headers), "0.357", headers=ada.headers)
    stranger = enrolled(client, "Eve")
    attempted(client, posed(client, headers=stranger.headers), "0.5146", headers=stranger.headers)
    done(client, lambda connection: room(connection, UUID(coach.id), UUID(ada.id)))
    document = show(client, coach, scope="rooms")
    assert (document["scope"], document["total"]["problems"], document["total"]["first_try_rate"]) == ("rooms", 1, 1)
    [item] = [each for each in show(client, coach, ALL, scope="rooms")["items"] if each["family"] == SLUG]
    assert item["problems"] == 1
    [listed] = show(client, coach, PEOPLE)["items"]
    last = listed.pop("last_practised_at")
    assert last is not None
    assert listed == {"id": ada.id, "name": "Ada", "guest": False, "problems": 1, "first_try_rate": 1}


def test_an_admin_lists_everybody_page_by_page(client: TestClient, admin: Person) -> None:
    names = [f"Learner {number}" for number in range(5)]
    for name in names:
        enrolled(client, name)
    found, response = [], client.get(PEOPLE, params={"limit": 2}, headers=admin.headers)
    while True:
        found += [each["name"] for each in response.json()["items"]]
        if "next" not in response.links:
            break
        response = client.get(response.links["next"]["url"], headers=admin.headers)
    assert found[:6] == [*reversed(names), "Root"]


def test_families_are_listed_by_slug_or_the_hardest_first(client: TestClient, admin: Person) -> None:
    def plant(connection: Connection) -> None:
        ada = person(connection)
        met(connection, ada, First(), First("wrong"), family="softmax")
        met(connection, ada, First("wrong"), family="entropy")

    done(client, plant)
    slugs = [each["family"] for each in show(client, admin, ALL)["items"]]
    assert slugs == sorted(slugs)
    hardest = show(client, admin, ALL, sort="hardest")["items"]
    assert [(each["family"], each["difficulty"]) for each in hardest[:3]] == [
        ("entropy", 1),
        ("softmax", 0.5),
        (slugs[0], None),
    ]


def test_families_are_listed_of_one_topic(client: TestClient, admin: Person) -> None:
    items = show(client, admin, ALL, topic="gradients")["items"]
    assert {each["topic"] for each in items} == {"gradients"}


def rolled_up(client: TestClient) -> None:
    """Count and keep the figures of everybody."""
    assert client.portal is not None
    rollup = Rollup(NOW)
    for step in rollup.steps():
        client.portal.call(storage_of(client).read, step)
    done(client, rollup.store)


def test_how_old_the_figures_are_is_told_and_they_keep_their_tag(client: TestClient, admin: Person, ada: Person) -> None:
    attempted(client, posed(client, headers=ada.headers), "0.357", headers=ada.headers)
    rolled_up(client)
    before = client.get(ONE, headers=admin.headers)
    attempted(client, posed(client, headers=ada.headers), "0.357", headers=ada.headers)
    again = client.get(ONE, headers={**admin.headers, "if-none-match": before.headers["etag"]})
    assert (before.json()["as_of"], before.json()["total"]["problems"]) == ("2026-11-21T09:00:00Z", 1)
    assert again.status_code == 304


@pytest.mark.parametrize("path", [ONE, ALL])
@pytest.mark.parametrize("scope", ["everyone", "rooms"])
def test_figures_that_are_counted_at_once_have_another_tag_only_when_they_are_others(
    client: TestClient, admin: Person, ada: Person, path: str, scope: str
) -> None:
    done(client, lambda connection: room(connection, UUID(admin.id), UUID(ada.id)))
    first, second = (client.get(path, params={"scope": scope}, headers=admin.headers) for _ in range(2))
    attempted(client, posed(client, headers=ada.headers), "0.357", headers=ada.headers)
    third = client.get(path, params={"scope": scope}, headers=admin.headers)
    assert (first.json()["as_of"], first.headers["etag"]) == (None, second.headers["etag"])
    assert third.headers["etag"] != first.headers["etag"]


def test_the_figures_are_counted_as_soon_as_the_application_runs(serve: Serve, database_url: str) -> None:
    def plant(connection: Connection) -> None:
        learners.add(connection, LearnerRow(UUID(int=7), "Ada", "learner", "en", NOW))
        met(connection, UUID(int=7), First(), family=SLUG)

    async def prepare() -> None:
        database = Database(database_url)
        await database.open()
        await database.write(plant)
        await database.close()

    asyncio.run(prepare())
    client = serve(storage=Database(database_url))
    wait_until(partial(rows_of, client, "family_rollups"))
    document = client.get(ONE).json()
    assert document["as_of"] is not None
    assert document["total"]["problems"] == 1


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
