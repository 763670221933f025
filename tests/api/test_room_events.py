"""Watching a room: news as it comes, quiet comments, and an end for every stream."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.room_events import (
    KEEP_ALIVE,
    LONGEST_PAUSE,
    PAUSE_PER_LOOK,
    POLL_SECONDS,
    QUIET_POLLS,
    RETRY,
    Places,
    Sight,
    stream,
)
from app.errors import NotFoundError, OverloadedError
from app.storage.database import Database
from tests.api.conftest import Refused, Serve
from tests.api.contract import Json, held
from tests.api.people import Person, enrolled

ROOM = {"problems": [{"family": "cross-entropy-one-hot", "preset": "mock-question"}], "blueprint": {"feedback": "at-end"}}


class Room:
    """A room whose versions are given; it is gone after the last."""

    def __init__(self, *versions: str) -> None:
        self._versions = list(versions)

    async def __call__(self, seen: str | None) -> Sight:
        if not self._versions:
            raise NotFoundError
        version = self._versions.pop(0)
        return Sight(version, None if version == seen else f'"{version}"')


async def no_time(_: float) -> None:
    """Wait for nothing."""


async def told(events: AsyncIterator[str]) -> list[str]:
    return [event async for event in events]


@pytest.mark.anyio
async def test_each_version_is_told_once_with_its_id_until_the_room_is_gone() -> None:
    found = await told(stream(Room("a", "a", "b", "b"), None, sleep=no_time))
    assert found == [RETRY, 'id: a\nevent: results\ndata: "a"\n\n', 'id: b\nevent: results\ndata: "b"\n\n']


@pytest.mark.anyio
async def test_who_comes_back_is_told_nothing_that_they_have_seen() -> None:
    assert await told(stream(Room("a", "b"), "a", sleep=no_time)) == [RETRY, 'id: b\nevent: results\ndata: "b"\n\n']


@pytest.mark.anyio
async def test_a_long_silence_is_broken_by_comments() -> None:
    found = await told(stream(Room(*["a"] * (2 * QUIET_POLLS)), "a", sleep=no_time))
    assert found == [RETRY, KEEP_ALIVE, KEEP_ALIVE]


@pytest.mark.anyio
async def test_a_look_that_takes_long_is_followed_by_a_longer_pause() -> None:
    times, pauses = iter([0.0, 0.01, 1.0, 1.5, 10.0, 20.0]), []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    events = stream(Room("a", "b", "c"), None, sleep=sleep, clock=lambda: next(times, 30.0))
    assert len(await told(events)) == 4
    assert pauses == [POLL_SECONDS, 0.5 * PAUSE_PER_LOOK, LONGEST_PAUSE]


@pytest.mark.anyio
async def test_a_stream_ends_when_the_server_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    server = SimpleNamespace(should_exit=False)
    handler = SimpleNamespace(__self__=server)
    monkeypatch.setattr(signal, "getsignal", lambda _: handler)
    events = stream(Room("a", "b", "c"), None, sleep=no_time)
    assert [await anext(events), await anext(events)][1].startswith("id: a")
    server.should_exit = True
    assert await told(events) == []


def test_there_is_a_bounded_number_of_places_and_each_is_given_back() -> None:
    places = Places(1)
    with places.taken(), pytest.raises(OverloadedError), places.taken():
        raise AssertionError("a place that isn't there was given")
    with places.taken(), suppress(OverloadedError):
        pass


# The route.


@pytest.fixture
def client(serve: Serve, sqlite_url: str) -> TestClient:
    return held(serve(storage=Database(sqlite_url), access="tokens"))


@pytest.fixture
def coach(client: TestClient) -> Person:
    return enrolled(client, "Coach", role="coach")


@pytest.fixture
def room(client: TestClient, coach: Person) -> Json:
    found: Json = client.post("/v1/rooms", json=ROOM, headers=coach.headers).json()
    return found


@pytest.mark.parametrize("who", ["candidate", "guest", "another coach"])
def test_a_room_is_watched_by_its_coach_alone(client: TestClient, room: Json, refused: Refused, who: str) -> None:
    path = f"/v1/rooms/{room['code']}"
    if who == "guest":
        person = Person("", client.post(f"{path}/drills", json={"name": "Bob"}).json()["token"])
    else:
        person = enrolled(client, "Other", role="coach" if who == "another coach" else "learner")
    if who == "candidate":
        client.post(f"{path}/drills", json={}, headers=person.headers)
    refused(client.get(f"{path}/events", headers=person.headers), 404, "not-found")


def test_one_stream_too_many_is_refused(serve: Serve, sqlite_url: str, refused: Refused) -> None:
    client = serve(storage=Database(sqlite_url), access="tokens", stream_limit=0)
    coach = enrolled(client, "Coach", role="coach")
    room = client.post("/v1/rooms", json=ROOM, headers=coach.headers).json()
    response = client.get(f"/v1/rooms/{room['code']}/events", headers=coach.headers)
    assert refused(response, 503, "overloaded")["status"] == 503
    assert response.headers["retry-after"] == "60"


@pytest.mark.anyio
async def test_a_stream_ends_and_gives_its_place_back_when_the_client_leaves(
    client: TestClient, coach: Person, room: Json
) -> None:
    app: Any = client.app
    app.state.watching = places = Places(1)
    gone: list[asyncio.Event] = []
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        gone.append(asyncio.Event())
        await gone[-1].wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if b"event: results" in message.get("body", b""):
            for event in gone:
                event.set()

    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/v1/rooms/{room['code']}/events",
        "raw_path": b"",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"authorization", coach.headers["authorization"].encode())],
        "app": client.app,
        "state": {},
    }
    assert client.portal is not None
    await asyncio.to_thread(client.portal.call, app, scope, receive, send)
    assert sent[0]["status"] == 200
    assert any(b'"closed":false' in message["body"] for message in sent[1:])
    with places.taken():
        pass


# A real server.


@contextmanager
def serving(url: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start the real server, and give its process and its port."""
    command = [str(Path(sys.executable).with_name("crossdrill")), "serve", "--port", "0"]
    environment = {**os.environ, "CROSSDRILL_DATABASE_URL": url, "CROSSDRILL_ACCESS": "local", "COLUMNS": "200"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        greeting = process.stdout.readline()
        try:
            yield process, int(greeting.partition("http://")[2].partition(",")[0].rpartition(":")[2])
        finally:
            process.kill()


@contextmanager
def calling(port: int, method: str, path: str, body: Json | None = None, token: str = "") -> Iterator[HTTPResponse]:
    """Give the response to a call, and close its connection."""
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, json.dumps(body or {}) if method == "POST" else None, headers)
        with closing(connection.getresponse()) as response:
            yield response


