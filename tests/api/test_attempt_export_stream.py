"""The export of attempts while it is under way: attempts come, errors happen, learners and clients leave."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import anyio
import pytest
from sqlalchemy import Connection, insert
from starlette.testclient import TestClient
from starlette.types import Message

from app.api import attempt_export
from app.errors import UnavailableError
from app.services import accounts
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.models import attempts, judgements
from tests.api.conftest import Serve
from tests.api.contract import answer, posed

T = TypeVar("T")

NOW: Final = datetime(2026, 11, 20, 21, 16, tzinfo=UTC)
MANY: Final = 15_000
MOST_BYTES: Final = 3_000_000
SCOPE: Final[dict[str, Any]] = {
    "type": "http",
    "asgi": {"version": "3.0", "spec_version": "2.3"},
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/v1/attempts/export",
    "raw_path": b"/v1/attempts/export",
    "query_string": b"format=jsonl",
    "root_path": "",
    "headers": [(b"host", b"localhost")],
}


class Interrupted(Database):
    """A database in which something is done after each read."""

    reads = 0

    async def read(self, work: Callable[[Connection], T]) -> T:
        found = await super().read(work)
        self.reads += 1
        await self.happen()
        return found

    async def happen(self) -> None:
        """Do nothing, unless a test puts something here."""


@pytest.fixture
def storage(database_url: str) -> Interrupted:
    return Interrupted(database_url)


@pytest.fixture
def client(serve: Serve, storage: Interrupted, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Give a client with six attempts, which are read two by two."""
    monkeypatch.setattr(attempt_export, "SLICE", 2)
    client = serve(storage=storage)
    problem = posed(client)
    for number in range(6):
        assert answer(client, problem, f"0.{number}1").status_code == 201
    storage.reads = 0
    return client


def exchanged(client: TestClient, take: Callable[[Message], bool]) -> None:
    """Ask for the export on the bare protocol; the client leaves as soon as `take` of a message is false."""

    async def exchange() -> None:
        left = anyio.Event()

        async def receive() -> Message:
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if not take(message):
                left.set()
            await anyio.sleep(0)

        await client.app({**SCOPE}, receive, send)

    assert client.portal is not None
    client.portal.call(exchange)


def exported(client: TestClient, *, leave_after: int = 100) -> tuple[list[str], bool]:
    """Return the ids in the file and whether it ended as a whole one does."""
    sent: list[Message] = []

    def take(message: Message) -> bool:
        sent.append(message)
        return len(sent) <= leave_after

    exchanged(client, take)
    assert sent[0]["status"] == 200
    lines = b"".join(message.get("body", b"") for message in sent).splitlines()
    return [json.loads(line)["id"] for line in lines], sent[-1].get("more_body") is False


def test_the_whole_file_ends_as_one(client: TestClient) -> None:
    found, is_whole = exported(client)
    assert (len(found), is_whole) == (6, True)


def test_attempts_that_come_meanwhile_neither_break_nor_lengthen_it(
    client: TestClient, storage: Interrupted, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = exported(client)

    def one_more(connection: Connection) -> None:
        last = connection.execute(attempts.select().order_by(attempts.c.number.desc()).limit(1)).mappings().one()
        connection.execute(insert(attempts), {**last, "id": new_id(), "number": last["number"] + 1})

    async def happen() -> None:
        await storage.write(one_more)

    monkeypatch.setattr(storage, "happen", happen)
    assert exported(client) == before


def test_a_failure_on_the_way_does_not_end_it_as_if_it_were_whole(
    client: TestClient, storage: Interrupted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def happen() -> None:
        if storage.reads == 2:
            raise UnavailableError

    monkeypatch.setattr(storage, "happen", happen)
    found, is_whole = exported(client)
    assert (len(found), is_whole) == (2, False)


def test_it_breaks_off_when_the_learner_is_erased(
    client: TestClient, storage: Interrupted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def happen() -> None:
        await storage.write(lambda connection: accounts.erase(connection, LOCAL_LEARNER, NOW))

    monkeypatch.setattr(storage, "happen", happen)
    found, is_whole = exported(client)
    assert (len(found), is_whole) == (2, False)


def test_a_client_that_leaves_ends_the_work(client: TestClient, storage: Interrupted) -> None:
    _, is_whole = exported(client, leave_after=1)
    assert not is_whole
    assert storage.reads < 3


def many(connection: Connection) -> None:
    """Copy the one attempt there is so often that the file has 6 MB."""
    [attempt], [judgement] = (connection.execute(table.select()).mappings().all() for table in (attempts, judgements))
    for start in range(2, MANY, 5_000):
        copies = [{**attempt, "id": new_id(), "number": start + each} for each in range(5_000)]
        connection.execute(insert(attempts), copies)
        judged = [{**judgement, "id": new_id(), "attempt_id": copy["id"]} for copy in copies]
        connection.execute(insert(judgements), judged)


def test_its_memory_does_not_grow_with_it(serve: Serve, storage: Interrupted) -> None:
    client = serve(storage=storage)
    answer(client, posed(client), "0.3")
    assert client.portal is not None
    client.portal.call(storage.write, many)
    lines = 0

    def take(message: Message) -> bool:
        nonlocal lines
        lines += message.get("body", b"").count(b"\n")
        return True

    tracemalloc.start()
    try:
        exchanged(client, take)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert lines > MANY
    assert peak < MOST_BYTES
