"""All attempts as one file: what is in it, whose they are, and what happens on the way."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection
from starlette.testclient import TestClient

from app.api import attempt_export
from app.api.attempt_export import COLUMNS, as_csv, as_jsonl, cell
from app.storage.attempt_export import ExportedAttempt
from app.storage.database import Database
from app.storage.ids import new_id
from app.storage.models import judgements, learners, problems, rooms
from tests.api.conftest import Refused, Serve
from tests.api.contract import MOCK, attempted, document, posed, storage_of
from tests.api.people import Person, enrolled

PATH = "/v1/attempts/export"
ATTEMPT = ExportedAttempt(
    id=UUID(int=1),
    problem_id=UUID(int=2),
    family="softmax",
    level=1,
    number=1,
    answers="{}",
    verdict="right",
    credit=1.0,
    misconception=None,
    counted=True,
    late=False,
    confidence=None,
    duration_ms=None,
    submitted_at=datetime(2026, 11, 20, 21, 16, tzinfo=UTC),
    family_version=1,
    engine_version="1",
    grader_version="1",
)
BINARY = {"family": "binary-cross-entropy"}


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return serve(storage=Database(database_url), access="tokens")


@pytest.fixture
def ada(client: TestClient) -> Person:
    return enrolled(client, "Ada")


@pytest.fixture
def short_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt_export, "SLICE", 2)


def rows(client: TestClient, person: Person, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"{PATH}?{query}", headers=person.headers)
    assert response.status_code == 200, response.text
    return list(csv.DictReader(StringIO(response.text, newline="")))


def lines(client: TestClient, person: Person, query: str = "") -> list[dict[str, Any]]:
    response = client.get(f"{PATH}?format=jsonl&{query}", headers=person.headers)
    return [json.loads(line) for line in response.text.splitlines()]


def changed(client: TestClient, work: Callable[[Connection], object]) -> None:
    """Change the database behind the service's back."""
    assert client.portal is not None
    client.portal.call(storage_of(client).write, work)


def test_a_row_holds_what_was_answered_and_what_it_got(client: TestClient, ada: Person) -> None:
    problem = posed(client, headers=ada.headers)
    body = {"answers": {"loss": "0.5146"}, "confidence": 0.75, "duration_ms": 41000}
    attempt = client.post(f"/v1/problems/{problem['id']}/attempts", json=body, headers=ada.headers).json()
    [row] = rows(client, ada)
    assert row == {
        "id": attempt["id"],
        "problem_id": problem["id"],
        "family": "cross-entropy-one-hot",
        "level": str(problem["level"]),
        "number": "1",
        "answers": '{"loss": "0.5146"}',
        "verdict": "wrong",
        "credit": "0.0",
        "misconception": "wrong-log-base-2",
        "counted": "true",
        "late": "false",
        "confidence": "0.75",
        "duration_ms": "41000",
        "submitted_at": attempt["submitted_at"],
        "family_version": str(problem["family_version"]),
        "engine_version": attempt["engine_version"],
        "grader_version": attempt["grader_version"],
    }


def test_a_line_holds_the_same_as_json(client: TestClient, ada: Person) -> None:
    problem = posed(client, headers=ada.headers)
    attempt = attempted(client, problem, "0.357", headers=ada.headers)
    [line] = lines(client, ada)
    assert tuple(line) == COLUMNS
    same = ("id", "problem_id", "number", "verdict", "credit", "counted", "late", "confidence", "duration_ms", "submitted_at")
    assert {name: line[name] for name in same} == {name: attempt[name] for name in same}
    assert (line["answers"], line["misconception"]) == ({"loss": "0.357"}, None)


def test_the_file_has_a_name_a_type_and_is_kept_by_nobody_else(client: TestClient, ada: Person) -> None:
    table, text_lines = (client.get(f"{PATH}?format={form}", headers=ada.headers) for form in ("csv", "jsonl"))
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["content-disposition"] == 'attachment; filename="crossdrill-attempts.csv"'
    assert text_lines.headers["content-type"] == "application/jsonl"
    assert text_lines.headers["content-disposition"] == 'attachment; filename="crossdrill-attempts.jsonl"'
    assert table.headers["cache-control"] == "private, no-cache"


def test_who_has_answered_nothing_gets_the_names_alone(client: TestClient, ada: Person) -> None:
    assert client.get(PATH, headers=ada.headers).text == ",".join(COLUMNS) + "\r\n"
    assert client.get(f"{PATH}?format=jsonl", headers=ada.headers).text == ""


@pytest.mark.parametrize("value", ["-ln(0.7)", " 0.357 nats", "０．３５７", "1/3"])
def test_every_answer_comes_back_as_it_was_sent(client: TestClient, ada: Person, value: str) -> None:
    attempted(client, posed(client, headers=ada.headers), value, headers=ada.headers)
    assert [json.loads(row["answers"]) for row in rows(client, ada)] == [{"loss": value}]
    assert [line["answers"] for line in lines(client, ada)] == [{"loss": value}]


