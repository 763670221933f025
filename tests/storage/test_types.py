"""Instants on their way into a database."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.dialects import sqlite

from app.storage.types import UtcDateTime


def test_the_hour_that_a_clock_goes_back_is_two_hours() -> None:
    write = UtcDateTime().bind_processor(sqlite.dialect())
    assert write is not None
    earlier = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert write(earlier) == "2026-10-25 00:30:00.000000"
    assert write(earlier.replace(fold=1)) == "2026-10-25 01:30:00.000000"
    assert write(earlier.astimezone(UTC)) == "2026-10-25 00:30:00.000000"
