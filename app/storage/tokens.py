from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, select, update

from app.storage.ids import new_id
from app.storage.learners import CALLER_COLUMNS, CallerRow
from app.storage.models import learners, tokens
from app.storage.prepared import Prepared
from app.storage.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A bearer token without the token: its visible beginning is all that is left to know it by."""

    id: UUID
    learner_id: UUID
    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = None


_COLUMNS = tuple(tokens.c[name] for name in TokenRow.__slots__)

_INSERT = Prepared(tokens.insert())
_ALL = Prepared(select(*_COLUMNS).where(tokens.c.learner_id == bindparam("learner")).order_by(tokens.c.id.desc()))
_REVOKE = Prepared(
    update(tokens)
    .where(
        tokens.c.id == bindparam("token"),
        tokens.c.learner_id == bindparam("learner"),
        tokens.c.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("now"))
)
_REVOKE_DIGEST = Prepared(
    update(tokens)
    .where(tokens.c.digest == bindparam("its_digest"), tokens.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_STANDS = (
    tokens.c.revoked_at.is_(None),
    or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > bindparam("now", type_=UtcDateTime)),
)
_REVOKE_ALL = (
    update(tokens)
    .where(tokens.c.learner_id == bindparam("learner"), *_STANDS)
    .values(revoked_at=bindparam("now", type_=UtcDateTime))
)
_USED = Prepared(
    update(tokens)
    .where(
        tokens.c.digest == bindparam("its_digest"),
        or_(tokens.c.last_used_at.is_(None), tokens.c.last_used_at < bindparam("used_at", type_=UtcDateTime)),
    )
    .values(last_used_at=bindparam("used_at", type_=UtcDateTime))
)
_FIND = Prepared(
    select(*CALLER_COLUMNS, tokens.c.digest)
    .join_from(tokens, learners, learners.c.id == tokens.c.learner_id)
    .where(
        tokens.c.digest == bindparam("digest"),
        *_STANDS,
    )
)
_KNOWN = Prepared(select(tokens.c.id).where(tokens.c.digest == bindparam("digest")))


def add(
    connection: Connection,
    learner_id: UUID,
    *,
    name: str,
    prefix: str,
    digest: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> TokenRow:
    """Store a new token by its digest (SHA-256 in hexadecimal)."""
    token = TokenRow(new_id(), learner_id, name, prefix, now, expires_at, None)
    _INSERT.run(connection, {**{name: getattr(token, name) for name in TokenRow.__slots__}, "digest": digest})
    return token


def add_all(connection: Connection, rows: Sequence[tuple[TokenRow, str]]) -> None:
    """Store many new tokens, each with its digest, with one statement."""
    fields = TokenRow.__slots__
    if rows:
        values = [{**{name: getattr(token, name) for name in fields}, "digest": digest} for token, digest in rows]
        connection.execute(tokens.insert(), values)


def all_of(connection: Connection, learner_id: UUID) -> list[TokenRow]:
    """Return every token of the learner, the newest first, expired and revoked ones too."""
    return [TokenRow(*row) for row in _ALL.all(connection, {"learner": learner_id})]


def revoke(connection: Connection, learner_id: UUID, token_id: UUID, now: datetime) -> bool:
    """End a token; False if the learner has none of that id that still stands."""
    return _REVOKE.run(connection, {"token": token_id, "learner": learner_id, "now": now}) == 1


def revoke_digest(connection: Connection, digest: str, now: datetime) -> bool:
    """End the token with this digest; False if there is none that still stands."""
    return _REVOKE_DIGEST.run(connection, {"its_digest": digest, "now": now}) == 1


def revoke_all(connection: Connection, learner_id: UUID, now: datetime, *, prefix: str = "") -> int:
    """End every token of a learner that stands and starts with `prefix`; return how many there were."""
    query = _REVOKE_ALL.where(tokens.c.prefix.startswith(prefix, autoescape=True)) if prefix else _REVOKE_ALL
    return connection.execute(query, {"learner": learner_id, "now": now}).rowcount


def note_uses(connection: Connection, uses: Iterable[tuple[str, datetime]]) -> None:
    """Note when tokens were used, given by their digests; what is noted only moves forward, whoever else writes it.

    The digests are taken in their order, so that two processes that note the same tokens wait for each other, not both.
    """
    for digest, used_at in sorted(uses):
        _USED.run(connection, {"its_digest": digest, "used_at": used_at})


def purge(connection: Connection, ended_before: datetime) -> int:
    """Remove the tokens that expired or were revoked before a time, and return how many there were."""
    ended = or_(tokens.c.revoked_at < ended_before, tokens.c.expires_at < ended_before)
    return connection.execute(tokens.delete().where(ended)).rowcount


def id_of(connection: Connection, digest: str) -> UUID | None:
    """Return the id of the token of this digest, expired and revoked ones included; None where there never was one."""
    row = _KNOWN.first(connection, {"digest": digest})
    return None if row is None else row[0]


def is_known(connection: Connection, digest: str) -> bool:
    """Whether there is or was a token of this digest, expired and revoked ones included."""
    return id_of(connection, digest) is not None


def find_learner_by_digest(connection: Connection, digest: str, now: datetime) -> CallerRow | None:
    """Return whose token it is, None if it is unknown, expired or revoked.

    The index compares as far as digests agree, which tells of a digest and nothing of the token; what it finds is compared
    once more in constant time, so that no collation or index ever decides alone.
    """
    row = _FIND.first(connection, {"digest": digest, "now": now})
    if row is None or not compare_digest(row[-1], digest):
        return None
    return CallerRow(*row[:-1])
