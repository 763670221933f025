"""Statements of SQLAlchemy Core that are compiled once, for the paths that every request takes.

`Connection.execute` costs some 60 µs of Python a statement (the cache key, the context, the result); SQLite itself needs
5. What is fixed can be worked out beforehand: the SQL, and what converts each value on its way in and out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Delete, Insert, Select, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any]


class _Form(NamedTuple):
    """A statement in the words of one database."""

    sql: str
    positional: bool
    constants: dict[str, Any]
    parameters: tuple[tuple[str, _Convert | None], ...]


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
        cursor = self._execute(connection, values)
        count: int = cursor.rowcount
        cursor.close()
        return count

    def all(self, connection: Connection, values: Values) -> list[list[Any]]:
        """Execute and return every row."""
        cursor = self._execute(connection, values)
        rows = [list(row) for row in cursor.fetchall()]
        for index, convert in self._converters_for(connection.dialect, cursor):
            for row in rows:
                row[index] = convert(row[index])
        cursor.close()
        return rows

    def first(self, connection: Connection, values: Values) -> list[Any] | None:
        """Execute and return the first row, None if there is none."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def _execute(self, connection: Connection, values: Values) -> Any:  # noqa: ANN401 - a cursor of either driver
        form = self._forms.get(connection.dialect.name) or self._compile(connection.dialect)
        given = {**form.constants, **values} if form.constants else values
        bound = [(name, given[name] if convert is None else convert(given[name])) for name, convert in form.parameters]
        driver: Any = connection.connection.driver_connection
        try:
            return driver.execute(form.sql, [value for _, value in bound] if form.positional else dict(bound))
        except connection.dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(
                form.sql, None, error, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect
            ) from error

    def _compile(self, dialect: Dialect) -> _Form:
        compiled: Any = self._statement.compile(dialect=dialect)
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        form = _Form(
            sql=compiled.string,
            positional=compiled.positional,
            constants={name: bind.value for name, bind in compiled.binds.items() if not bind.required},
            parameters=tuple((name, _inward(compiled.binds[name].type, dialect)) for name in names),
        )
        self._forms[dialect.name] = form
        return form

    def _converters_for(self, dialect: Dialect, cursor: Any) -> list[tuple[int, _Convert]]:  # noqa: ANN401 - as above
        known = self._converters.get(dialect.name)
        if known is None:
            columns = zip(self._statement.exported_columns, cursor.description, strict=True)
            outward = [_outward(column.type, dialect, description[1]) for column, description in columns]
            known = [(index, convert) for index, convert in enumerate(outward) if convert is not None]
            self._converters[dialect.name] = known
        return known


def _inward(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _outward(kind: TypeEngine[Any], dialect: Dialect, code: object) -> _Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, code)
