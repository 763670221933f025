"""Rooms over REST: opening, joining with an account or a name, closing, and who is let in where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.api.conftest import Refused, Serve
from tests.api.contract import Json, counted_rows, held
from tests.api.people import Person, enrolled

CHOSEN = {
    "title": "Monday",
    "blueprint": {"minutes": 20, "feedback": "at-end", "hints": False, "pause": False},
    "problems": [
        {"family": "cross-entropy-one-hot", "preset": "mock-question"},
        {"family": "ce-from-logits", "parameters": {"logits": ["2", "1", "0.1"], "target": 0}},
        {"family": "entropy"},
    ],
}
KEY = "0b7e1c1e-6a5c-4f0b-9d5b-000000000001"


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url), access="tokens"))


@pytest.fixture
def coach(client: TestClient) -> Person:
    return enrolled(client, "Coach", role="coach")


@pytest.fixture
def ada(client: TestClient) -> Person:
    return enrolled(client, "Ada")


@pytest.fixture
def room(client: TestClient, coach: Person) -> Json:
    return opened(client, coach)


def opened(client: TestClient, coach: Person, **body: object) -> Json:
    response = client.post("/v1/rooms", json=body or CHOSEN, headers=coach.headers)
    assert response.status_code == 201, response.text
    assert response.headers["location"] == f"/v1/rooms/{response.json()['code']}"
    room: Json = response.json()
    return room


def join(client: TestClient, room: Json, headers: dict[str, str] | None = None, **body: object) -> Response:
    return client.post(f"/v1/rooms/{room['code']}/drills", json=body, headers=headers)


def guest(client: TestClient, room: Json, name: str = "Bob") -> tuple[Json, Person]:
    """Return what a new guest is answered, and the guest."""
    response = join(client, room, name=name)
    assert response.status_code == 201, response.text
    joined: Json = response.json()
    return joined, Person("", joined["token"])


def asked(client: TestClient, drill: Json, person: Person) -> Iterator[Any]:
    """Yield what a drill asks, one problem after the other."""
    for _ in range(drill["length"]):
        problem = client.post(f"/v1/drills/{drill['id']}/next", headers=person.headers).json()
        yield problem["family"], problem["parameters"], problem["prompt"]


def test_a_room_of_chosen_problems_asks_just_these_on_its_terms(room: Json) -> None:
    assert [problem["family"] for problem in room["problems"]] == ["cross-entropy-one-hot", "ce-from-logits", "entropy"]
    assert room["problems"][0]["truth"] == {"loss": pytest.approx(0.35667494393873245)}
    assert room["terms"] == {
        "length": 3,
        "minutes": 20,
        "feedback": "at-end",
        "tries": None,
        "hints": False,
        "pause": False,
        "interview": False,
    }


def test_a_room_of_a_preset_has_its_title_and_terms(client: TestClient, coach: Person) -> None:
    room = opened(client, coach, preset="warm-up", language="zh")
    assert (room["title"], room["terms"]["length"], len(room["problems"])) == ("热身", 5, 5)


def test_an_account_and_a_guest_are_asked_the_same(client: TestClient, room: Json, ada: Person) -> None:
    hers = join(client, room, ada.headers).json()["drill"]
    joined, bob = guest(client, room)
    assert hers["room"] == joined["drill"]["room"] == room["code"]
    assert list(asked(client, hers, ada)) == list(asked(client, joined["drill"], bob))


def test_joining_again_answers_the_same_drill(client: TestClient, room: Json, ada: Person) -> None:
    first, second = join(client, room, ada.headers), join(client, room, ada.headers, language="zh")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["drill"]["id"] == second.json()["drill"]["id"]


def test_a_guest_who_comes_back_with_their_token_has_their_drill(client: TestClient, room: Json) -> None:
    joined, bob = guest(client, room)
    again = join(client, room, bob.headers)
    assert (again.status_code, again.json()["drill"]["id"]) == (200, joined["drill"]["id"])
    assert again.json()["token"] is None


def test_two_guests_of_one_name_are_two(client: TestClient, room: Json) -> None:
    assert guest(client, room)[0]["drill"]["id"] != guest(client, room)[0]["drill"]["id"]


def test_a_guests_token_is_shown_once_and_the_guest_made_once(client: TestClient, room: Json) -> None:
    headers = {"idempotency-key": KEY}
    first, second = join(client, room, headers, name="Bob"), join(client, room, headers, name="Bob")
    assert first.json()["token"].startswith("crossdrill_")
    assert second.json() == {**first.json(), "token": None}
    assert counted_rows(client)["learners"] == 3  # the local one, the coach, Bob


def test_a_stranger_without_a_name_is_asked_for_one(client: TestClient, room: Json, refused: Refused) -> None:
    assert refused(join(client, room), 422, "invalid-input")["errors"][0]["pointer"] == "/name"
    assert refused(join(client, room, name=" "), 422, "invalid-input")["errors"][0]["pointer"] == "/name"


def test_a_code_is_taken_in_any_case_with_look_alikes_and_without_hyphens(client: TestClient, room: Json) -> None:
    typed = room["code"].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert client.get(f"/v1/rooms/{typed}").json()["code"] == room["code"]


@pytest.mark.parametrize("code", ["0000-0000-0000", "nonsense", "%F0%9F%8E%B2"])
def test_a_code_that_is_none_is_not_found_by_anybody(client: TestClient, coach: Person, refused: Refused, code: str) -> None:
    refused(client.get(f"/v1/rooms/{code}"), 404, "not-found")
    refused(client.post(f"/v1/rooms/{code}/drills", json={"name": "Bob"}), 404, "not-found")
    refused(client.post(f"/v1/rooms/{code}/close", headers=coach.headers), 404, "not-found")
    refused(client.post("/v1/rooms", json={"again": code}, headers=coach.headers), 404, "not-found")


def test_whoever_has_the_code_sees_the_terms_and_not_what_is_asked(client: TestClient, room: Json, ada: Person) -> None:
    stranger, learner = client.get(f"/v1/rooms/{room['code']}"), client.get(f"/v1/rooms/{room['code']}", headers=ada.headers)
    assert stranger.json() == learner.json() == {**room, "candidates": None, "blueprint": None, "problems": None}


def test_a_coach_sees_how_many_have_joined_and_an_admin_too(client: TestClient, room: Json, coach: Person) -> None:
    guest(client, room)
    admin = enrolled(client, "Root", role="admin")
    seen = client.get(f"/v1/rooms/{room['code']}", headers=coach.headers).json()
    assert seen == {**room, "candidates": 1} == client.get(f"/v1/rooms/{room['code']}", headers=admin.headers).json()


def test_rooms_are_listed_to_their_coach_page_by_page(client: TestClient, coach: Person) -> None:
    codes = [opened(client, coach)["code"] for _ in range(3)]
    opened(client, enrolled(client, "Other", role="coach"))
    first = client.get("/v1/rooms?limit=2", headers=coach.headers)
    rest = client.get(first.links["next"]["url"], headers=coach.headers)
    assert [item["code"] for item in first.json()["items"] + rest.json()["items"]] == codes[::-1]
    assert "problems" not in first.json()["items"][0]


def test_a_learner_opens_and_lists_no_rooms(client: TestClient, ada: Person, refused: Refused) -> None:
    refused(client.post("/v1/rooms", json=CHOSEN, headers=ada.headers), 403, "forbidden")
    refused(client.post("/v1/rooms", json={"again": "0000-0000-0000"}, headers=ada.headers), 403, "forbidden")
    refused(client.get("/v1/rooms", headers=ada.headers), 403, "forbidden")


def test_a_closed_room_takes_nobody_in_and_running_drills_go_on(
    client: TestClient, room: Json, coach: Person, ada: Person, refused: Refused
) -> None:
    drill = join(client, room, ada.headers).json()["drill"]
    closed = client.post(f"/v1/rooms/{room['code']}/close", headers=coach.headers).json()
    assert closed["closed_at"] == client.post(f"/v1/rooms/{room['code']}/close", headers=coach.headers).json()["closed_at"]
    refused(join(client, room, name="Bob"), 409, "room-closed")
    refused(join(client, room, enrolled(client, "Eve").headers), 409, "room-closed")
    assert join(client, room, ada.headers).status_code == 200
    assert client.post(f"/v1/drills/{drill['id']}/next", headers=ada.headers).status_code == 201


@pytest.mark.parametrize("role", ["learner", "coach"])
def test_only_its_coach_or_an_admin_closes_a_room(client: TestClient, room: Json, refused: Refused, role: str) -> None:
    other = enrolled(client, "Other", role=role)
    refused(client.post(f"/v1/rooms/{room['code']}/close", headers=other.headers), 404, "not-found")


def test_the_same_room_again_has_another_code_and_the_same_problems(client: TestClient, room: Json, coach: Person) -> None:
    again = opened(client, coach, again=room["code"])
    varying = {"code", "created_at"}
    assert again["code"] != room["code"]
    assert {k: v for k, v in again.items() if k not in varying} == {k: v for k, v in room.items() if k not in varying}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"blueprint": {"missed_only": True}}, "/blueprint/missed_only"),
        ({"preset": "missed-only"}, "/preset"),
        ({"preset": "no-such-preset"}, "/preset"),
        ({"problems": []}, "/problems"),
        ({"problems": [{"family": "no-such-family"}]}, "/problems/0/family"),
        ({"problems": [{"family": "entropy"}], "blueprint": {"levels": [2]}}, "/blueprint/levels"),
        ({"again": "0000-0000-0000", "title": "Another"}, "/title"),
        ({"title": "  "}, "/title"),
    ],
)
def test_a_room_that_cannot_be_is_refused_with_the_place(
    client: TestClient, coach: Person, refused: Refused, body: Json, pointer: str
) -> None:
    response = client.post("/v1/rooms", json=body, headers=coach.headers)
    assert refused(response, 422, "invalid-input")["errors"][0]["pointer"] == pointer


def test_conditions_that_no_problem_meets_are_named(client: TestClient, coach: Person, refused: Refused) -> None:
    body = {"blueprint": {"families": ["entropy"], "topics": ["gradients"]}}
    found = refused(client.post("/v1/rooms", json=body, headers=coach.headers), 422, "unsatisfiable-blueprint")
    assert found["errors"][0]["pointer"] == "/blueprint/topics"


def test_a_room_is_opened_once_however_often_it_is_sent(client: TestClient, coach: Person) -> None:
    first, second = (client.post("/v1/rooms", json=CHOSEN, headers=coach.with_key("room")) for _ in range(2))
    assert first.json() == second.json()
    assert len(client.get("/v1/rooms", headers=coach.headers).json()["items"]) == 1


def test_a_guests_token_is_good_for_its_room_alone(client: TestClient, room: Json, coach: Person, refused: Refused) -> None:
    _, bob = guest(client, room)
    other = opened(client, coach)
    refused(join(client, other, bob.headers), 403, "guest")
    refused(client.get(f"/v1/rooms/{other['code']}", headers=bob.headers), 403, "guest")
    refused(client.post("/v1/problems", json={}, headers=bob.headers), 403, "guest")
    refused(client.post("/v1/drills", json={}, headers=bob.headers), 403, "guest")
    refused(client.get("/v1/rooms", headers=bob.headers), 403, "guest")


def test_a_guest_may_erase_themselves(client: TestClient, room: Json, coach: Person, refused: Refused) -> None:
    _, bob = guest(client, room)
    assert client.delete("/v1/me", headers=bob.headers).status_code == 204
    refused(client.get("/v1/me", headers=bob.headers), 401, "unauthenticated")
    assert client.get(f"/v1/rooms/{room['code']}", headers=coach.headers).json()["candidates"] == 0


def test_nobody_reads_another_candidates_drill_or_problems(
    client: TestClient, room: Json, ada: Person, refused: Refused
) -> None:
    drill = join(client, room, ada.headers).json()["drill"]
    problem = client.post(f"/v1/drills/{drill['id']}/next", headers=ada.headers).json()
    _, bob = guest(client, room)
    for path in (f"/v1/drills/{drill['id']}", f"/v1/problems/{problem['id']}", f"/v1/problems/{problem['id']}/attempts"):
        refused(client.get(path, headers=bob.headers), 404, "not-found")


def test_locally_whoever_gives_no_name_is_the_local_learner_and_a_name_makes_a_guest(serve: Serve, database_url: str) -> None:
    client = held(serve(storage=Database(database_url)))
    room = client.post("/v1/rooms", json=CHOSEN).json()
    own, named = join(client, room).json(), join(client, room, name="Bob").json()
    assert (own["token"], named["token"].partition("_")[0]) == (None, "crossdrill")
    assert [item["id"] for item in client.get("/v1/drills").json()["items"]] == [own["drill"]["id"]]
