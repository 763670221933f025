"""Moving everything from one database into another, SQLite or PostgreSQL, and proving that it arrived."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    CursorResult,
    Insert,
    Row,
    Table,
    Text,
    Update,
    bindparam,
    collate,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError

from app.logs import described
from app.storage.engines import Purpose, make_engine, parse_url
from app.storage.errors import StorageError
from app.storage.ids import LOCAL_LEARNER
from app.storage.migrate import connected, current, require_head, upgrade
from app.storage.models import learners, metadata

Notice = Callable[[int], None]
"""Is told how many rows more are done."""

Rows = CursorResult[Any]

BATCH: Final = 5000
"""How many rows share a commit."""
FETCHED: Final = 500


@dataclass(frozen=True, slots=True)
class Side:
    """What one database has in a table: how many rows, and the SHA-256 of all of them in the order of their keys."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table in both databases; `differs_at` is the key of the first row that is not the same, None if all are."""

    table: str
    source: Side
    target: Side
    differs_at: str | None


def size(url: str) -> int:
    """Return how many rows a database holds; raises StorageError unless it is at head."""
    require_head(url)
    with connected(parse_url(url), Purpose.READ) as connection:
        return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables)


def copy(source: str, target: str, notice: Notice, *, batch: int = BATCH) -> None:
    """Copy every row of `source` into `target`, or go on where that was stopped; an empty target is migrated first.

    The source is read from one snapshot. The target has at any time the first rows of each table, in the order of their
    keys, up to the last batch that was committed: where that was stopped is seen from what is there.

    Raises
    ------
    StorageError
        One of the two can't be used or is not at head, or the target holds what the source does not; then nothing is written.
    """
    require_head(source)
    if current(target) is None:
        upgrade(target)
    require_head(target)
    with connected(parse_url(source), Purpose.READ) as connection:
        connection.execute(select(learners.c.id).limit(1))  # the snapshot: should the target be the source by another name,
        _clear_if_fresh(target)  # what is cleared there is copied back
        with connected(parse_url(target), Purpose.READ) as other:
            there = [_already(connection, other, table) for table in metadata.sorted_tables]
        with make_engine(parse_url(target), Purpose.MIGRATE).connect() as writing:
            for table, count in zip(metadata.sorted_tables, there, strict=True):
                _copy_rest(connection, writing, table, count, notice, batch)
            for table in metadata.sorted_tables:
                _close_circles(connection, writing, table)


def compare(source: str, target: str, notice: Notice) -> list[Comparison]:
    """Read all of both databases anew, each from one snapshot, and say of each table whether it is the same in both.

    Raises
    ------
    StorageError
        One of the two can't be used or is not at head.
    """
    for url in (source, target):
        require_head(url)
    with connected(parse_url(source), Purpose.READ) as one, connected(parse_url(target), Purpose.READ) as other:
        return [_compare_table(table, one, other, notice) for table in metadata.sorted_tables]


def _clear_if_fresh(target: str) -> None:
    """Remove the local learner, with whom every database begins, from one that holds nothing else."""
    with connected(parse_url(target), Purpose.WRITE) as connection:
        others = [table for table in metadata.sorted_tables if table is not learners]
        nobody_else = select(learners.c.id).where(learners.c.id != LOCAL_LEARNER)
        if any(connection.execute(query.limit(1)).first() for query in (nobody_else, *map(select, others))):
            return
        connection.execute(learners.delete())


def _already(connection: Connection, other: Connection, table: Table) -> int:
    """Return how many of the source's first rows the target has; raise StorageError where it has another."""
    there = 0
    with _side_by_side(table, _columns(table), connection, other) as pairs:
        for given, row in pairs:
            if row is None:
                break
            if _canonical(given) != _canonical(row):
                raise StorageError(
                    f"the target has {table.name} {_key(table, row)}, and the source has not the same there: "
                    "give an empty database, or one into which this source was being copied and that was not used since"
                )
            there += 1
    return there


def _copy_rest(connection: Connection, writing: Connection, table: Table, there: int, notice: Notice, batch: int) -> None:
    notice(there)
    with _ordered(connection, table, _columns(table), there) as rows:
        for some in rows.partitions(batch):
            _write(writing, table, table.insert(), [row._asdict() for row in some])
            notice(len(some))


