"""Statements of SQLAlchemy Core that are compiled once, for the paths that every request takes.

`Connection.execute` costs some 60 µs of Python a statement (the cache key, the context, the result); SQLite itself needs
5. What is fixed can be worked out beforehand: the SQL, and what converts each value on its way in and out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, Connection, Delete, Insert, Select, Update, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from app.storage.numbered import Numbered, numbered, wire_of

if TYPE_CHECKING:
    from psycopg.pq.abc import PGresult

    from app.storage.wire import Wire

Values = Mapping[str, Any]
Rows = Sequence[Sequence[Any]]
_Convert = Callable[[Any], Any]

_UNSAID: Final = {float: 701, bool: 16}
"""The types for which SQLAlchemy renders no cast, for the driver tells them from the value."""


class _Form(NamedTuple):
    """A statement in the words of one database; `numbered` for a wire, its parameters in that order."""

    sql: str
    positional: bool
    constants: dict[str, Any]
    names: tuple[str, ...]
    pick: Callable[[Values], tuple[Any, ...]]
    inward: tuple[tuple[int, _Convert], ...]
    numbered: Numbered


class Prepared:
    """A fixed statement with named parameters, the same on SQLite and PostgreSQL.

    It runs on the driver's own connection inside the transaction that the SQLAlchemy connection has begun; a parameter
    that is not given is a KeyError, and what the driver raises arrives as SQLAlchemy's exceptions.
    """

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._forms: dict[str, _Form] = {}
        self._outward: dict[str, tuple[tuple[int, _Convert], ...]] = {}

    def run(self, connection: Connection, values: Values) -> int:
        """Execute and return how many rows were touched."""
        form, bound = self._bound(connection, values)
        wire = wire_of(connection)
        try:
            if wire is not None:
                return wire.ask(form.numbered, bound).command_tuples or 0
            count: int = _execute(connection, form, bound).rowcount
        except connection.dialect.loaded_dbapi.Error as error:
            raise _as_sqlalchemy(connection, form, error) from error
        return count

    def tell(self, connection: Connection, values: Values) -> None:
        """Execute what nobody needs to hear of. If it fails, PostgreSQL says so later, to all that is in the transaction."""
        form, bound = self._bound(connection, values)
        wire = wire_of(connection)
        try:
            if wire is not None:
                wire.tell(form.numbered, bound)
            else:
                _execute(connection, form, bound)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _as_sqlalchemy(connection, form, error) from error

    def all(self, connection: Connection, values: Values) -> Rows:
        """Execute and return every row."""
        form, bound = self._bound(connection, values)
        wire = wire_of(connection)
        try:
            if wire is not None:
                return self._heard(connection, wire, wire.ask(form.numbered, bound))
            cursor = _execute(connection, form, bound)
            rows = cursor.fetchall()
        except connection.dialect.loaded_dbapi.Error as error:
            raise _as_sqlalchemy(connection, form, error) from error
        return self._converted(connection, rows, lambda: [column[1] for column in cursor.description])

    def all_and(self, connection: Connection, other: Prepared, values: Values) -> tuple[Rows, Rows]:
        """Execute this statement and then another one with the same values, and return the rows of both.

        PostgreSQL is waited for once, and the other statement sees what was committed while this one waited for a lock.
        """
        wire = wire_of(connection)
        if wire is None:
            return self.all(connection, values), other.all(connection, values)
        (form, bound), (its_form, its_bound) = self._bound(connection, values), other._bound(connection, values)
        try:
            own, its = wire.ask_all([(form.numbered, bound), (its_form.numbered, its_bound)])
        except connection.dialect.loaded_dbapi.Error as error:
            raise _as_sqlalchemy(connection, form, error) from error
        return self._heard(connection, wire, own), other._heard(connection, wire, its)

    def _heard(self, connection: Connection, wire: Wire, result: PGresult) -> Rows:
        return self._converted(connection, wire.rows(result), lambda: [result.ftype(i) for i in range(result.nfields)])

    def _converted(self, connection: Connection, rows: Rows, codes: Callable[[], list[Any]]) -> Rows:
        """Return rows as Python has them; the codes of their columns' types are asked for once."""
        if not rows:
            return rows
        outward = self._outward.get(connection.dialect.name)
        if outward is None:
            outward = self._outward_from(connection.dialect, codes())
        return [_converted(row, outward) for row in rows] if outward else rows

    def first(self, connection: Connection, values: Values) -> Sequence[Any] | None:
        """Execute and return the first row, None if there is none."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def _bound(self, connection: Connection, values: Values) -> tuple[_Form, list[Any]]:
        """Return the statement for a database, and what its parameters are there."""
        form = self._forms.get(connection.dialect.name) or self._compile(connection.dialect)
        given = {**form.constants, **values} if form.constants else values
        bound = list(form.pick(given))
        for index, convert in form.inward:
            bound[index] = convert(bound[index])
        return form, bound

    def _compile(self, dialect: Dialect) -> _Form:
        compiled: Any = self._statement.compile(dialect=dialect)
        sql, names = numbered(compiled.string)
        if compiled.positional:
            names = compiled.positiontup
        inward = (_inward(compiled.binds[name].type, dialect) for name in names)
        form = _Form(
            sql=compiled.string,
            positional=compiled.positional,
            constants={name: bind.value for name, bind in compiled.binds.items() if not bind.required},
            names=tuple(names),
            pick=_picking(names),
            inward=tuple((index, convert) for index, convert in enumerate(inward) if convert is not None),
            numbered=Numbered(sql, tuple(_declared(compiled.binds[name].type) for name in names)),
        )
        self._forms[dialect.name] = form
        return form

    def _outward_from(self, dialect: Dialect, codes: list[Any]) -> tuple[tuple[int, _Convert], ...]:
        columns = zip(self._statement.exported_columns, codes, strict=True)
        outward = [_outward(column.type, dialect, code) for column, code in columns]
        known = tuple((index, convert) for index, convert in enumerate(outward) if convert is not None)
        self._outward[dialect.name] = known
        return known


def _picking(names: Sequence[str]) -> Callable[[Values], tuple[Any, ...]]:
    """Return what takes the values of some names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple([values[name] for name in names])


