"""An SQLite file that can't be written, is locked or gone: refused meanwhile, at work again without a restart, nothing lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.faults import disks
from tests.faults.findings import is_sound
from tests.faults.server import Server

pytestmark = pytest.mark.xdist_group("faults-disks")  # one server for all of them


@pytest.fixture(scope="module")
def file(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with disks.small_disk() if disks.may_mount() else nullcontext(tmp_path_factory.mktemp("disk")) as folder:
        file = folder / "crossdrill.sqlite3"
        file.write_bytes(migrated_sqlite_file.read_bytes())
        yield file


@pytest.fixture(scope="module")
def server(file: Path) -> Iterator[Server]:
    with Server(f"sqlite:///{file}", log=file.with_name("log"), log_level="info") as server:
        yield server


@pytest.mark.skipif(not disks.may_mount(), reason="only root may make a small disk; the next test fails writes otherwise")
def test_the_disk_with_the_file_and_the_log_is_full_for_a_while(file: Path, server: Server) -> None:
    assert is_sound(disks.full(file, server, 1))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit to what a process may write")
def test_every_write_fails_for_a_while(file: Path, server: Server) -> None:
    assert is_sound(disks.limited(file, server, 1))


def test_another_program_holds_the_file_for_a_while(file: Path, server: Server) -> None:
    assert is_sound(disks.locked(file, server, 1))


def test_the_file_is_moved_away_and_back(file: Path, server: Server) -> None:
    assert is_sound(disks.moved(file, server, 1))


def test_another_file_takes_its_place_for_a_while(file: Path, server: Server) -> None:
    assert is_sound(disks.replaced(file, server, 1))
