from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, select, update

from app.storage.ids import new_id
from app.storage.learners import LEARNER_COLUMNS, LearnerRow
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
_FIND = Prepared(
    select(*LEARNER_COLUMNS)
    .join_from(tokens, learners, learners.c.id == tokens.c.learner_id)
    .where(
        tokens.c.digest == bindparam("digest"),
        tokens.c.revoked_at.is_(None),
        or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > bindparam("now", type_=UtcDateTime)),
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


def all_of(connection: Connection, learner_id: UUID) -> list[TokenRow]:
    """Return every token of the learner, the newest first, expired and revoked ones too."""
    return [TokenRow(*row) for row in _ALL.all(connection, {"learner": learner_id})]


def revoke(connection: Connection, learner_id: UUID, token_id: UUID, now: datetime) -> bool:
    """End a token; False if the learner has none of that id that still stands."""
    return _REVOKE.run(connection, {"token": token_id, "learner": learner_id, "now": now}) == 1


def revoke_digest(connection: Connection, digest: str, now: datetime) -> bool:
    """End the token with this digest; False if there is none that still stands."""
    return _REVOKE_DIGEST.run(connection, {"its_digest": digest, "now": now}) == 1


def is_known(connection: Connection, digest: str) -> bool:
    """Whether there is or was a token of this digest, expired and revoked ones included."""
    return _KNOWN.first(connection, {"digest": digest}) is not None


def find_learner_by_digest(connection: Connection, digest: str, now: datetime) -> LearnerRow | None:
    """Return whose token it is, None if it is unknown, expired or revoked."""
    row = _FIND.first(connection, {"digest": digest, "now": now})
    return LearnerRow(*row) if row is not None else None
