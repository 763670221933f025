"""One transaction: a piece of work alone, or several that can't hurt each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from app.storage.failures import is_the_databases, unavailable
from app.storage.numbered import Numbered, wire_of

Work = Callable[[Connection], object]

SAVEPOINT: Final = "SAVEPOINT work"
BACK: Final = "ROLLBACK TO SAVEPOINT work"
TOLD_SAVEPOINT, ASKED_BACK = Numbered(SAVEPOINT.encode()), Numbered(BACK.encode())


class Outcome(NamedTuple):
    """What a piece of work returned, or what it raised."""

    value: object
    error: BaseException | None


def run_alone(connection: Connection, work: Work) -> Outcome:
    """Run `work` in a transaction of its own; whatever is raised here itself means that nothing is stored."""
    transaction = connection.begin()
    outcome = _outcome(connection, work)
    if outcome.error is None:
        transaction.commit()
    else:
        transaction.rollback()
    return outcome


def run_together(connection: Connection, works: list[Work]) -> list[Outcome]:
    """Run all in one transaction, each behind a savepoint, so that one that fails takes back itself alone.

    Savepoints go to the driver itself: through SQLAlchemy they cost as much as the statements that they guard.
    """
    with connection.begin():
        savepoint = _Savepoint(connection)
        return [_outcome(connection, work, savepoint) for work in works]


class _Savepoint:
    """A point to return to, moved forward after each piece of work."""

    def __init__(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        self._driver = driver
        self._wire = wire_of(connection)
        if self._wire is None:
            self._driver.execute(SAVEPOINT)
        else:
            self._wire.tell(TOLD_SAVEPOINT)

    def advance(self) -> None:
        """Move on; where the transaction is broken, though the work hid it, that is an error of the work."""
        if self._wire is None:
            self._driver.execute("RELEASE SAVEPOINT work")  # SQLite looks at each one that is there for each page it changes
            self._driver.execute(SAVEPOINT)
        elif self._wire.has_failed:
            self._wire.ask(TOLD_SAVEPOINT)
        else:
            self._wire.tell(TOLD_SAVEPOINT)  # PostgreSQL goes back to the last one of a name

    def go_back(self) -> None:
        if self._wire is None:
            self._driver.execute(BACK)
        else:
            self._wire.ask(ASKED_BACK)
            self._wire.end()  # which is when the driver hears that the transaction is whole again


def _outcome(connection: Connection, work: Work, savepoint: _Savepoint | None = None) -> Outcome:
    try:
        value = work(connection)
        if savepoint is not None:
            savepoint.advance()
        elif (wire := wire_of(connection)) is not None and wire.has_failed:
            wire.ask(TOLD_SAVEPOINT)  # which says that the transaction is broken, though the work hid it
    except BaseException as error:  # it belongs to whoever waits, and must not end the thread
        if savepoint is not None:
            savepoint.go_back()
        return Outcome(None, unavailable(error) if is_the_databases(error) else error)
    return Outcome(value, None)
