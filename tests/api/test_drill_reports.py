"""Reports of drills over REST: to whom, when, and in which format."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.services.blueprints import Blueprint
from app.services.plans import PlanItem
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER
from tests.api.conftest import Refused, Serve
from tests.api.contract import Json, answer, attempted, document, held, rows_of
from tests.api.drilling import Clock, handed_out, moved, on_a_clock_of_its_own, planted, started
from tests.api.people import enrolled

MOCK = PlanItem("cross-entropy-one-hot", 2, None, "mock-question")
FORMATS = ("application/json", "text/markdown", "text/csv")


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url)))


@pytest.fixture
def clock(client: TestClient) -> Clock:
    return on_a_clock_of_its_own(client)


def asked(client: TestClient, drill_id: str, accept: str = "application/json", **headers: str) -> Response:
    return client.get(f"/v1/drills/{drill_id}/report", headers={"accept": accept, **headers})


def reported(client: TestClient, drill_id: str) -> Json:
    response = asked(client, drill_id)
    assert response.status_code == 200, response.text
    report: Json = response.json()
    return report


def mocked(client: TestClient, clock: Clock, count: int = 2, **terms: Any) -> str:  # noqa: ANN401 - any of a blueprint's fields
    """Return the id of a new drill that asks the mock question again and again."""
    return planted(client, str(LOCAL_LEARNER), Blueprint(length=count, **terms), (MOCK,) * count, clock.now)


def finished(client: TestClient, clock: Clock) -> str:
    """Return the id of a drill that ended after two minutes: the first problem answered in bits, the second never taken."""
    drill_id = mocked(client, clock)
    problem = handed_out(client, drill_id)
    clock.advance(60)
    body = {"answers": {"loss": "0.5146"}, "confidence": 0.9, "duration_ms": 41_000}
    assert client.post(f"/v1/problems/{problem['id']}/attempts", json=body).status_code == 201
    clock.advance(60)
    moved(client, drill_id, "finish")
    return drill_id


def test_the_example_is_the_report_of_such_a_drill(client: TestClient, clock: Clock) -> None:
    [example] = document()["components"]["schemas"]["DrillReportOut"]["examples"]
    report = reported(client, finished(client, clock))
    assert told(report) == told(example)


def told(report: Json) -> Json:
    """Return what a report says, without its ids and times and without the long texts."""

    def plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        if isinstance(value, Mapping):
            left_out = ("drill_id", "problem_id", "solution", "started_at", "finished_at", "submitted_at", "why", "prompt")
            return {name: plain(item) for name, item in value.items() if name not in left_out}
        return [plain(item) for item in value] if isinstance(value, list) else value

    found: Json = plain(report)
    return found


def test_a_report_leads_to_the_solutions(client: TestClient, clock: Clock) -> None:
    [problem] = reported(client, finished(client, clock))["problems"]
    assert client.post(problem["solution"]).json()["truth"] == problem["truth"]


def test_what_is_advised_can_be_asked_for_as_it_stands(client: TestClient, clock: Clock) -> None:
    advice = reported(client, finished(client, clock))["advice"]
    assert client.post("/v1/problems", json=advice["weaknesses"][0]["problem"]).status_code == 201
    for body in (advice["drill"], advice["topic"]["drill"]):
        assert client.post("/v1/drills", json=body).status_code == 201


def test_the_three_formats_agree(client: TestClient, clock: Clock) -> None:
    drill_id = finished(client, clock)
    report = reported(client, drill_id)
    [row] = csv.DictReader(StringIO(asked(client, drill_id, "text/csv").text, newline=""))
    [problem] = report["problems"]
    markdown = asked(client, drill_id, "text/markdown").text
    same = ("problem_id", "family", "title", "state", "verdict")
    assert [row[name] for name in same] == [problem[name] for name in same]
    assert (float(row["credit"]), float(row["seconds"])) == (problem["credit"], problem["seconds"])
    assert (row["answer"], float(row["truth"])) == (problem["answers"][0]["submitted"]["loss"], problem["truth"]["loss"])
    assert row["misconceptions"] == problem["mistakes"][0]["code"]
    assert f"| 1 | {problem['title']} | 2 | {problem['verdict']} | 0 | 1 | 0 | 0:41 | 1:00 |" in markdown
    assert problem["mistakes"][0]["why"]["markdown"] in markdown


@pytest.mark.parametrize(("media_type", "suffix"), [("application/json", "json"), ("text/markdown", "md"), ("text/csv", "csv")])
def test_each_format_has_its_type_a_name_to_save_it_under_and_a_tag(
    client: TestClient, clock: Clock, media_type: str, suffix: str
) -> None:
    drill_id = finished(client, clock)
    response = asked(client, drill_id, media_type)
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert response.headers["content-disposition"] == f'inline; filename="crossdrill-drill-{drill_id}.{suffix}"'
    assert "Accept" in response.headers["vary"]
    again = asked(client, drill_id, media_type, **{"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_tag_is_good_for_one_format(client: TestClient, clock: Clock) -> None:
    drill_id = finished(client, clock)
    assert len({asked(client, drill_id, media_type).headers["etag"] for media_type in FORMATS}) == 3


def test_another_format_is_not_to_be_had(client: TestClient, clock: Clock, refused: Refused) -> None:
    refused(asked(client, finished(client, clock), "application/pdf"), 406, "not-acceptable")


def test_it_speaks_the_language_that_is_asked_for(client: TestClient, clock: Clock) -> None:
    drill_id = finished(client, clock)
    chinese = asked(client, drill_id, **{"accept-language": "zh"}).json()
    assert (chinese["language"], chinese["problems"][0]["title"]) == ("zh", "独热目标的交叉熵")
    assert "练习报告" in asked(client, drill_id, "text/markdown", **{"accept-language": "zh"}).text


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("paused", [False, True])
def test_with_feedback_at_the_end_nothing_is_told_before(
    client: TestClient, clock: Clock, refused: Refused, media_type: str, *, paused: bool
) -> None:
    drill_id = mocked(client, clock, feedback="at-end")
    attempted(client, handed_out(client, drill_id), "0.357")
    if paused:
        moved(client, drill_id, "pause")
    refused(asked(client, drill_id, media_type), 409, "withheld")


def test_with_feedback_at_once_a_running_drill_has_a_report_so_far(client: TestClient, clock: Clock) -> None:
    drill_id = mocked(client, clock)
    attempted(client, handed_out(client, drill_id), "0.5146")
    clock.advance(30)
    report = reported(client, drill_id)
    assert (report["final"], report["state"], report["score"]["possible"], report["score"]["seconds"]) == (
        False,
        "running",
        1,
        30,
    )
    assert (report["problems"][0]["truth"], report["problems"][0]["solution"]) == (None, None)
    assert "0.356" not in "".join(asked(client, drill_id, media_type).text for media_type in FORMATS)


def test_a_drill_whose_time_is_over_ends_when_its_report_is_read(client: TestClient, clock: Clock) -> None:
    drill_id = mocked(client, clock, minutes=1.0, feedback="at-end")
    problem = handed_out(client, drill_id)
    attempted(client, problem, "0.357")
    clock.advance(60)
    late = answer(client, problem, "0.5146").json()
    report = reported(client, drill_id)
    assert (report["final"], report["score"]["right"], report["score"]["late"], report["score"]["seconds"]) == (True, 1, 1, 60)
    assert (late["counted"], late["late"]) == (False, True)
    assert report["finished_at"] == "2100-01-01T00:01:00Z"


def test_reading_it_changes_nothing(client: TestClient, clock: Clock) -> None:
    drill_id = finished(client, clock)
    tables = ("drills", "problems", "attempts", "outcomes", "reviews", "review_log")
    before = rows_of(client, *tables)
    assert reported(client, drill_id) == reported(client, drill_id)
    assert rows_of(client, *tables) == before


def test_anothers_drill_has_no_report(serve: Serve, database_url: str, refused: Refused) -> None:
    client = held(serve(storage=Database(database_url), access="tokens"))
    ada, bob = enrolled(client, "Ada"), enrolled(client, "Bob")
    drill = started(client, {"preset": "warm-up"}, headers=ada.headers)
    path = f"/v1/drills/{drill['id']}/report"
    assert client.get(path, headers=ada.headers).status_code == 200
    refused(client.get(path, headers=bob.headers), 404, "not-found")
    refused(client.get(path), 401, "unauthenticated")


def test_certainty_that_was_wrong_is_an_infinite_loss_as_text(client: TestClient, clock: Clock) -> None:
    drill_id = mocked(client, clock, 1)
    problem = handed_out(client, drill_id)
    client.post(f"/v1/problems/{problem['id']}/attempts", json={"answers": {"loss": "2"}, "confidence": 1})
    moved(client, drill_id, "finish")
    assert reported(client, drill_id)["calibration"]["log_loss"] == "inf"
