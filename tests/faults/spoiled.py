"""Files that are no sound database of this service, each spoiled in a way of its own."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

Spoil = Callable[[Path, random.Random], object]


def _overwritten(file: Path, start: int, noise: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(start)
        opened.write(noise)


def header(file: Path, chance: random.Random) -> None:
    """Write noise over the name of the format."""
    _overwritten(file, 0, chance.randbytes(64))


def pages(file: Path, chance: random.Random) -> None:
    """Write noise over every page but the first ones, which say what the tables are."""
    size = file.stat().st_size
    for page in range(size // 2, size, 4096):
        _overwritten(file, page, chance.randbytes(1024))


def truncated(file: Path, chance: random.Random) -> None:
    """Cut the end off."""
    with file.open("r+b") as opened:
        opened.truncate(int(file.stat().st_size * chance.uniform(0.1, 0.9)))


def text(file: Path, chance: random.Random) -> None:
    """Put something else in the place of the file."""
    file.write_bytes(b"Dear diary, " + chance.randbytes(2048))


def foreign(file: Path, _: random.Random) -> None:
    """Put another program's database in the place of the file, with what it has written last still in its log."""
    file.unlink()
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE recipes (id INTEGER)")
        other.commit()


def newer(file: Path, _: random.Random) -> None:
    """Let a later release have migrated it."""
    with closing(sqlite3.connect(file)) as later:
        later.execute("UPDATE alembic_version SET version_num = '9999'")
        later.commit()


def empty(file: Path, _: random.Random) -> None:
    """Leave a file of no bytes."""
    file.write_bytes(b"")


def folder(file: Path, _: random.Random) -> None:
    """Put a folder in the place of the file."""
    file.unlink()
    file.mkdir()


def gone(file: Path, _: random.Random) -> None:
    """Leave nothing."""
    file.unlink()


WAYS: Final[dict[Spoil, str]] = {
    header: "not a database: choose another path",
    pages: "damaged",
    truncated: "damaged",
    text: "not a database: choose another path",
    foreign: "belongs to another program: choose another path",
    newer: "newer (update Crossdrill)",
    empty: "run crossdrill migrate",
    folder: "it must be a file",
    gone: "run crossdrill migrate",
}
"""What is done to a file, and what is said about it."""


def bytes_below(place: Path) -> dict[str, bytes]:
    """Return the content of every file in a folder by its path."""
    return {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


def spoiled(sound: Path, place: Path, spoil: Spoil, chance: random.Random) -> Path:
    """Return a copy of a sound file, spoiled."""
    file = Path(shutil.copy(sound, place / "crossdrill.sqlite3"))
    spoil(file, chance)
    return file