def _write(writing: Connection, table: Table, statement: Insert | Update, rows: list[dict[str, Any]]) -> None:
    try:
        with writing.begin():
            writing.execute(statement, rows)
    except DBAPIError as error:
        # PostgreSQL's own words would repeat the row, answers and digests of tokens included.
        raise StorageError(f"a row of {table.name} can't be written: {_meaning(error)}") from error


def _meaning(error: DBAPIError) -> str:
    unsent = getattr(error.orig, "sqlstate", None) is None  # the driver refused: these are no words about a value
    if unsent and "NUL" in str(error.orig):
        return "a text in it holds a NUL, which PostgreSQL can't keep"
    return described(error.orig)


def _columns(table: Table) -> list[Column[Any]]:
    """Return the columns that are copied with their rows."""
    return [column for column in table.columns if column not in _closing(table)]


def _closing(table: Table) -> list[Column[Any]]:
    """Return the columns that close a circle of references: they are filled once both tables are."""
    return [column for column in table.columns if any(key.use_alter for key in column.foreign_keys)]


def _close_circles(connection: Connection, writing: Connection, table: Table) -> None:
    for column in _closing(table):
        referring = connection.execute(select(table.c.id.label("its_id"), column.label("to")).where(column.is_not(None)))
        statement = table.update().where(table.c.id == bindparam("its_id")).values({column: bindparam("to")})
        for some in referring.partitions(BATCH):
            _write(writing, table, statement, [row._asdict() for row in some])


def _compare_table(table: Table, one: Connection, other: Connection, notice: Notice) -> Comparison:
    sides, differs_at = (_Tally(), _Tally()), None
    with _side_by_side(table, list(table.columns), one, other) as pairs:
        for ours, theirs in pairs:
            texts = sides[0].add(ours), sides[1].add(theirs)
            if differs_at is None and texts[0] != texts[1]:
                differs_at = _key(table, ours, theirs)
            notice(1)
    return Comparison(table.name, sides[0].side(), sides[1].side(), differs_at)


class _Tally:
    """Counts rows and digests them."""

    def __init__(self) -> None:
        self._rows = 0
        self._digest = sha256()

    def add(self, row: Row[Any] | None) -> bytes:
        """Take in a row, unless there is none, and return it as it is digested."""
        text = _canonical(row)
        self._rows += row is not None
        self._digest.update(text)
        return text

    def side(self) -> Side:
        return Side(self._rows, self._digest.hexdigest())


@contextmanager
def _side_by_side(
    table: Table, columns: list[Column[Any]], one: Connection, other: Connection
) -> Iterator[Iterator[tuple[Row[Any] | None, Row[Any] | None]]]:
    """Give the rows of a table in pairs, the first of both, the second of both, None where one has fewer."""
    with _ordered(one, table, columns) as ours, _ordered(other, table, columns) as theirs:
        yield zip_longest(ours, theirs)


def _ordered(connection: Connection, table: Table, columns: list[Column[Any]], skipped: int = 0) -> Rows:
    """Return the rows in the order of their keys, which is the same in both engines, a few at a time."""
    keys = [_as_bytes(connection, column) for column in table.primary_key]
    query = select(*columns).order_by(*keys).offset(skipped)
    return connection.execute(query, execution_options={"yield_per": FETCHED})


def _as_bytes(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    """Return a column that sorts text by its bytes, as SQLite does, whatever order the database was made with."""
    in_words = connection.dialect.name == "postgresql" and isinstance(column.type, Text)
    return collate(column, "C") if in_words else column


def _canonical(row: Row[Any] | None) -> bytes:
    """Return a row as one line of JSON, the same for the same values in whatever form they are kept; nothing for none."""
    if row is None:
        return b""
    values = [value + 0.0 if isinstance(value, float) else value for value in row]  # SQLite keeps no sign of a zero
    return json.dumps(values, default=str, ensure_ascii=False).encode() + b"\n"


def _key(table: Table, *rows: Row[Any] | None) -> str:
    """Return the key of the first of these that there is."""
    row = next(row for row in rows if row is not None)
    return ", ".join(str(row._mapping[column]) for column in table.primary_key)
