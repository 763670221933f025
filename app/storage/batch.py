"""One transaction: a piece of work alone, or several that can't hurt each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.storage.failures import is_the_databases, unavailable

Work = Callable[[Connection], object]


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
        self._one_statement_at_a_time = connection.dialect.name == "sqlite"
        driver.execute("SAVEPOINT work")

    def advance(self) -> None:
        if self._one_statement_at_a_time:
            self._driver.execute("RELEASE SAVEPOINT work")
            self._driver.execute("SAVEPOINT work")
        else:  # one round trip for both; two statements at once can't be prepared
            self._driver.execute("RELEASE SAVEPOINT work; SAVEPOINT work", prepare=False)

    def go_back(self) -> None:
        self._driver.execute("ROLLBACK TO SAVEPOINT work")


def _outcome(connection: Connection, work: Work, savepoint: _Savepoint | None = None) -> Outcome:
    try:
        value = work(connection)
        if savepoint is not None:
            savepoint.advance()
    except BaseException as error:  # it belongs to whoever waits, and must not end the thread
        if savepoint is not None:
            savepoint.go_back()
        return Outcome(None, unavailable(error) if is_the_databases(error) else error)
    return Outcome(value, None)
