"""Rows in every table, with values of every kind that a column may hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Connection, Date, Float, Integer, Table, Uuid, func, inspect, select, update

from app.storage.models import learners, metadata, rooms
from app.storage.types import UtcDateTime

FIRST = datetime(2026, 11, 20, 21, 16, 0, 123456, tzinfo=UTC)
AWKWARD = ('{"loss": "inf"}', "交叉熵 − ½ 😀", 'it\'s "quoted"\\n', " \t\r\n", "Ångström")
ALLOWED = {
    "learners.role": ("learner", "coach", "admin"),
    "problems.state": ("open", "solved", "revealed", "expired"),
    "judgements.verdict": ("right", "partly_right", "wrong", "too_coarse"),
    "drills.state": ("running", "paused", "finished"),
    "problem_reports.state": ("open", "confirmed", "rejected"),
    "review_log.rating": ("again", "hard", "good", "easy"),
    "problems.shown": ("{}", '{"expected_seconds": 90}'),  # a migration reads it
}
FLOATS = (0.1, 1.0, 5e-324, -2.5e300, 0.0)


def fill(connection: Connection, rows: int) -> dict[str, int]:
    """Put so many rows into every table that there is and has no rows of this kind yet; return how many each holds."""
    there = set(inspect(connection).get_table_names())
    tables = [table for table in metadata.sorted_tables if table.name in there]
    for table in tables:
        known = {column["name"] for column in inspect(connection).get_columns(table.name)}
        if _holds(connection, table) < rows:
            columns = [column for column in table.columns if column.name in known]
            connection.execute(table.insert(), [_row(table, columns, which) for which in range(rows)])
    return count(connection)


def count(connection: Connection) -> dict[str, int]:
    """Return how many rows each table holds."""
    there = set(inspect(connection).get_table_names())
    return {table.name: _holds(connection, table) for table in metadata.sorted_tables if table.name in there}


def _holds(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _row(table: Table, columns: list[Column[Any]], which: int) -> dict[str, Any]:
    return {column.name: _value(table, column, which) for column in columns}


def _value(table: Table, column: Column[Any], which: int) -> object:
    """Return what row `which` has: it refers to the rows of the same number, so that it clashes with none."""
    parent = next((key.column.table for key in column.foreign_keys), None)
    allowed = ALLOWED.get(f"{table.name}.{column.name}")
    if parent is rooms and table is learners:
        return None
    if parent is not None:
        return _id(parent, which)
    if column.nullable and which % 3 == 2:
        return None
    if allowed is not None:
        return allowed[which % len(allowed)]
    return _of_kind(table, column, which)


def _of_kind(table: Table, column: Column[Any], which: int) -> object:
    match column.type:
        case Uuid():
            return _id(table, which)
        case Boolean():
            return which % 2 == 0
        case UtcDateTime():
            return FIRST + timedelta(microseconds=1000 * which, days=which)
        case Date():
            return date(2026, 11, 20) + timedelta(days=which)
        case Float():
            return FLOATS[which % len(FLOATS)]
        case Integer():
            return which
        case _:
            return f"{AWKWARD[which % len(AWKWARD)]} {which}"


def _id(table: Table, which: int) -> UUID:
    number = list(metadata.tables).index(table.name)
    return UUID(int=(0x0193 << 112) | (0x7 << 76) | (0x8 << 60) | (number << 32) | which)


def make_guests(connection: Connection, rows: int) -> None:
    """Let every second learner have joined the room of another, whose guest they are."""
    for which in range(1, rows, 2):
        guest = learners.c.id == _id(learners, which)
        connection.execute(update(learners).where(guest).values(room_id=_id(rooms, which - 1)))
