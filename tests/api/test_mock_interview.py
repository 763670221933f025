"""A mock interview through REST alone: a coach opens a room, two candidates join, and everybody sees what they should."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.api.conftest import Serve
from tests.api.contract import Json, document, held
from tests.api.people import Person, enrolled

START = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
ROOM = {
    "title": "Data scientist, first round",
    "blueprint": {"minutes": 20, "feedback": "at-end", "hints": False, "pause": False, "interview": True},
    "problems": [
        {"family": "cross-entropy-one-hot", "preset": "mock-question"},
        {"family": "ce-from-logits", "parameters": {"logits": ["2", "1", "0.1"], "target": 0}},
        {"family": "gradient-logits", "parameters": {"logits": ["2", "1", "0.1"], "target": 0}},
    ],
}
LOSS, IN_BITS = "0.357", "0.5146"
CE, GRADIENT = "0.417", ["-0.341", "0.242", "0.0986"]
SAID = "Through the softmax:\nits denominator | has them all."


@dataclass(slots=True)
class Clock:
    """The time of the service, which a test moves."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(slots=True)
class Candidate:
    """Someone at work on their drill."""

    client: TestClient
    person: Person
    drill: Json

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers={**self.person.headers, **headers})

    def next(self) -> Json:
        response = self.client.post(f"/v1/drills/{self.drill['id']}/next", headers=self.person.headers)
        assert response.status_code == 201, response.text
        problem: Json = response.json()
        return problem

    def answer(self, problem: Json, value: object) -> Json:
        [part] = problem["parts"]
        body = {"answers": {part["name"]: value}, "confidence": 0.9}
        response = self.client.post(f"/v1/problems/{problem['id']}/attempts", json=body, headers=self.person.headers)
        assert response.status_code == 201, response.text
        attempt: Json = response.json()
        return attempt

    def say(self, problem: Json, answer: str) -> None:
        path, body = f"/v1/problems/{problem['id']}/follow-up", {"answer": answer}
        assert self.client.post(path, json=body, headers=self.person.headers).status_code == 201


@dataclass(slots=True)
class Interview:
    """The room with everybody in it, and what they were asked."""

    client: TestClient
    clock: Clock
    coach: Person
    room: Json
    ada: Candidate
    bob: Candidate
    hers: list[Json]
    his: list[Json]

    def results(self, accept: str = "application/json", language: str = "en") -> Response:
        headers = {**self.coach.headers, "accept": accept, "accept-language": language}
        response = self.client.get(f"/v1/rooms/{self.room['code']}/results", headers=headers)
        assert response.status_code == 200, response.text
        return response

    def end(self) -> None:
        """Let the time run out, and let Bob answer once more a minute after that."""
        self.clock.now = START + timedelta(minutes=21)
        late = self.bob.answer(self.his[2], GRADIENT)
        assert (late["late"], late["counted"], late["verdict"]) == (True, False, "right")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(serve: Serve, database_url: str, clock: Clock) -> TestClient:
    unlimited = {"rate_caller": "", "rate_address": "", "rate_expensive": "", "rate_failures": ""}
    client = serve(storage=Database(database_url), access="tokens", **unlimited)
    assert isinstance(client.app, FastAPI)
    client.app.state.context = replace(client.app.state.context, clock=clock)
    return held(client)


@pytest.fixture
def interview(client: TestClient, clock: Clock) -> Interview:
    """Play it up to the last minute: Ada answers all, one of it in bits at first; Bob in bits, one right, one not at all."""
    coach, ada_herself = enrolled(client, "Coach", role="coach"), enrolled(client, "Ada")
    room = client.post("/v1/rooms", json=ROOM, headers=coach.headers).json()
    path = f"/v1/rooms/{room['code']}/drills"
    ada = Candidate(client, ada_herself, client.post(path, headers=ada_herself.headers, json={}).json()["drill"])
    joined = client.post(path, json={"name": "Bob | the =guest"}).json()
    bob = Candidate(client, Person("", joined["token"]), joined["drill"])
    hers, his = [ada.next()], [bob.next()]
    clock.pass_by(seconds=40)
    ada.answer(hers[0], IN_BITS)
    ada.answer(hers[0], LOSS)
    bob.answer(his[0], IN_BITS)
    ada.say(hers[0], SAID)
    for _ in range(2):
        hers.append(ada.next())
        his.append(bob.next())
    clock.pass_by(seconds=80)
    ada.answer(hers[1], CE)
    ada.answer(hers[2], GRADIENT)
    bob.answer(his[1], CE)
    return Interview(client, clock, coach, room, ada, bob, hers, his)


