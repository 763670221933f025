"""A client that behaves badly keeps nobody else waiting, and what it sent whole is stored once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import rude
from tests.faults.findings import is_sound
from tests.faults.server import Server


@pytest.fixture
def server(sqlite_url: str) -> Iterator[Server]:
    with rude.impatient(sqlite_url) as server:
        yield server


def test_bad_manners_keep_nobody_waiting_and_who_leaves_early_is_served_once(server: Server, sqlite_url: str) -> None:
    assert is_sound(rude.beside(sqlite_url, server, 1))
    assert is_sound(rude.vanished(sqlite_url, server, 10))
