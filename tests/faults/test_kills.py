"""What was acknowledged survives the end of the process, once."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.faults.crowd import WISH, WRONG, posed, post
from tests.faults.findings import Row, examine
from tests.faults.kills import killed, stopped
from tests.faults.server import Server

pytestmark = pytest.mark.xdist_group("faults-kills")  # one database for all of them


@pytest.fixture(scope="module")
def url(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("killed") / "crossdrill.sqlite3"
    file.write_bytes(migrated_sqlite_file.read_bytes())
    return f"sqlite:///{file}"


@pytest.fixture(scope="module")
def row(url: str) -> Row:
    return killed(url, 1)


def test_nothing_that_was_acknowledged_is_lost_or_there_twice(row: Row) -> None:
    assert row == replace(row, times=1, lost=0, duplicated=0, faults=())
    assert row.acknowledged == row.stored > 0


def test_the_server_was_killed_at_work(row: Row) -> None:
    assert row.requests > row.acknowledged


def test_a_lost_attempt_would_be_noticed(row: Row, url: str) -> None:
    assert (row.sound, examine(url, {1: "0" * 32}, []).lost) == (True, 1)


def problems_of(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [problem for (problem,) in connection.execute("SELECT id FROM problems")]


def test_a_doubled_attempt_without_a_judgement_would_be_noticed(row: Row, url: str, tmp_path: Path) -> None:
    file = tmp_path / "doubled.sqlite3"
    with closing(sqlite3.connect(str(make_url(url).database))) as source, closing(sqlite3.connect(file)) as copy:
        source.backup(copy)
        copy.execute(
            "INSERT INTO attempts (id, problem_id, learner_id, number, answers, counted, duration_ms, submitted_at)"
            " SELECT '0000000000007000800000000000000f', problem_id, learner_id, number + 1000000, answers, counted,"
            " duration_ms, submitted_at FROM attempts LIMIT 1"
        )
        copy.commit()
    found = examine(f"sqlite:///{file}", {}, problems_of(file))
    assert (row.sound, found.duplicated) == (True, 1)
    assert found.faults == ["attempt 00000000-0000-7000-8000-00000000000f was not judged"]


def test_a_server_that_is_told_to_stop_ends_with_status_0_and_loses_nothing(postgres_url: str) -> None:
    row = stopped(postgres_url, 1)
    assert row == replace(row, times=1, lost=0, duplicated=0, faults=())
    assert row.acknowledged == row.stored > 0


@pytest.fixture
def server(sqlite_url: str) -> Iterator[Server]:
    with Server(sqlite_url) as server:
        yield server


@contextmanager
def watched_room(port: int) -> Iterator[HTTPResponse]:
    """Open a room and watch it: an answer without an end of its own."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        room = json.loads(post(connection, "/v1/rooms", {"problems": [WISH]}, "room").body)
        connection.request("GET", f"/v1/rooms/{room['code']}/events")
        response = connection.getresponse()
        assert response.readline() == b"retry: 2000\n"
        yield response


def test_what_is_under_way_is_answered_before_the_server_stops_and_nothing_new_is_taken_on(server: Server) -> None:
    [problem] = posed(server.port, count=1)
    body = json.dumps({"answers": {"loss": WRONG}}).encode()
    head = f"POST /v1/problems/{problem}/attempts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as slow, watched_room(server.port) as stream:
        slow.sendall(f"{head}Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n".encode())
        assert slow.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"  # the request is under way
        slow.sendall(body[:5])
        os.kill(server.pid, signal.SIGTERM)
        assert stream.read().endswith(b"\n\n")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port))
        slow.sendall(body[5:])
        answer = slow.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 201 ")
    assert server.ended() == 0
