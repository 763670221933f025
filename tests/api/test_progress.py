"""Progress and calibration over REST, with a clock of the test's own; on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.services.blueprints import Blueprint
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER
from tests.api.conftest import Refused, Serve
from tests.api.contract import MOCK, Json, attempted, document, held, posed
from tests.api.drilling import MOCK_ITEM, Clock, handed_out, moved, on_a_clock_of_its_own, planted
from tests.api.people import enrolled

WEDNESDAY = datetime(2026, 11, 18, 20, tzinfo=UTC)
FRIDAY = WEDNESDAY + timedelta(days=2)
RIGHT, IN_BITS = "0.357", "0.5146"
SINCE = "/v1/progress/calibration?since="


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url)))


@pytest.fixture
def clock(client: TestClient) -> Clock:
    clock = on_a_clock_of_its_own(client)
    clock.now = WEDNESDAY
    return clock


def shown(client: TestClient, query: str = "", language: str = "en") -> Json:
    response = client.get(f"/v1/progress{query}", headers={"accept-language": language})
    assert response.status_code == 200, response.text
    progress: Json = response.json()
    return progress


def practised(client: TestClient, clock: Clock, value: str, seconds: float = 30, confidence: float | None = None) -> Json:
    """Answer the mock question, in a minute and right in the end, and return the problem."""
    problem = posed(client)
    clock.advance(60)
    sent = {"answers": {"loss": value}, "duration_ms": round(seconds * 1000)}
    given = {} if confidence is None else {"confidence": confidence}
    assert client.post(f"/v1/problems/{problem['id']}/attempts", json={**sent, **given}).status_code == 201
    if value != RIGHT:
        attempted(client, problem, RIGHT)
    return problem


def by_name(rows: list[Json], key: str) -> dict[str, Any]:
    return {row[key]: row for row in rows}


def test_the_example_is_what_two_evenings_of_practice_come_to(client: TestClient, clock: Clock) -> None:
    client.patch("/v1/me", json={"time_zone": "Europe/London"})
    practised(client, clock, IN_BITS, seconds=95)
    for number, (value, seconds) in enumerate([(IN_BITS, 62), (RIGHT, 41), (RIGHT, 33)]):
        clock.now = FRIDAY + timedelta(minutes=2 * number)
        practised(client, clock, value, seconds)
    [example] = document()["components"]["schemas"]["ProgressOut"]["examples"]
    assert plain(shown(client, "?topic=cross-entropy")) == plain(example)


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a document without ids and with short numbers and texts."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if name != "problem_id"}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, str):
        return value[:35]
    return round(value, 4) if isinstance(value, float) else value


def test_who_never_practised_has_every_topic_before_them(client: TestClient, clock: Clock) -> None:
    progress = shown(client)
    assert {(topic["mastery"], topic["problems"], topic["last_practised"]) for topic in progress["topics"]} == {(0.2, 0, None)}
    assert (progress["families"], progress["misconceptions"]) == ([], {"persisting": [], "overcome": []})
    assert [week["accuracy"] for week in progress["weeks"]] == [None] * 12
    assert (progress["days"], progress["streak"]["current"]) == ({}, 0)


def test_a_mistake_persists_with_its_last_problem_and_its_reason_in_the_readers_language(
    client: TestClient, clock: Clock
) -> None:
    problems = [practised(client, clock, IN_BITS)["id"] for _ in range(2)]
    [english], [chinese] = (shown(client, language=each)["misconceptions"]["persisting"] for each in ("en", "zh"))
    assert (english["code"], english["problem_id"]) == ("wrong-log-base-2", problems[-1])
    assert client.get(f"/v1/problems/{english['problem_id']}").status_code == 200
    assert "logarithm" in english["why"]["text"]
    assert "对数" in chinese["why"]["text"]


def test_a_mistake_is_overcome_by_three_in_a_row(client: TestClient, clock: Clock) -> None:
    for value in (IN_BITS, IN_BITS, RIGHT, RIGHT, RIGHT):
        practised(client, clock, value)
    found = shown(client)["misconceptions"]
    assert ([each["code"] for each in found["overcome"]], found["persisting"]) == (["wrong-log-base-2"], [])


def test_the_first_try_counts_and_later_ones_solve(client: TestClient, clock: Clock) -> None:
    practised(client, clock, IN_BITS)
    [family] = shown(client)["families"]
    assert (family["problems"], family["first_try_right"], family["solved"], family["mastered"]) == (1, 0, 1, False)


def test_what_was_revealed_without_an_answer_is_a_problem_and_no_practice(client: TestClient, clock: Clock) -> None:
    client.post(f"/v1/problems/{posed(client)['id']}/solution")
    progress = shown(client)
    [family] = progress["families"]
    assert (family["problems"], family["answered"], family["mastery"]) == (1, 0, 0.2)
    assert (progress["days"], progress["weeks"][-1]["problems"]) == ({}, 0)


def test_one_topic_has_its_own_families_and_weeks_and_the_days_of_all(client: TestClient, clock: Clock) -> None:
    practised(client, clock, RIGHT)
    other = posed(client, {"family": "softmax", "preset": "three-routes"})
    attempted(client, other, ["0.659001", "0.242433", "0.0985659"])
    progress = shown(client, "?topic=logits")
    assert [topic["topic"] for topic in progress["topics"]] == ["logits"]
    assert [family["family"] for family in progress["families"]] == ["softmax"]
    assert progress["weeks"][-1]["problems"] == 1
    assert progress["days"] == {"2026-11-18": 2}


@pytest.mark.parametrize(("language", "said"), [("en", "There is no topic"), ("zh", "这个主题")])
def test_a_topic_that_is_none_is_refused(client: TestClient, refused: Refused, language: str, said: str) -> None:
    response = client.get("/v1/progress?topic=zebra", headers={"accept-language": language})
    [error] = refused(response, 422, "invalid-input")["errors"]
    assert error["pointer"] == "/topic"
    assert said in error["detail"]


def test_nothing_of_a_withheld_answer_shows_before_the_drill_ends(client: TestClient, clock: Clock) -> None:
    blank, unsure = shown(client), client.get("/v1/progress/calibration").json()
    drill = planted(client, str(LOCAL_LEARNER), Blueprint(length=1, feedback="at-end"), (MOCK_ITEM,), clock.now)
    problem = handed_out(client, drill)
    sent = {"answers": {"loss": IN_BITS}, "confidence": 0.9}
    assert client.post(f"/v1/problems/{problem['id']}/attempts", json=sent).status_code == 201
    assert (shown(client), client.get("/v1/progress/calibration").json()) == (blank, unsure)
    moved(client, drill, "finish")
    assert shown(client)["families"][0]["answered"] == 1
    assert client.get("/v1/progress/calibration").json()["overall"]["count"] == 1


def test_a_day_is_a_day_of_the_learner(client: TestClient, clock: Clock) -> None:
    """At 10:30 UTC it is the day before at UTC−12, and the day after at UTC+14."""
    clock.now = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
    practised(client, clock, RIGHT)
    days = {}
    for zone in ("Etc/GMT+12", "UTC", "Pacific/Kiritimati"):
        client.patch("/v1/me", json={"time_zone": zone})
        progress = shown(client)
        days[zone] = (progress["today"], *progress["days"])
    assert days == {
        "Etc/GMT+12": ("2026-11-17", "2026-11-17"),
        "UTC": ("2026-11-18", "2026-11-18"),
        "Pacific/Kiritimati": ("2026-11-19", "2026-11-19"),
    }


def test_weeks_have_the_names_of_iso_8601(client: TestClient, clock: Clock) -> None:
    clock.now = datetime(2027, 1, 5, tzinfo=UTC)
    assert [(week["week"], week["monday"]) for week in shown(client)["weeks"][-2:]] == [
        ("2026-W53", "2026-12-28"),
        ("2027-W01", "2027-01-04"),
    ]


def test_the_streak_is_not_told_to_who_does_not_want_it(client: TestClient, clock: Clock) -> None:
    practised(client, clock, RIGHT)
    assert shown(client)["streak"]["current"] == 1
    client.patch("/v1/me", json={"streak": False})
    assert shown(client)["streak"] is None


def test_progress_is_sent_again_when_something_changed_or_a_day_has_begun(client: TestClient, clock: Clock) -> None:
    practised(client, clock, RIGHT)
    tag = client.get("/v1/progress").headers["etag"]
    clock.advance(3600)
    assert client.get("/v1/progress", headers={"if-none-match": tag}).status_code == 304
    clock.advance(86_400)
    assert client.get("/v1/progress", headers={"if-none-match": tag}).status_code == 200
    clock.advance(-86_400)
    practised(client, clock, RIGHT)
    assert client.get("/v1/progress", headers={"if-none-match": tag}).status_code == 200


def test_the_example_of_a_calibration_is_that_of_forty_such_answers(client: TestClient, clock: Clock) -> None:
    for confidence, rights in ((0.8, 12), (0.9, 14)):
        for number in range(20):
            practised(client, clock, RIGHT if number < rights else IN_BITS, confidence=confidence)
    [example] = document()["components"]["schemas"]["CalibrationOut"]["examples"]
    real = client.get("/v1/progress/calibration").json()
    assert plain(real) == plain(example)
    assert real["reading"] == example["reading"]


def test_certainty_that_was_wrong_is_an_infinite_loss_as_text(client: TestClient, clock: Clock) -> None:
    practised(client, clock, IN_BITS, confidence=1)
    overall = client.get("/v1/progress/calibration").json()["overall"]
    assert (overall["log_loss"], overall["brier"], overall["bins"][-1]["count"]) == ("inf", 1.0, 1)


def test_without_a_confidence_there_is_no_calibration(client: TestClient, clock: Clock) -> None:
    practised(client, clock, RIGHT)
    found = client.get("/v1/progress/calibration").json()
    assert (found["reading"]["code"], found["overall"]["log_loss"], found["topics"]) == ("none", None, [])


def test_a_calibration_may_begin_at_a_time(client: TestClient, clock: Clock) -> None:
    practised(client, clock, RIGHT, confidence=0.8)
    clock.now = FRIDAY
    practised(client, clock, RIGHT, confidence=0.6)
    later = client.get(f"{SINCE}2026-11-20T21:01:00%2B01:00").json()["overall"]
    assert (later["count"], later["mean_confidence"]) == (1, 0.6)
    assert client.get(f"{SINCE}2026-11-20T20:01:00.000001Z").json()["overall"]["count"] == 0


def test_a_time_without_a_zone_is_refused(client: TestClient, refused: Refused) -> None:
    [error] = refused(client.get(f"{SINCE}2026-11-20T20:01:00"), 422, "invalid-input")["errors"]
    assert error["pointer"] == "/since"


def test_learners_see_their_own_alone(serve: Serve, database_url: str) -> None:
    client = held(serve(storage=Database(database_url), access="tokens"))
    ann, bob = enrolled(client, "Ann"), enrolled(client, "Bob", role="admin")
    attempted(client, posed(client, MOCK, headers=ann.headers), RIGHT, headers=ann.headers)
    counts = [len(client.get("/v1/progress", headers=each.headers).json()["families"]) for each in (ann, bob)]
    assert counts == [1, 0]


@pytest.mark.parametrize("path", ["/v1/progress", "/v1/progress/calibration"])
def test_guests_have_none(serve: Serve, database_url: str, refused: Refused, path: str) -> None:
    client = held(serve(storage=Database(database_url), access="tokens"))
    coach = enrolled(client, "Cho", role="coach")
    room = client.post("/v1/rooms", json={"preset": "warm-up"}, headers=coach.headers).json()
    token = client.post(f"/v1/rooms/{room['code']}/drills", json={"name": "Gus"}).json()["token"]
    refused(client.get(path, headers={"authorization": f"Bearer {token}"}), 403, "guest")