@pytest.mark.parametrize("text", ["a,b", 'say "0.3"', "0.3\r\n0.4", "0.3\n", "", " ", "\u2028", "的"])
def test_every_text_survives_a_row_and_a_line(text: str) -> None:
    attempt = ATTEMPT._replace(answers=json.dumps({"talk": text}, ensure_ascii=False), family=text)
    [row], [line] = csv.reader(StringIO(as_csv([attempt]), newline="")), as_jsonl([attempt]).removesuffix("\n").split("\n")
    assert (row[2], json.loads(row[5])) == (text, {"talk": text})
    assert (json.loads(line)["family"], json.loads(line)["answers"]) == (text, {"talk": text})


def test_a_row_ends_as_the_standard_wants_it() -> None:
    assert as_csv([ATTEMPT, ATTEMPT]).count("\r\n") == 2
    assert as_csv([ATTEMPT]).endswith("\r\n")


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_can_be_taken_for_a_formula(mark: str) -> None:
    assert cell(mark + "cmd|' /C calc'!A0") == "'" + mark + "cmd|' /C calc'!A0"


def test_a_number_is_no_formula() -> None:
    assert cell(-0.5) == "-0.5"


@pytest.mark.usefixtures("short_slices")
@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_every_attempt_is_in_it_once_the_oldest_first(client: TestClient, ada: Person, count: int) -> None:
    problem = posed(client, headers=ada.headers)
    sent = [attempted(client, problem, f"0.{number}1", headers=ada.headers)["id"] for number in range(count)]
    assert [row["id"] for row in rows(client, ada)] == sent
    assert [line["id"] for line in lines(client, ada)] == sent


@pytest.mark.usefixtures("short_slices")
def test_only_what_is_asked_for_is_in_it(client: TestClient, ada: Person) -> None:
    one_hot, binary = (posed(client, wish, headers=ada.headers) for wish in (MOCK, BINARY))
    asked = [one_hot, binary, one_hot, one_hot, one_hot, binary]
    sent = [attempted(client, problem, "0.11", headers=ada.headers) for problem in asked]
    times = [each["submitted_at"].replace("+", "%2B") for each in sent]
    assert [row["id"] for row in rows(client, ada, "family=binary-cross-entropy")] == [sent[1]["id"], sent[5]["id"]]
    assert [row["id"] for row in rows(client, ada, f"since={times[2]}&until={times[5]}")] == [s["id"] for s in sent[2:5]]
    assert rows(client, ada, "family=softmax") == []


def test_another_learners_attempts_are_not_in_it(client: TestClient, ada: Person) -> None:
    bob = enrolled(client, "Bob", role="admin")
    attempted(client, posed(client, headers=bob.headers), "0.3", headers=bob.headers)
    assert rows(client, ada) == []
    assert len(rows(client, bob)) == 1


def test_the_guest_of_a_room_gets_their_own(client: TestClient, ada: Person) -> None:
    attempted(client, posed(client, headers=ada.headers), "0.3", headers=ada.headers)
    room = {"id": new_id(), "owner_id": UUID(enrolled(client, "Coach", role="coach").id), "code": "ABC", "title": "Room"}

    def invite(connection: Connection) -> None:
        now = datetime.now(UTC)
        connection.execute(rooms.insert().values(**room, blueprint="{}", plan="[]", created_at=now))
        connection.execute(learners.update().where(learners.c.id == UUID(ada.id)).values(room_id=room["id"]))

    changed(client, invite)
    assert len(rows(client, ada)) == 1
    assert client.get("/v1/me/tokens", headers=ada.headers).status_code == 403


def test_what_is_withheld_is_not_told(client: TestClient, ada: Person) -> None:
    attempted(client, posed(client, headers=ada.headers), "0.5146", headers=ada.headers)
    changed(client, lambda connection: connection.execute(problems.update().values(withheld=True)))
    [row], [line] = rows(client, ada), lines(client, ada)
    assert [row["verdict"], row["credit"], row["misconception"]] == ["", "", ""]
    assert [line["verdict"], line["credit"], line["misconception"]] == [None, None, None]
    assert (row["answers"], row["counted"]) == ('{"loss": "0.5146"}', "true")


def test_of_several_judgements_the_latest_is_in_it(client: TestClient, ada: Person) -> None:
    attempted(client, posed(client, headers=ada.headers), "0.5146", headers=ada.headers)

    def judge_again(connection: Connection) -> None:
        first = connection.execute(judgements.select()).mappings().one()
        later = {"id": new_id(), "verdict": "right", "misconception": None, "family_version": 2, "grader_version": "9"}
        connection.execute(judgements.insert(), {**first, **later})

    changed(client, judge_again)
    [row] = rows(client, ada)
    assert (row["verdict"], row["misconception"], row["family_version"], row["grader_version"]) == ("right", "", "2", "9")


@pytest.mark.parametrize("query", ["format=xlsx", "since=yesterday", "until=2026-11-20T21:00:00"])
def test_a_wish_that_makes_no_sense_is_refused(client: TestClient, ada: Person, refused: Refused, query: str) -> None:
    [error] = refused(client.get(f"{PATH}?{query}", headers=ada.headers), 422, "invalid-input")["errors"]
    assert error["pointer"] == "/" + query.partition("=")[0]


def test_without_a_token_there_is_no_file(client: TestClient, refused: Refused) -> None:
    refused(client.get(PATH), 401, "unauthenticated")


def test_its_columns_are_documented() -> None:
    documented = document()["paths"][PATH]["get"]["responses"]
    assert all(name in documented["200"]["description"] for name in COLUMNS)
    assert "304" not in documented