def _execute(connection: Connection, form: _Form, bound: list[Any]) -> Any:  # noqa: ANN401 - a cursor of either driver
    driver: Any = connection.connection.dbapi_connection
    return driver.execute(form.sql, bound if form.positional else dict(zip(form.names, bound, strict=True)))


def _converted(row: Sequence[Any], outward: tuple[tuple[int, _Convert], ...]) -> list[Any]:
    values = list(row)
    for index, convert in outward:
        values[index] = convert(values[index])
    return values


def _as_sqlalchemy(connection: Connection, form: _Form, error: Exception) -> BaseException:
    """Return what SQLAlchemy would raise where the driver raised an error."""
    kind = connection.dialect.loaded_dbapi.Error
    return DBAPIError.instance(form.sql, None, error, kind, dialect=connection.dialect)


def _declared(kind: TypeEngine[Any]) -> int:
    """Return the number by which PostgreSQL knows a type, where SQLAlchemy says it in no other way; else 0."""
    return _UNSAID.get(kind.python_type, 0)


def _inward(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    if isinstance(kind, Uuid):
        return _hex  # as SQLAlchemy has it on SQLite, with fewer calls; PostgreSQL reads it too
    if dialect.name == "sqlite" and isinstance(kind, Boolean):
        return None  # the driver takes them for what they are there: 0 and 1
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _hex(value: UUID | None) -> str | None:
    return None if value is None else f"{value.int:032x}"


def _outward(kind: TypeEngine[Any], dialect: Dialect, code: object) -> _Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, code)
