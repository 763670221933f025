"""What the log says of a request and of an error, and what it never says."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator, MutableMapping
from datetime import UTC, datetime
from io import StringIO
from typing import Any, TypeVar

import pytest
import structlog
from fastapi.routing import APIRoute
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.api.bodies import rest_router
from app.edge.access import SESSION
from app.edge.context import context_of
from app.errors import UnavailableError
from app.logs import configure_logging, described
from app.main import ROUTERS
from app.settings import Settings
from app.storage import learners
from app.storage.database import Database
from app.storage.ids import new_id
from tests.api.conftest import FakeStorage, Serve
from tests.api.contract import MOCK, posed
from tests.api.people import Person, enrolled

T = TypeVar("T")

MARK = "hunter2"
ANSWER = "0.35667494"
FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}

router = rest_router("logs")


@router.post("/failing-row")
async def failing_row(request: Request) -> None:
    row = learners.LearnerRow(new_id(), MARK, "nonsense", "en", datetime.now(UTC))
    await context_of(request).storage.write(lambda connection: learners.add(connection, row))


@router.post("/own-words")
async def own_words() -> None:
    try:
        int(MARK)
    except ValueError as error:
        raise KeyError(MARK) from error


@router.post("/in-a-thread")
async def in_a_thread(request: Request) -> None:
    await context_of(request).storage.read(lambda _: logging.getLogger("library").warning("hello"))


@router.post("/forgotten")
async def forgotten() -> None:
    async def fail() -> None:
        raise ValueError(MARK)

    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task
    gc.collect()


@pytest.fixture(params=["json", "console"])
def told(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, restored_logging: None) -> Callable[[], str]:
    """Log everything that there is to log, and return what was written."""
    written = StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure_logging(Settings.model_validate({"log_format": request.param, "log_level": "debug"}))
    return written.getvalue


def only_request(lines: list[MutableMapping[str, Any]]) -> MutableMapping[str, Any]:
    [line] = [line for line in lines if line["event"] == "request"]
    return line


def test_a_line_says_who_called_by_their_id_alone(serve: Serve, database_url: str) -> None:
    client = serve(storage=Database(database_url), access="tokens")
    ann = enrolled(client, "Ann")
    with capture_logs() as lines:
        client.get("/v1/me", headers=ann.headers)
    assert only_request(lines)["learner"] == ann.id
    assert "Ann" not in str(lines)


def test_the_local_learner_and_nobody_have_names_of_their_own(serve: Serve, sqlite_url: str) -> None:
    with capture_logs() as lines:
        serve(storage=Database(sqlite_url)).get("/v1/me")
    assert only_request(lines)["learner"] == "local"
    with capture_logs() as lines:
        serve(storage=Database(sqlite_url), access="tokens").get("/", headers={"accept": "text/html"})
    assert only_request(lines)["learner"] == "nobody"


def test_whoever_was_not_looked_up_has_no_name(serve: Serve) -> None:
    with capture_logs() as lines:
        serve().get("/livez")
    assert only_request(lines)["learner"] is None


def test_a_line_of_a_storage_thread_has_the_request_id(serve: Serve, sqlite_url: str, told: Callable[[], str]) -> None:
    serve(router, storage=Database(sqlite_url)).post("/v1/in-a-thread", headers={"x-request-id": "r-79"})
    [line] = [line for line in told().splitlines() if "hello" in line]
    assert "r-79" in line


def test_a_row_that_the_database_refuses_is_not_in_the_log(serve: Serve, database_url: str, told: Callable[[], str]) -> None:
    assert serve(router, storage=Database(database_url)).post("/v1/failing-row").status_code == 500
    text = told()
    assert "IntegrityError" in text
    assert "failing_row" in text
    assert MARK not in text


def test_what_an_error_says_in_its_own_words_is_not_in_the_log_but_its_way_is(serve: Serve, told: Callable[[], str]) -> None:
    serve(router).post("/v1/own-words")
    text = told()
    assert text.index("ValueError") < text.index("KeyError")
    assert "test_logs.py" in text
    assert MARK not in text


def test_an_error_that_nobody_waited_for_is_told_without_its_words(serve: Serve, told: Callable[[], str]) -> None:
    serve(router).post("/v1/forgotten")
    text = told()
    assert "never retrieved" in text
    assert "ValueError" in text
    assert MARK not in text


def test_text_that_utf_8_has_not_is_logged_all_the_same(told: Callable[[], str]) -> None:
    structlog.get_logger().warning("odd", text="half of \ud83d")
    assert "\\ud83d" in told() or "\ud83d" in told()


def test_libraries_are_heard_from_warnings_on_whatever_the_level_is(told: Callable[[], str]) -> None:
    for name in ("sqlalchemy.engine", "httpx", "library"):
        logging.getLogger(name).info(MARK)
    assert told() == ""


def test_errors_of_the_machine_and_of_the_program_keep_their_words() -> None:
    assert described(None) == "none"
    assert described(FileNotFoundError(2, "No such file or directory", MARK)) == "FileNotFoundError: No such file or directory"
    assert described(UnavailableError()) == "app.errors.UnavailableError: unavailable"
    assert described(AttributeError("no x")) == "AttributeError: no x"
    assert described(ValueError(MARK)) == "ValueError"


def test_the_errors_of_a_group_are_named(told: Callable[[], str]) -> None:
    several = ExceptionGroup(MARK, [ValueError(MARK), TypeError(MARK)])
    logging.getLogger("library").error("several", exc_info=several)
    text = told()
    assert "ValueError" in text
    assert "TypeError" in text
    assert MARK not in text


class Failing(FakeStorage):
    """A storage in which everything fails with somebody's words in the message."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        raise RuntimeError(f"DETAIL: Key (name)=({MARK}) already exists.")

    async def write(self, work: Callable[[Connection], T]) -> T:
        raise RuntimeError(f"DETAIL: Key (name)=({MARK}) already exists.")


