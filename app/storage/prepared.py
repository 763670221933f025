"""Statements of SQLAlchemy Core that are compiled once, for the paths that every request takes.

`Connection.execute` costs some 60 µs of Python a statement (the cache key, the context, the result); SQLite itself needs
5. What is fixed can be worked out beforehand: the SQL, and what converts each value on its way in and out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Delete, Insert, Select, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from app.storage.numbered import Numbered, numbered, wire_of

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any]

_UNSAID: Final = {float: 701, bool: 16}
"""The types for which SQLAlchemy renders no cast, for the driver tells them from the value."""


class _Form(NamedTuple):
    """A statement in the words of one database; `numbered` for a wire, its parameters in that order."""

    sql: str
    positional: bool
    constants: dict[str, Any]
    parameters: tuple[tuple[str, _Convert | None], ...]
    numbered: Numbered


class Prepared:
    """A fixed statement with named parameters, the same on SQLite and PostgreSQL.

    It runs on the driver's own connection inside the transaction that the SQLAlchemy connection has begun; a parameter
    that is not given is a KeyError, and what the driver raises arrives as SQLAlchemy's exceptions.
    """

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._forms: dict[str, _Form] = {}
        self._converters: dict[str, list[tuple[int, _Convert]]] = {}

    def run(self, connection: Connection, values: Values) -> int:
        """Execute and return how many rows were touched."""
        form, bound = self._bound(connection, values)
        wire = wire_of(connection)
        with _as_sqlalchemy(connection, form):
            if wire is not None:
                return wire.ask(form.numbered, bound).command_tuples or 0
            cursor = _execute(connection, form, bound)
        count: int = cursor.rowcount
        cursor.close()
        return count

    def tell(self, connection: Connection, values: Values) -> None:
        """Execute what nobody needs to hear of. If it fails, PostgreSQL says so later, to all that is in the transaction."""
        wire = wire_of(connection)
        if wire is None:
            self.run(connection, values)
            return
        form, bound = self._bound(connection, values)
        with _as_sqlalchemy(connection, form):
            wire.tell(form.numbered, bound)

    def all(self, connection: Connection, values: Values) -> list[list[Any]]:
        """Execute and return every row."""
        form, bound = self._bound(connection, values)
        wire = wire_of(connection)
        with _as_sqlalchemy(connection, form):
            if wire is not None:
                result = wire.ask(form.numbered, bound)
                codes, rows = [result.ftype(i) for i in range(result.nfields)], wire.rows(result)
            else:
                cursor = _execute(connection, form, bound)
                codes, rows = [column[1] for column in cursor.description], [list(row) for row in cursor.fetchall()]
                cursor.close()
        for index, convert in self._converters_for(connection.dialect, codes):
            for row in rows:
                row[index] = convert(row[index])
        return rows

    def first(self, connection: Connection, values: Values) -> list[Any] | None:
        """Execute and return the first row, None if there is none."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def _bound(self, connection: Connection, values: Values) -> tuple[_Form, list[Any]]:
        """Return the statement for a database, and what its parameters are there."""
        form = self._forms.get(connection.dialect.name) or self._compile(connection.dialect)
        given = {**form.constants, **values} if form.constants else values
        return form, [given[name] if convert is None else convert(given[name]) for name, convert in form.parameters]

    def _compile(self, dialect: Dialect) -> _Form:
        compiled: Any = self._statement.compile(dialect=dialect)
        sql, names = numbered(compiled.string)
        if compiled.positional:
            names = compiled.positiontup
        form = _Form(
            sql=compiled.string,
            positional=compiled.positional,
            constants={name: bind.value for name, bind in compiled.binds.items() if not bind.required},
            parameters=tuple((name, _inward(compiled.binds[name].type, dialect)) for name in names),
            numbered=Numbered(sql, tuple(_declared(compiled.binds[name].type) for name in names)),
        )
        self._forms[dialect.name] = form
        return form

    def _converters_for(self, dialect: Dialect, codes: Sequence[object]) -> list[tuple[int, _Convert]]:
        known = self._converters.get(dialect.name)
        if known is None:
            columns = zip(self._statement.exported_columns, codes, strict=True)
            outward = [_outward(column.type, dialect, code) for column, code in columns]
            known = [(index, convert) for index, convert in enumerate(outward) if convert is not None]
            self._converters[dialect.name] = known
        return known


def _execute(connection: Connection, form: _Form, bound: list[Any]) -> Any:  # noqa: ANN401 - a cursor of either driver
    driver: Any = connection.connection.driver_connection
    names = (name for name, _ in form.parameters)
    return driver.execute(form.sql, bound if form.positional else dict(zip(names, bound, strict=True)))


@contextmanager
def _as_sqlalchemy(connection: Connection, form: _Form) -> Iterator[None]:
    """Turn what the driver raises into what SQLAlchemy would."""
    kind = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except kind as error:
        raise DBAPIError.instance(form.sql, None, error, kind, dialect=connection.dialect) from error


def _declared(kind: TypeEngine[Any]) -> int:
    """Return the number by which PostgreSQL knows a type, where SQLAlchemy says it in no other way; else 0."""
    return _UNSAID.get(kind.python_type, 0)


def _inward(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _outward(kind: TypeEngine[Any], dialect: Dialect, code: object) -> _Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, code)
