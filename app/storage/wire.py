"""A conversation with PostgreSQL in which nobody waits for an answer that tells them nothing.

A statement costs some 100 µs in the driver's general way and a round trip each. Here it is prepared once, what needs no answer
is only sent with what does, and the database works through all of it in one go (libpq's pipeline mode). It stands beside
SQLAlchemy on the same connection and in the same transaction: `hang_on` has it come to its end before anything else is said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import count
from operator import sub
from select import POLLIN, POLLOUT, poll
from typing import Any, Final

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from sqlalchemy import Connection, Engine, event

from app.storage.numbered import WIRE, Numbered

_SKIPPED: Final = pq.ExecStatus.PIPELINE_ABORTED
_OK: Final = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)


BEGIN: Final = Numbered(b"BEGIN")
COMMIT: Final = Numbered(b"COMMIT")


class Wire:
    """What is said to one connection of the driver, and what is still to be heard of it.

    `ask` raises what was wrong with the statement itself. What was wrong with something told before that is known when it is
    asked, or ended: then all that the transaction holds is in doubt, and it must be rolled back.
    """

    def __init__(self, driver: psycopg.Connection[Any]) -> None:
        self._pgconn = driver.pgconn
        self._adapt = Transformer(driver)
        self._names: dict[Numbered, bytes] = {}
        self._numbers = count(1)
        self._unheard: deque[Numbered | None] = deque()
        """What was sent, in order, until its result arrives: the statement where it is being prepared, else nothing."""
        self._poll = poll()
        self._poll.register(self._pgconn.socket, POLLIN)
        self._doubt: psycopg.Error | None = None

    @property
    def has_failed(self) -> bool:
        """Whether the transaction takes nothing more but that one goes back."""
        return self._pgconn.transaction_status == pq.TransactionStatus.INERROR

    def tell(self, statement: Numbered, values: Sequence[object] = ()) -> None:
        """Send a statement whose result nobody needs, with the next one that is asked."""
        parameters = self._adapt.dump_sequence(values, [PyFormat.TEXT] * len(values)) if values else ()
        if not self._unheard:
            self._begin()
        name = self._names.get(statement)
        if name is None:
            name = self._names[statement] = f"crossdrill_{next(self._numbers)}".encode()
            self._pgconn.send_prepare(name, statement.sql, statement.types)
            self._unheard.append(statement)
        self._pgconn.send_query_prepared(name, parameters)
        self._unheard.append(None)

    def ask(self, statement: Numbered, values: Sequence[object] = ()) -> pq.abc.PGresult:
        """Send a statement and return its result, after those of all that was told before."""
        [result] = self.ask_all([(statement, values)])
        return result

    def ask_all(self, asked: Sequence[tuple[Numbered, Sequence[object]]]) -> list[pq.abc.PGresult]:
        """Send statements, wait once, and return the result of each; a later one sees what an earlier one waited for."""
        sent = [len(self._unheard)]
        for statement, values in asked:
            self.tell(statement, values)
            sent.append(len(self._unheard))
        self._pgconn.send_flush_request()
        self._flush()
        self._hear_told(sent[0])
        heard, error = [], self._doubt
        for number in map(sub, sent[1:], sent):
            for _ in range(number):  # before its own result there may be that of preparing it
                result, wrong = self._hear()
                error = error or wrong
            heard.append(result)
        results = [result for result in heard if result is not None]
        if error is None and len(results) == len(asked):
            return results
        self._synchronise()
        raise error or psycopg.OperationalError("the connection is lost")

    def rows(self, result: pq.abc.PGresult) -> list[list[Any]]:
        """Return the rows of a result as Python's values."""
        self._adapt.set_pgresult(result, set_loaders=True, format=pq.Format.TEXT)
        return self._adapt.load_rows(0, result.ntuples, list)

    def end(self) -> None:
        """Hear all that is still to be heard, and leave the connection to the driver; raise what was wrong."""
        if self._pgconn.pipeline_status == pq.PipelineStatus.OFF:
            return
        self._synchronise()
        self._pgconn.exit_pipeline_mode()
        doubt, self._doubt = self._doubt, None
        if doubt is not None:
            raise doubt

    def commit(self) -> None:
        """Commit with the last that is said, and hear of both; of a transaction that has ended the driver asks nothing more."""
        if self._pgconn.pipeline_status != pq.PipelineStatus.OFF:
            self.tell(COMMIT)
        self.end()

    def drop(self) -> None:
        """End before a rollback, which undoes whatever was wrong."""
        try:
            self.end()
        except psycopg.Error:  # a connection that is lost fails to roll back as well
            self._doubt = None

    def _begin(self) -> None:
        if self._pgconn.pipeline_status == pq.PipelineStatus.OFF:
            is_new = self._pgconn.transaction_status == pq.TransactionStatus.IDLE
            self._pgconn.enter_pipeline_mode()
            if is_new:
                self.tell(BEGIN)

    def _synchronise(self) -> None:
        """Hear everything; after an error the server skips what follows, until this."""
        self._pgconn.pipeline_sync()
        self._flush()
        self._hear_told(len(self._unheard))
        self._wait()
        self._pgconn.get_result()  # the mark that all is done

    def _hear_told(self, number: int) -> None:
        for _ in range(number):
            _, error = self._hear()
            self._doubt = self._doubt or error

    def _hear(self) -> tuple[pq.abc.PGresult | None, psycopg.Error | None]:
        """Return the next result that is due, and what was wrong; of what was skipped for an earlier error, only that."""
        prepared = self._unheard.popleft()
        self._wait()
        result = self._pgconn.get_result()
        if result is None:
            raise psycopg.OperationalError("the connection is lost")
        self._pgconn.get_result()  # each statement's results end with none, for which nothing need arrive
        if result.status in _OK:
            return result, None
        if prepared is not None:
            del self._names[prepared]
        return None, psycopg.errors.error_from_result(result) if result.status != _SKIPPED else None

    def _wait(self) -> None:
        while self._pgconn.is_busy():
            self._poll.poll()
            self._pgconn.consume_input()

    def _flush(self) -> None:
        """Send what is buffered; the server may first want to be heard, lest both wait for each other."""
        while self._pgconn.flush():
            self._poll.modify(self._pgconn.socket, POLLIN | POLLOUT)
            self._poll.poll()
            self._poll.modify(self._pgconn.socket, POLLIN)
            self._pgconn.consume_input()


def hang_on(engine: Engine) -> None:
    """Give each connection of an engine its wire, and end what is said there before SQLAlchemy speaks."""

    @event.listens_for(engine, "connect")
    def connect(driver: psycopg.Connection[Any], record: Any) -> None:  # noqa: ANN401 - the pool's own record
        driver.prepare_threshold = None  # else a rollback makes it forget all that is prepared, what it doesn't know of too
        record.info[WIRE] = Wire(driver)

    @event.listens_for(engine, "before_cursor_execute")
    def before(connection: Connection, *_: object) -> None:
        connection.info[WIRE].end()

    @event.listens_for(engine, "commit")
    def commit(connection: Connection) -> None:
        connection.info[WIRE].commit()

    @event.listens_for(engine, "rollback")
    def rollback(connection: Connection) -> None:
        connection.info[WIRE].drop()