def routes() -> Iterator[tuple[str, str]]:
    """Yield every route, of REST and of the pages, by a method and a path in which each parameter is marked."""
    for route in (route for router in ROUTERS for route in router.routes):
        if isinstance(route, APIRoute):
            path = re.sub(r"\{\w+(:\w+)?\}", MARK, route.path)
            yield from ((method, path) for method in sorted(route.methods or ()))


def ask_everything(client: TestClient) -> None:
    """Ask every route, with a mark wherever a caller can put something: path, query, headers, cookies and body."""
    body = dict.fromkeys(("name", "family", "answer", "remark", "title", "key", "answers", "token", "code"), MARK)
    for method, path in routes():
        client.cookies.set(SESSION, MARK)
        bearer = {"authorization": f"Bearer {MARK}"}
        client.request(method, f"{path}?q={MARK}&cursor={MARK}", json=body, headers=bearer)
        client.request(method, f"{path}?q={MARK}", json=body, headers={"user-agent": MARK, "referer": f"http://{MARK}/"})
        client.request(method, path, content=f"name={MARK}&seal={MARK}&token={MARK}&answer={MARK}", headers=FORM)


@pytest.mark.parametrize("told", ["json"], indirect=True)
def test_nothing_that_callers_send_anywhere_is_logged(serve: Serve, sqlite_url: str, told: Callable[[], str]) -> None:
    ask_everything(serve(storage=Database(sqlite_url), access="tokens", rate_caller="", rate_address=""))
    text = told()
    assert text.count("/v1/problems/{problem_id}/attempts") >= 3
    assert MARK not in text


@pytest.mark.parametrize("told", ["json"], indirect=True)
def test_nothing_of_it_is_logged_when_everything_fails_either(serve: Serve, told: Callable[[], str]) -> None:
    ask_everything(serve(storage=Failing()))
    text = told()
    assert text.count("unhandled_error") > 50
    assert MARK not in text


def practise(client: TestClient, ann: Person) -> list[str]:
    """Let somebody practise who leaves a mark everywhere, and return what must not be told: their words and their keys."""
    problem = posed(client, MOCK, headers=ann.headers)["id"]
    room = client.post("/v1/rooms", json={"title": MARK, "problems": [MOCK]}, headers=ann.headers).json()["code"]
    sent = {
        f"/v1/problems/{problem}/attempts": {"answers": {"loss": ANSWER}},
        f"/v1/problems/{problem}/reports": {"remark": MARK},
        "/v1/me/tokens": {"name": MARK},
        f"/v1/rooms/{room}/drills": {},
    }
    for path, body in sent.items():
        assert client.post(path, json=body, headers=ann.with_key(MARK + path)).status_code == 201
    joined = client.post(f"/v1/rooms/{room}/drills", json={"name": MARK}).json()["token"]
    signed_in = client.post("/sign-in", content=f"token={ann.token}", headers=FORM)
    return [MARK, ANSWER, ann.token, room, joined, *signed_in.cookies.values(), problem]


def test_nothing_of_what_is_practised_is_logged(serve: Serve, database_url: str, told: Callable[[], str]) -> None:
    client = serve(storage=Database(database_url), access="tokens", rate_caller="", rate_address="")
    secrets = practise(client, enrolled(client, MARK, role="coach"))
    text = told()
    assert text.count('"status":201' if text.startswith("{") else "status=201") == 7
    assert [secret for secret in secrets if secret in text] == []


def test_a_line_is_json_with_what_an_operator_looks_for(
    serve: Serve, sqlite_url: str, capsys: pytest.CaptureFixture[str], restored_logging: None
) -> None:
    configure_logging(Settings.model_validate({"log_format": "json"}))
    posed(serve(storage=Database(sqlite_url)), headers={"x-request-id": "r-80"})
    [line] = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "r-80" in line]
    assert set(line) == {
        "duration_ms", "event", "learner", "level", "method", "request_id", "route", "status", "timestamp"
    }  # fmt: skip
    assert (line["learner"], line["route"], line["status"]) == ("local", "/v1/problems", 201)
