"""Before the end of a drill that tells at its end, a right answer looks like a wrong one, wherever one looks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from httpx2 import Response
from starlette.testclient import TestClient

from app.main import ROUTERS
from app.services.blueprints import Blueprint
from app.services.plans import PlanItem, variant_of
from app.services.shelf import truths_to_json
from app.storage.database import Database
from tests.api.conftest import Refused, Serve
from tests.api.contract import Json, answer
from tests.api.drilling import MOCK_ITEM, Clock, handed_out, moved, on_a_clock_of_its_own, planted
from tests.api.people import enrolled
from tests.api.test_problems_secrecy import recognisable, told

TEXTS = RIGHT, WRONG, COARSE = "0.357", "0.5146", "0.36"
DAY = "2026-11-20"

EXAM = Blueprint(length=3, minutes=30, feedback="at-end", interview=True)
DRAWN = PlanItem("cross-entropy-one-hot", 3, "8c1f")
PLAN = (MOCK_ITEM, PlanItem("surprisal", 1, None, "panda"), DRAWN)

# Every way to narrow a list that could tell one answer from another; a route ignores what it doesn't know.
FILTERS = (
    "",
    *(f"verdict={verdict}" for verdict in ("right", "partly_right", "wrong", "too_coarse")),
    *(f"state={state}" for state in ("open", "solved", "revealed", "expired")),
    "misconception=wrong-log-base-2",
    "family=cross-entropy-one-hot&count=1",
    "format=csv",
    "format=jsonl",
)
ACCEPTED = ("application/json", "text/markdown", "text/csv")

UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
CURSORS = re.compile(r"cursor=[\w-]+")
MADE_AT_RANDOM = re.compile(r'"(request_id|prefix)":"[^"]*"')
ENROLLED = re.compile(r'"created_at":"202[^"]*"')  # by the real clock
SENT = re.compile("|".join(map(re.escape, TEXTS)))
SEEN_HEADERS = ("content-type", "link", "location", "content-disposition", "cache-control")


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return serve(storage=Database(database_url), access="tokens")


@pytest.fixture
def clock(client: TestClient) -> Clock:
    return on_a_clock_of_its_own(client)


def readable() -> list[str]:
    """Return the address of every route that is read, as a template."""
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return sorted({route.path for route in routes if "GET" in (route.methods or ()) and route.path.startswith("/v1/")})


class Candidate:
    """A learner in the drill, and everything that they can see of it."""

    def __init__(self, client: TestClient, clock: Clock, plan: tuple[PlanItem, ...] = PLAN) -> None:
        self.client, self.person = client, enrolled(client, "Ada")
        self.drill = planted(client, self.person.id, EXAM, plan, clock.now)
        self.problem = handed_out(client, self.drill, headers=self.person.headers)
        self.attempt = ""

    def submit(self, text: str) -> Response:
        sent = answer(self.client, self.problem, text, headers=self.person.headers)
        self.attempt = sent.json()["id"]
        return sent

    def post(self, path: str, body: Json | None = None) -> Response:
        return self.client.post(path, json=body, headers=self.person.headers)

    def address(self, template: str) -> str:
        """Return the address that a template makes with what belongs to this candidate."""
        known: dict[str, str] = {
            "drill_id": self.drill,
            "attempt_id": self.attempt,
            "slug": self.problem["family"],
            "date": DAY,
            "day": DAY,
            "code": "0000-0000-0000",
        }
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: known.get(name[1], str(self.problem["id"])), template)

    def walked(self) -> Iterator[tuple[str, Response]]:
        """Yield every answer to a GET: of each route, with each filter and in each format."""
        for template in readable():
            heavy = "/export/anki" in template or "/export/moodle" in template
            for query in FILTERS:
                if (heavy and "family" not in query) or (query and template.endswith("}")):
                    continue
                for accepted in ACCEPTED if not query else ACCEPTED[:1]:
                    headers = {**self.person.headers, "accept": accepted}
                    yield (
                        f"{template}?{query} {accepted}",
                        self.client.get(f"{self.address(template)}?{query}", headers=headers),
                    )


def masked(response: Response) -> tuple[int, list[str | None], str]:
    """Return what is left of an answer without ids and what was sent: a status, some headers and a body."""
    names: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"<{len(names)}>")

    body = response.text
    for expression in (MADE_AT_RANDOM, ENROLLED, SENT):
        body = expression.sub("…", body)
    headers = [CURSORS.sub("cursor", response.headers.get(header, "")) or None for header in SEEN_HEADERS]
    return response.status_code, [UUIDS.sub(name, header) if header else None for header in headers], UUIDS.sub(name, body)


def three(client: TestClient, clock: Clock) -> list[Candidate]:
    """Return three candidates of one name, each before the first problem of the same drill."""
    return [Candidate(client, clock) for _ in range(3)]


def everything(candidate: Candidate, text: str) -> dict[str, Any]:
    """Answer, ask for all that can be asked for, and return all that is seen of it."""
    path = f"/v1/problems/{candidate.problem['id']}"
    candidate.submit(text)
    asked = {
        "again": candidate.submit(text),
        "hint": candidate.post(f"{path}/hints"),
        "solution": candidate.post(f"{path}/solution"),
        "follow-up": candidate.post(f"{path}/follow-up", {"answer": "Through the softmax."}),
        "report": candidate.post(f"{path}/reports", {"remark": "Is this right?"}),
        "what was missed": candidate.post("/v1/drills", {"preset": "missed-only"}),
        "next": candidate.post(f"/v1/drills/{candidate.drill}/next"),
    }
    seen = {**asked, **dict(candidate.walked())}
    return {where: masked(response) for where, response in seen.items()}


def test_before_the_end_every_answer_looks_the_same(client: TestClient, clock: Clock) -> None:
    seen = [everything(candidate, text) for candidate, text in zip(three(client, clock), TEXTS, strict=True)]
    for where, right in seen[0].items():
        for other in seen[1:]:
            assert other[where] == right, where


@pytest.mark.parametrize("item", [DRAWN, MOCK_ITEM])
def test_before_the_end_nothing_tells_the_truth(client: TestClient, clock: Clock, item: PlanItem) -> None:
    candidate = Candidate(client, clock, (item,))
    candidate.submit("7777")
    [truth] = recognisable(list(truths_to_json(variant_of(item).truths).values()))
    for where, response in candidate.walked():
        assert not [number for number in told(response.text) if number.gives_away(truth)], where


AGAIN: dict[str, dict[str, object]] = {
    "the preset": {"preset": "mock-question"},
    "its numbers": {"parameters": {"prediction": ["0.7", "0.2", "0.1"], "target": ["1", "0", "0"]}},
    "more zeros": {"parameters": {"prediction": ["0.70", "0.20", "0.10"], "target": ["1", "0", "0"]}},
    "another order": {"parameters": {"prediction": ["0.2", "0.7", "0.1"], "target": ["0", "1", "0"]}},
}


@pytest.mark.parametrize("named", AGAIN)
def test_before_the_end_the_same_can_not_be_asked_for_outside_of_the_drill(
    client: TestClient, clock: Clock, refused: Refused, named: str
) -> None:
    candidate = Candidate(client, clock)
    wish = {"family": "cross-entropy-one-hot", **AGAIN[named]}
    assert "cross-entropy-one-hot" in refused(candidate.post("/v1/problems", wish), 409, "withheld")["detail"]
    moved(client, candidate.drill, "finish", headers=candidate.person.headers)
    assert candidate.post("/v1/problems", wish).status_code == 201


@pytest.mark.parametrize(
    "wish",
    [{"family": "cross-entropy-one-hot"}, {"family": "surprisal", "parameters": {"probability": "0.25", "log_base": "2"}}],
)
def test_before_the_end_what_the_drill_does_not_ask_can_be_asked_for(client: TestClient, clock: Clock, wish: Json) -> None:
    assert Candidate(client, clock).post("/v1/problems", wish).status_code == 201


@pytest.mark.parametrize("path", ["/v1/export/anki", "/v1/export/moodle"])
def test_before_the_end_no_file_holds_a_preset_that_is_asked(
    client: TestClient, clock: Clock, refused: Refused, path: str
) -> None:
    candidate = Candidate(client, clock)
    headers = candidate.person.headers
    refused(client.get(f"{path}?family=surprisal&family=cross-entropy-one-hot", headers=headers), 409, "withheld")
    assert client.get(f"{path}?family=surprisal", headers=headers).status_code == 200
    moved(client, candidate.drill, "finish", headers=headers)
    assert client.get(f"{path}?family=cross-entropy-one-hot", headers=headers).status_code == 200


def test_before_the_end_no_verdict_credit_or_misconception_is_in_sight(client: TestClient, clock: Clock) -> None:
    candidate = Candidate(client, clock)
    candidate.submit(WRONG)
    for path in (f"/v1/attempts/{candidate.attempt}", f"/v1/problems/{candidate.problem['id']}/attempts"):
        found = client.get(path, headers=candidate.person.headers).json()
        attempt = found["items"][0] if "items" in found else found
        assert (attempt["verdict"], attempt["credit"], attempt["withheld"]) == (None, None, True)
        part = attempt["parts"]["loss"]
        assert (part["verdict"], part["components"], part["message"], part["misconception"]) == (None, None, "", None)


def test_a_tag_tells_nothing_of_what_an_answer_got(client: TestClient, clock: Clock) -> None:
    """The tag of a problem that everything but ids is equal in: it changes with every answer, right or wrong."""
    for candidate, text in zip(three(client, clock), TEXTS, strict=True):
        path, headers = f"/v1/problems/{candidate.problem['id']}", candidate.person.headers
        before = client.get(path, headers=headers).headers["etag"]
        candidate.submit(text)
        after = client.get(path, headers={**headers, "if-none-match": before})
        assert after.status_code == 200
        assert client.get(path, headers={**headers, "if-none-match": after.headers["etag"]}).status_code == 304


def test_after_the_end_the_three_are_told_apart(client: TestClient, clock: Clock) -> None:
    told_apart = []
    for candidate, text in zip(three(client, clock), TEXTS, strict=True):
        candidate.submit(text)
        ended = moved(client, candidate.drill, "finish", headers=candidate.person.headers)
        attempt = client.get(f"/v1/attempts/{candidate.attempt}", headers=candidate.person.headers).json()
        told_apart.append((ended["problems"][0]["state"], attempt["verdict"], attempt["counted"], attempt["withheld"]))
    assert told_apart == [
        ("solved", "right", True, False),
        ("expired", "wrong", True, False),
        ("expired", "too_coarse", True, False),
    ]


def test_the_walk_reaches_what_tells_of_answers(client: TestClient, clock: Clock) -> None:
    candidate = Candidate(client, clock)
    candidate.submit(WRONG)
    reached = {where: response for where, response in candidate.walked() if response.status_code == 200}
    for path in ("/v1/attempts", "/v1/attempts/{attempt_id}", "/v1/problems/{problem_id}/follow-up", "/v1/drills/{drill_id}"):
        assert f"{path}? application/json" in reached
    assert json.loads(reached["/v1/attempts?verdict=wrong application/json"].text) == {"items": []}