def verdicts(candidate: Json) -> list[str | None]:
    return [result["verdict"] for result in candidate["results"]]


def test_both_candidates_are_asked_the_same_without_a_word_on_what_comes(interview: Interview) -> None:
    for hers, his in zip(interview.hers, interview.his, strict=True):
        assert (hers["family"], hers["parameters"], hers["prompt"]) == (his["family"], his["parameters"], his["prompt"])
        assert hers["id"] != his["id"]


def test_the_coach_sees_live_what_candidates_are_not_told(interview: Interview) -> None:
    ada, bob = interview.results().json()["candidates"]
    assert (ada["name"], ada["guest"], ada["state"], bob["guest"]) == ("Ada", False, "running", True)
    assert verdicts(ada) == ["right", "right", "right"]
    assert verdicts(bob) == ["wrong", "right", None]
    assert ada["results"][0]["misconceptions"] == bob["results"][0]["misconceptions"] == ["wrong-log-base-2"]
    assert [result["seconds"] for result in bob["results"]] == [40.0, 80.0, None]
    assert (ada["credit"], ada["possible"], bob["credit"], bob["possible"]) == (3.0, 3, 1.0, 3)


def test_the_results_of_each_problem_are_summed_up(interview: Interview) -> None:
    first, second, third = interview.results().json()["questions"]
    assert [(q["answered"], q["right"], q["median_seconds"]) for q in (first, second, third)] == [
        (2, 1, 40.0),
        (2, 2, 80.0),
        (1, 1, 80.0),
    ]
    [mistake] = first["misconceptions"]
    assert (mistake["code"], mistake["candidates"]) == ("wrong-log-base-2", 2)
    assert mistake["why"]["text"]


def test_after_the_end_the_reports_say_what_the_scorecard_says(interview: Interview) -> None:
    interview.end()
    for candidate, row in zip((interview.ada, interview.bob), interview.results().json()["candidates"], strict=True):
        report = candidate.get(f"/v1/drills/{candidate.drill['id']}/report").json()
        assert report["final"]
        assert (report["score"]["credit"], report["score"]["possible"]) == (row["credit"], row["possible"])
        assert [item["verdict"] for item in report["problems"]] == verdicts(row)
        assert [item["seconds"] for item in report["problems"]] == [result["seconds"] for result in row["results"]]
    assert (row["state"], row["results"][2]["late"]) == ("finished", 1)


def test_a_mark_of_the_coach_is_in_the_scorecard_and_the_candidates_report(interview: Interview) -> None:
    body = {"problem_id": interview.hers[0]["id"], "mark": 0.75, "remark": "Clear."}
    path = f"/v1/rooms/{interview.room['code']}/marks"
    assert interview.client.post(path, json=body, headers=interview.coach.headers).json()["mark"] == 0.75
    interview.end()
    result = interview.results().json()["candidates"][0]["results"][0]
    assert (result["follow_up_answer"], result["mark"], result["remark"]) == (SAID, 0.75, "Clear.")
    report = interview.ada.get(f"/v1/drills/{interview.ada.drill['id']}/report", accept="text/markdown").text
    assert "0.75" in report
    assert "Clear." in report


def test_the_scorecard_in_markdown_shows_everybody_with_what_they_typed_as_text(interview: Interview) -> None:
    interview.end()
    english, chinese = (interview.results("text/markdown", language).text for language in ("en", "zh"))
    assert english.startswith("# Scorecard: Data scientist, first round\n")
    assert "| Ada | 2026-11-20 21:00 | finished | 3 of 3 | 100% | 0 | 0 | – |" in english
    assert "| Bob \\| the =guest (guest) | 2026-11-20 21:00 | finished | 1 of 3 | 33% | 1 | 0 | – |" in english
    assert "> Through the softmax:\n  > its denominator \\| has them all." in english
    assert "wrong-log-base-2" in english
    assert "| Ada | 2026-11-20 21:00 | 已结束 | 3 / 3 | 100% | 0 | 0 | – |" in chinese


