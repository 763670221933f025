"""Two processes of the service, as they are started from a shell, on one PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from uuid import uuid4

import pytest

from app.storage.engines import Purpose, make_engine, parse_url
from tests.api.contract import Json
from tests.faults.crowd import WISH, WRONG, Reply, post
from tests.faults.server import Server
from tests.invariants import broken
from tests.postgres_databases import PostgresDatabases
from tests.replicas.conftest import at_once

TIMES = 4
SECONDS = 60


@pytest.fixture(scope="module")
def ports(postgres: PostgresDatabases) -> Iterator[tuple[int, int]]:
    """Give the ports of two servers, and look in the end whether all that is stored is as it must be."""
    url = postgres.migrated()
    with Server(url) as one, Server(url) as other:
        yield one.port, other.port
    with make_engine(parse_url(url), Purpose.READ).begin() as connection:
        assert broken(connection) == []
    postgres.give_back(url)


def sent(port: int, path: str, body: object, key: str) -> Reply:
    with closing(HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as connection:
        return post(connection, path, body, key)


def made(port: int, path: str, body: object) -> Json:
    """Return what a request makes."""
    reply = sent(port, path, body, uuid4().hex)
    assert reply.status in {200, 201}, reply
    found: Json = json.loads(reply.body)
    return found


def test_each_request_that_is_sent_to_both_at_once_has_one_answer(ports: tuple[int, int]) -> None:
    path = f"/v1/problems/{made(ports[0], '/v1/problems', WISH)['id']}/attempts"
    keys = [uuid4().hex for _ in range(TIMES)]
    calls = [partial(sent, port, path, {"answers": {"loss": WRONG}}, key) for key in keys for port in ports]
    replies = at_once(*calls)
    assert {reply.status for reply in replies} == {201}
    assert [one.body == other.body for one, other in zip(replies[::2], replies[1::2], strict=True)] == [True] * TIMES
    assert sorted(json.loads(reply.body)["number"] for reply in replies[::2]) == list(range(1, TIMES + 1))


def told(events: HTTPResponse) -> Json:
    """Return the next results that a stream tells."""
    while not (line := events.readline()).startswith(b"data: "):
        assert line, "the stream has ended"
    found: Json = json.loads(line.removeprefix(b"data: "))
    return found


def test_who_watches_a_room_at_one_sees_what_is_answered_at_the_other(ports: tuple[int, int]) -> None:
    here, there = ports
    room = made(here, "/v1/rooms", {"problems": [WISH]})["code"]
    with ExitStack() as stack:
        connection = stack.enter_context(closing(HTTPConnection("127.0.0.1", there, timeout=SECONDS)))
        connection.request("GET", f"/v1/rooms/{room}/events")
        events = stack.enter_context(connection.getresponse())
        assert told(events)["candidates"] == []
        joined = made(here, f"/v1/rooms/{room}/drills", {})
        assert len(told(events)["candidates"]) == 1
        problem = made(here, f"/v1/drills/{joined['drill']['id']}/next", {})
        made(here, f"/v1/problems/{problem['id']}/attempts", {"answers": {"loss": WRONG}})
        while "wrong" not in json.dumps(told(events)):
            pass
