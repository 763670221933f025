"""Where two processes at one PostgreSQL stand in each other's way: how long one waits, and what may simply be done again."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Engine, event

CONFLICTS: Final = frozenset({"40001", "40P01"})
"""The SQLSTATEs of a serialization failure and of a deadlock: the database undid one so that the other could go on."""

TRIES: Final = 5
"""How often work that was undone so is done again, before its caller is told to."""

LOCK_SECONDS: Final = 4
"""How long a statement waits for another process's lock. It is longer than PostgreSQL takes to notice a deadlock."""

IDLE_SECONDS: Final = 30
"""After so long PostgreSQL ends a transaction in which nothing happens: its process hangs, and holds locks."""


def is_conflict(error: BaseException | None) -> bool:
    """Whether an error, or what led to it, is such a failure; then nothing of the work is stored."""
    while error is not None:
        if getattr(getattr(error, "orig", error), "sqlstate", None) in CONFLICTS:
            return True
        error = error.__cause__
    return False


def bound_waits(engine: Engine) -> Engine:
    """Keep a process that hangs from keeping the others up for ever; SQLite has bounds of its own."""
    if engine.dialect.name == "postgresql":

        @event.listens_for(engine, "connect")
        def bound(driver: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
            driver.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
            driver.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
            driver.commit()

    return engine
