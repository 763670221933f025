from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, UTC out, microseconds kept, sortable.

    SQLite has no time zones and hands back what was written without one, so what is written there must be UTC already;
    PostgreSQL answers in the zone of the session.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the driver an instant in UTC; a naive time is a ValueError."""
        return None if value is None else _in_utc(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write for SQLite what SQLAlchemy writes there, in a third of the time."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC, whatever the database speaks."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    return _utc_text(value if value.tzinfo is UTC else _in_utc(value))


@lru_cache(maxsize=256)  # all that a request stores it stores at one instant
def _utc_text(value: datetime) -> str:
    """Write an instant that is in UTC already: in a zone whose clocks go back, two hours of one name are equal to Python."""
    return value.isoformat(" ", "microseconds")[:_NAIVE]


def _in_utc(value: datetime) -> datetime:
    """Refuse a naive time: nobody can say which instant it is."""
    if value.tzinfo is None:
        raise ValueError("a stored time needs a time zone")
    return value.astimezone(UTC)


_NAIVE: Final = len("2026-11-20 21:17:00.000000")