def posted(port: int, path: str, body: Json, token: str = "") -> Json:
    with calling(port, "POST", path, body, token) as response:
        answer: Json = json.load(response)
        return answer


def next_event(response: HTTPResponse) -> Json:
    for raw in iter(response.readline, b""):
        line = raw.decode()
        if line.startswith("data: "):
            event: Json = json.loads(line.removeprefix("data: "))
            return event
    raise AssertionError("the stream ended")


def test_a_coach_sees_an_answer_as_it_comes_and_the_server_stops_with_the_stream_open(sqlite_url: str) -> None:
    with serving(sqlite_url) as (process, port):
        code = posted(port, "/v1/rooms", ROOM)["code"]
        with calling(port, "GET", f"/v1/rooms/{code}/events") as events:
            assert events.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert next_event(events) == {"closed": False, "candidates": []}
            joined = posted(port, f"/v1/rooms/{code}/drills", {"name": "Bob"})
            problem = posted(port, f"/v1/drills/{joined['drill']['id']}/next", {}, joined["token"])
            posted(port, f"/v1/problems/{problem['id']}/attempts", {"answers": {"loss": "0.5146"}}, joined["token"])
            [bob] = seen_until(events, lambda event: bool(event["candidates"] and event["candidates"][0]["verdicts"][0]))
            assert (bob["name"], bob["states"], bob["verdicts"]) == ("Bob", ["open"], ["wrong"])
            assert (bob["misconceptions"], bob["follow_ups"]) == ([["wrong-log-base-2"]], 0)
            process.send_signal(signal.SIGTERM)
            events.read()  # up to its proper end: a stream that is cut off would be an IncompleteRead
        output, _ = process.communicate(timeout=60)
    assert "Traceback" not in output


def seen_until(events: HTTPResponse, wanted: Callable[[Json], bool]) -> list[Json]:
    """Return the candidates of the first event that is wanted."""
    while not wanted(event := next_event(events)):
        pass
    candidates: list[Json] = event["candidates"]
    return candidates
