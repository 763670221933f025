"""Drills over REST: starting, going on, pausing, ending."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.services.blueprints import Blueprint
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER
from tests.api.conftest import Refused, Serve
from tests.api.contract import Json, answer, attempted, document, held, rows_of
from tests.api.drilling import MOCK_ITEM, Clock, handed_out, moved, on_a_clock_of_its_own, planted, started
from tests.api.people import Person, enrolled

WARM_UP = {"preset": "warm-up"}
MINUTE = {"blueprint": {"length": 2, "minutes": 1}}


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url)))


@pytest.fixture
def clock(client: TestClient) -> Clock:
    return on_a_clock_of_its_own(client)


@pytest.fixture
def guarded(serve: Serve, database_url: str) -> TestClient:
    """Give a client of a service that wants tokens."""
    return held(serve(storage=Database(database_url), access="tokens"))


@pytest.fixture
def ada(guarded: TestClient) -> Person:
    return enrolled(guarded, "Ada")


@pytest.fixture
def bob(guarded: TestClient) -> Person:
    return enrolled(guarded, "Bob")


def shown(client: TestClient, drill: Json) -> Json:
    response = client.get(f"/v1/drills/{drill['id']}")
    assert response.status_code == 200
    document: Json = response.json()
    return document


def test_a_new_drill_shows_its_blueprint_resolved_and_where_it_is(client: TestClient, clock: Clock) -> None:
    response = client.post("/v1/drills", json={"preset": "screen-15min", "blueprint": {"topics": ["gradients"]}})
    drill = response.json()
    assert response.headers["location"] == f"/v1/drills/{drill['id']}"
    assert (drill["preset"], drill["blueprint"]["topics"], drill["blueprint"]["minutes"]) == ("screen-15min", ["gradients"], 15)
    assert (drill["state"], drill["shown"], drill["length"], drill["remaining_seconds"]) == ("running", 0, 10, 900)
    assert (drill["started_at"], drill["ends_at"]) == ("2100-01-01T00:00:00Z", "2100-01-01T00:15:00Z")
    assert (drill["problems"], drill["current_problem_id"], drill["room"]) == ([], None, None)
    assert client.get(response.headers["location"]).json() == drill


def test_nothing_asked_for_is_ten_problems_without_a_clock(client: TestClient) -> None:
    drill = started(client, {})
    assert (drill["length"], drill["blueprint"]["length"], drill["ends_at"], drill["preset"]) == (10, 10, None, None)


def test_the_presets_are_listed_with_their_blueprints_in_both_languages(client: TestClient) -> None:
    presets = client.get("/v1/drills/presets").json()["items"]
    assert [preset["name"] for preset in presets] == [
        "sprint-60s",
        "warm-up",
        "screen-15min",
        "on-site-45min",
        "gradients-only",
        "missed-only",
    ]
    for preset in presets:
        assert all(preset[text][language] for text in ("title", "about") for language in ("en", "zh"))
        if preset["name"] != "missed-only":
            assert started(client, {"preset": preset["name"]})["blueprint"] == preset["blueprint"]


def test_the_documents_defaults_are_what_an_empty_blueprint_becomes(client: TestClient) -> None:
    properties = document()["components"]["schemas"]["BlueprintIn"]["properties"]
    defaults = {name: schema.get("default") for name, schema in properties.items()}
    assert started(client, {"blueprint": {}})["blueprint"] == {**defaults, "length": 10}


def test_problems_come_in_order_and_stay_readable(client: TestClient) -> None:
    drill = started(client, WARM_UP)
    problems = [handed_out(client, drill["id"]) for _ in range(5)]
    assert [(problem["position"], problem["drill_id"]) for problem in problems] == [(n, drill["id"]) for n in range(1, 6)]
    now = shown(client, drill)
    assert [problem["id"] for problem in now["problems"]] == [problem["id"] for problem in problems]
    assert (now["current_problem_id"], now["shown"]) == (problems[-1]["id"], 5)
    assert client.get(f"/v1/problems/{problems[0]['id']}").json() == problems[0]


def test_after_the_last_problem_there_is_none(client: TestClient, refused: Refused) -> None:
    drill = started(client, {"blueprint": {"length": 1}})
    handed_out(client, drill["id"])
    refused(client.post(f"/v1/drills/{drill['id']}/next"), 409, "drill-complete")


def test_the_language_of_the_problems_can_be_chosen(client: TestClient) -> None:
    drill = started(client, {**WARM_UP, "language": "zh-Hant"})
    assert (drill["language"], handed_out(client, drill["id"])["language"]) == ("zh", "zh")


@pytest.mark.parametrize("path", ["", "/{id}/next", "/{id}/pause", "/{id}/finish"])
def test_a_repeated_request_happens_once(guarded: TestClient, ada: Person, path: str) -> None:
    drill = started(guarded, WARM_UP, headers=ada.headers)
    body = None if path else WARM_UP
    sent = [
        guarded.post(f"/v1/drills{path.format(id=drill['id'])}", json=body, headers=ada.with_key("again")) for _ in range(2)
    ]
    assert sent[0].status_code < 300
    assert (sent[0].status_code, sent[0].json()) == (sent[1].status_code, sent[1].json())
    assert sent[1].headers["idempotency-replayed"] == "true"
    assert len(rows_of(guarded, "problems")) == (1 if "next" in path else 0)


def test_a_pause_stops_the_clock_and_moves_the_end(client: TestClient, clock: Clock) -> None:
    drill = started(client, MINUTE)
    clock.advance(20)
    paused = moved(client, drill["id"], "pause")
    clock.advance(500)
    assert (paused["state"], paused["remaining_seconds"], shown(client, drill)["remaining_seconds"]) == ("paused", 40, 40)
    resumed = moved(client, drill["id"], "resume")
    assert (resumed["state"], resumed["paused_seconds"], resumed["remaining_seconds"]) == ("running", 500, 40)
    assert resumed["ends_at"] == "2100-01-01T00:09:20Z"


def test_what_a_pause_forbids_is_refused(client: TestClient, refused: Refused) -> None:
    drill = started(client, {"blueprint": {"length": 2, "families": ["cross-entropy-one-hot"]}})
    problem = handed_out(client, drill["id"])
    moved(client, drill["id"], "pause")
    refused(answer(client, problem, "0.357"), 409, "drill-paused")
    refused(client.post(f"/v1/problems/{problem['id']}/hints"), 409, "drill-paused")
    refused(client.post(f"/v1/problems/{problem['id']}/solution"), 409, "drill-paused")
    for step in ("next", "pause"):
        refused(client.post(f"/v1/drills/{drill['id']}/{step}"), 409, "drill-paused")
    assert client.get(f"/v1/problems/{problem['id']}").status_code == 200


def test_what_does_not_fit_a_drills_state_is_refused(client: TestClient, refused: Refused) -> None:
    sprint = started(client, {"preset": "sprint-60s"})["id"]
    refused(client.post(f"/v1/drills/{sprint}/pause"), 409, "pause-not-allowed")
    refused(client.post(f"/v1/drills/{sprint}/resume"), 409, "drill-running")
    ended = moved(client, sprint, "finish")
    for step in ("next", "pause", "resume"):
        refused(client.post(f"/v1/drills/{sprint}/{step}"), 409, "drill-finished")
    assert moved(client, sprint, "finish") == ended


def test_reading_a_drill_whose_time_is_over_ends_it_at_its_end(client: TestClient, clock: Clock) -> None:
    drill = started(client, MINUTE)
    handed_out(client, drill["id"])
    clock.advance(59.9)
    assert shown(client, drill)["state"] == "running"
    clock.advance(3600)
    ended = shown(client, drill)
    assert (ended["state"], ended["finished_at"], ended["remaining_seconds"]) == ("finished", drill["ends_at"], 0)
    assert [problem["state"] for problem in ended["problems"]] == ["expired"]


def test_listing_drills_ends_those_whose_time_is_over(client: TestClient, clock: Clock) -> None:
    drills = [started(client, wish) for wish in (MINUTE, WARM_UP)]
    clock.advance(60)
    listed = client.get("/v1/drills").json()["items"]
    assert [(drill["id"], drill["state"]) for drill in listed] == [
        (drills[1]["id"], "running"),
        (drills[0]["id"], "finished"),
    ]
    summary = {name: value for name, value in drills[1].items() if name not in {"room", "problems", "current_problem_id"}}
    assert listed[0] == summary


def test_drills_are_listed_page_by_page(client: TestClient) -> None:
    drills = [started(client, WARM_UP)["id"] for _ in range(3)]
    page = client.get("/v1/drills?limit=2")
    rest = client.get(page.links["next"]["url"]).json()["items"]
    assert [drill["id"] for drill in (*page.json()["items"], *rest)] == drills[::-1]


@pytest.mark.parametrize(("seconds", "late"), [(59.999, False), (60, True)])
def test_a_late_answer_is_stored_and_shown_with_its_verdict(
    client: TestClient, clock: Clock, seconds: float, late: bool
) -> None:
    blueprint = Blueprint(length=1, minutes=1, feedback="at-end")
    drill = planted(client, str(LOCAL_LEARNER), blueprint, (MOCK_ITEM,), clock.now)
    problem = handed_out(client, drill)
    clock.advance(seconds)
    attempt = attempted(client, problem, "0.357")
    assert (attempt["late"], attempt["counted"], attempt["withheld"]) == (late, not late, not late)
    assert attempt["verdict"] == ("right" if late else None)
    assert attempt["parts"]["loss"]["message"] != "" or not late


def test_feedback_at_once_judges_solves_and_expires_as_answers_come(client: TestClient, clock: Clock) -> None:
    drill = planted(client, str(LOCAL_LEARNER), Blueprint(length=2, tries=1), (MOCK_ITEM, MOCK_ITEM), clock.now)
    first, second = handed_out(client, drill), handed_out(client, drill)
    assert [attempted(client, p, text)["verdict"] for p, text in ((first, "0.357"), (second, "0.5146"))] == ["right", "wrong"]
    states = [problem["state"] for problem in client.get(f"/v1/drills/{drill}").json()["problems"]]
    assert states == ["solved", "expired"]
    assert client.post(f"/v1/problems/{second['id']}/solution").json()["state"] == "expired"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"preset": "zebra"}, "/preset"),
        ({"blueprint": {"length": 0}}, "/blueprint/length"),
        ({"blueprint": {"length": 101}}, "/blueprint/length"),
        ({"blueprint": {"length": 2.5}}, "/blueprint/length"),
        ({"blueprint": {"minutes": 0.4}}, "/blueprint/minutes"),
        ({"blueprint": {"minutes": 241}}, "/blueprint/minutes"),
        ({"blueprint": {"tries": 11}}, "/blueprint/tries"),
        ({"blueprint": {"levels": [0]}}, "/blueprint/levels/0"),
        ({"blueprint": {"tool": "abacus"}}, "/blueprint/tool"),
        ({"blueprint": {"feedback": None}}, "/blueprint/feedback"),
        ({"blueprint": {"zebra": 1}}, "/blueprint/zebra"),
        ({"blueprint": {"topics": ["zebra"]}}, "/blueprint/topics/0"),
        ({"blueprint": {"families": ["softmax", "zebra"]}}, "/blueprint/families/1"),
        ({"blueprint": {"last": "zebra"}}, "/blueprint/last"),
        ({"zebra": 1}, "/zebra"),
    ],
)
def test_a_field_at_fault_is_named(client: TestClient, refused: Refused, body: dict[str, Any], pointer: str) -> None:
    errors = refused(client.post("/v1/drills", json=body), 422, "invalid-input")["errors"]
    assert [error["pointer"] for error in errors] == [pointer]


def test_a_blueprint_that_no_problem_meets_names_the_condition(client: TestClient, refused: Refused) -> None:
    body = {"blueprint": {"topics": ["gradients"], "levels": [9]}}
    problem = refused(client.post("/v1/drills", json=body), 422, "unsatisfiable-blueprint")
    assert problem["errors"] == [{"pointer": "/blueprint/levels", "detail": "No problem meets this together with: topics."}]


def test_whoever_missed_nothing_has_nothing_to_repeat(client: TestClient, refused: Refused) -> None:
    response = client.post("/v1/drills", json={"preset": "missed-only"}, headers={"accept-language": "zh"})
    [error] = refused(response, 422, "unsatisfiable-blueprint")["errors"]
    assert error == {"pointer": "/preset", "detail": "最近没有做错的题目可供这次练习重做。"}


def test_anothers_drill_is_as_good_as_none(guarded: TestClient, ada: Person, bob: Person, refused: Refused) -> None:
    drill = started(guarded, WARM_UP, headers=ada.headers)["id"]
    handed_out(guarded, drill, headers=ada.headers)
    refused(guarded.get(f"/v1/drills/{drill}", headers=bob.headers), 404, "not-found")
    for step in ("next", "pause", "resume", "finish"):
        refused(guarded.post(f"/v1/drills/{drill}/{step}", headers=bob.headers), 404, "not-found")
    assert guarded.get("/v1/drills", headers=bob.headers).json() == {"items": []}
    assert len(rows_of(guarded, "problems")) == 1


def test_a_drill_goes_with_its_learner(guarded: TestClient, ada: Person) -> None:
    drill = started(guarded, WARM_UP, headers=ada.headers)["id"]
    handed_out(guarded, drill, headers=ada.headers)
    assert guarded.delete("/v1/me", headers=ada.headers).status_code == 204
    assert rows_of(guarded, "drills", "problems") == []


def test_a_guest_takes_the_drill_of_their_room_from_end_to_end(guarded: TestClient) -> None:
    coach = enrolled(guarded, "Coach", role="coach")
    terms = {"minutes": 20, "interview": True}
    problem = {"family": "cross-entropy-one-hot", "preset": "mock-question"}
    room = guarded.post("/v1/rooms", json={"blueprint": terms, "problems": [problem]}, headers=coach.headers).json()
    joined = guarded.post(f"/v1/rooms/{room['code']}/drills", json={"name": "Bob"}).json()
    bob = Person("", joined["token"])
    drill = joined["drill"]["id"]
    posed = handed_out(guarded, drill, headers=bob.headers)
    assert [moved(guarded, drill, step, headers=bob.headers)["state"] for step in ("pause", "resume")] == ["paused", "running"]
    assert attempted(guarded, posed, "0.357", headers=bob.headers)["verdict"] == "right"
    follow_up = f"/v1/problems/{posed['id']}/follow-up"
    assert guarded.post(follow_up, json={"answer": "Yes."}, headers=bob.headers).status_code == 201
    assert guarded.get(follow_up, headers=bob.headers).json()["answer"] == "Yes."
    ended = moved(guarded, drill, "finish", headers=bob.headers)
    assert (ended["state"], ended["room"]) == ("finished", room["code"])
    assert guarded.get(f"/v1/drills/{drill}", headers=bob.headers).json() == ended
    assert [listed["id"] for listed in guarded.get("/v1/drills", headers=bob.headers).json()["items"]] == [drill]
