"""Responses kept under the caller's Idempotency-Key, so that a request that is sent twice takes effect once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.errors import IdempotencyKeyReusedError
from app.storage.models import idempotency
from app.storage.prepared import Prepared
from app.storage.types import UtcDateTime

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response as it was sent; `headers` and `body` are the texts given to `complete`."""

    status: int
    headers: str
    body: str


def _claim(insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    """Insert, or take over a record that is too old or was never completed."""
    given = ("caller", "key", "learner_id", "fingerprint", "created_at")
    fresh = insert.excluded
    return insert.values({name: bindparam(name) for name in given}).on_conflict_do_update(
        index_elements=[idempotency.c.caller, idempotency.c.key],
        set_={
            "learner_id": fresh.learner_id,
            "fingerprint": fresh.fingerprint,
            "status": None,
            "headers": None,
            "body": None,
            "created_at": fresh.created_at,
        },
        where=or_(
            idempotency.c.status.is_(None),
            idempotency.c.created_at < bindparam("oldest", type_=UtcDateTime),
        ),
    )


_CLAIM = {
    "sqlite": Prepared(_claim(sqlite.insert(idempotency))),
    "postgresql": Prepared(_claim(postgresql.insert(idempotency))),
}
_OWN = and_(idempotency.c.caller == bindparam("its_caller"), idempotency.c.key == bindparam("its_key"))
_GET = Prepared(select(idempotency.c.fingerprint, idempotency.c.status, idempotency.c.headers, idempotency.c.body).where(_OWN))
_RESPONSE = ("learner_id", "status", "headers", "body")
_COMPLETE = Prepared(update(idempotency).where(_OWN).values({name: bindparam(name) for name in _RESPONSE}))
_PURGE = Prepared(idempotency.delete().where(idempotency.c.created_at < bindparam("oldest")))


def claim(
    connection: Connection,
    caller: str,
    key: str,
    fingerprint: str,
    now: datetime,
    *,
    learner_id: UUID | None = None,
) -> StoredResponse | None:
    """Take the key for this transaction and return None, or return the response that is kept under it.

    The record is written first, so that of two processes at once the second waits here until the first has committed.
    Until it is completed, a record is erased with `learner_id`.

    Raises
    ------
    IdempotencyKeyReusedError
        The key was used for another request (another `fingerprint`) within `KEPT_FOR`.
    """
    values = {
        "caller": caller,
        "key": key,
        "learner_id": learner_id,
        "fingerprint": fingerprint,
        "created_at": now,
        "oldest": now - KEPT_FOR,
    }
    if _CLAIM[connection.dialect.name].run(connection, values) == 1:
        return None
    [[kept_fingerprint, *response]] = _GET.all(connection, {"its_caller": caller, "its_key": key})
    if kept_fingerprint != fingerprint:
        raise IdempotencyKeyReusedError
    return StoredResponse(*response)


def complete(
    connection: Connection, caller: str, key: str, response: StoredResponse, *, learner_id: UUID | None = None
) -> None:
    """Keep the response under the key that this transaction has claimed; it is erased with the learner whom it speaks of."""
    values = {
        "its_caller": caller,
        "its_key": key,
        "learner_id": learner_id,
        "status": response.status,
        "headers": response.headers,
        "body": response.body,
    }
    _COMPLETE.run(connection, values)


def purge(connection: Connection, older_than: datetime) -> int:
    """Remove the records from before `older_than` and return how many there were."""
    return _PURGE.run(connection, {"oldest": older_than})