def test_the_scorecard_in_csv_has_a_row_for_each_candidate_and_problem(interview: Interview) -> None:
    interview.end()
    response = interview.results("text/csv")
    header, *rows = response.text.rstrip().split("\r\n")
    assert header.startswith("room,candidate,guest,drill_id,drill_state,position,problem_id,family")
    assert len(rows) == 6
    assert [row.split(",")[1] for row in rows if row.startswith(interview.room["code"])] == ["Ada"] * 3 + [
        "Bob | the =guest"
    ] * 3
    assert f"crossdrill-room-{interview.room['code']}.csv" in response.headers["content-disposition"]


# No call tells a candidate what they may not know.

SECRETS = ("verdict", "credit", "misconception")
TRUTHS = re.compile(r"0\.3566|0\.4170|0\.417029|0\.3409|wrong-log-base-2")
THEIR_OWN = {
    "/v1/attempts/{attempt_id}",
    "/v1/drills",
    "/v1/drills/{drill_id}",
    "/v1/problems/{problem_id}",
    "/v1/problems/{problem_id}/attempts",
    "/v1/problems/{problem_id}/follow-up",
    "/v1/rooms/{code}",
}
OPEN_TO_ALL = {
    *("/v1/families", "/v1/families/{slug}", "/v1/topics", "/v1/topics/{topic}", "/v1/drills/presets"),
    *("/livez", "/readyz"),
}


def paths(interview: Interview) -> Iterator[tuple[str, str]]:
    """Yield every path that is read, with its template, filled with what belongs to either candidate."""
    both = ((interview.ada, interview.hers[0]), (interview.bob, interview.his[0]))
    for template, methods in document()["paths"].items():
        if "get" in methods and not template.startswith("/v1/export") and template not in OPEN_TO_ALL:
            for filled in dict.fromkeys(template.format(**ids_of(interview, *one)) for one in both):
                yield template, filled


def ids_of(interview: Interview, candidate: Candidate, problem: Json) -> dict[str, str]:
    """Return what the parameters of a path can name."""
    return {
        "drill_id": candidate.drill["id"],
        "problem_id": problem["id"],
        "attempt_id": candidate.get(f"/v1/problems/{problem['id']}/attempts").json()["items"][0]["id"],
        "report_id": reported(candidate, problem),
        "learner_id": candidate.person.id,
        "code": interview.room["code"],
        "slug": "cross-entropy-one-hot",
        "date": f"{START:%Y-%m-%d}",
    }


def reported(candidate: Candidate, problem: Json) -> str:
    """Return the id of the report that a candidate makes on a problem."""
    path, body = f"/v1/problems/{problem['id']}/reports", {"remark": "I think that the key is wrong."}
    response = candidate.client.post(path, json=body, headers={**candidate.person.headers, "idempotency-key": problem["id"]})
    assert response.status_code == 201, response.text
    report_id: str = response.json()["id"]
    return report_id


def told(content: Any) -> Iterator[object]:  # noqa: ANN401 - whatever JSON holds
    """Yield what an answer says of verdicts, credit or misconceptions, wherever it stands."""
    if isinstance(content, dict):
        for name, value in content.items():
            if name in SECRETS and value is not None:
                yield value
            yield from told(value)
    elif isinstance(content, list):
        for value in content:
            yield from told(value)


@pytest.mark.parametrize("who", ["ada", "bob"])
def test_no_call_shows_a_candidate_the_truth_or_the_other_before_the_end(interview: Interview, who: str) -> None:
    itself, other = (interview.ada, interview.bob) if who == "ada" else (interview.bob, interview.ada)
    theirs = [other.drill["id"], *(problem["id"] for problem in (interview.his if who == "ada" else interview.hers))]
    name, answered = "Bob" if who == "ada" else "Ada", set()
    for template, path in paths(interview):
        for accept in ("application/json", "text/markdown", "text/csv"):
            response = itself.get(path, accept=accept)
            text = response.text.replace(path, "")
            assert not TRUTHS.search(text), template
            assert name not in text, template
            assert not any(other_id in text for other_id in theirs), template
            if response.headers.get("content-type") == "application/json":
                assert list(told(response.json())) == [], template
            if any(other_id in path for other_id in theirs):
                assert response.status_code in {403, 404}, template
            elif response.status_code == 200:
                answered.add(template)
    assert answered >= THEIR_OWN
