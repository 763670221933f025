"""Learners and their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection

from app.errors import NotFoundError
from app.services.streaks import zone_of
from app.storage import learners, tokens
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.learners import LearnerRow
from app.storage.tokens import TokenRow

TOKEN_MARK = "crossdrill_"  # noqa: S105 - how a token starts, for people and for scanners that look for leaked ones
SHOWN_CHARACTERS = len(TOKEN_MARK) + 6


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made: the only time that its text is known."""

    row: TokenRow
    text: str


def digest(token: str) -> str:
    """Return what is stored of a token: it is random and long, so a plain hash can't be searched."""
    return sha256(token.encode()).hexdigest()


def enrol(
    connection: Connection, *, name: str, role: str, language: str, secret: str, now: datetime, time_zone: str = "UTC"
) -> tuple[LearnerRow, NewToken]:
    """Store a new learner and return it with its first token, made of `secret`: at least 32 random bytes as text.

    UnknownZoneError for a time zone that there isn't.
    """
    learner = LearnerRow(new_id(), name, role, language, now, zone_of(time_zone).key)
    learners.add(connection, learner)
    return learner, add_token(connection, learner.id, name="first", secret=secret, now=now)


def add_token(
    connection: Connection,
    learner_id: UUID,
    *,
    name: str,
    secret: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> NewToken:
    """Store a new token of a learner and return it."""
    token = TOKEN_MARK + secret
    row = tokens.add(
        connection,
        learner_id,
        name=name,
        prefix=token[:SHOWN_CHARACTERS],
        digest=digest(token),
        now=now,
        expires_at=expires_at,
    )
    return NewToken(row, token)


def find(connection: Connection, learner_id: UUID) -> LearnerRow:
    """Return a learner; NotFoundError where there is none of that id."""
    learner = learners.get(connection, learner_id)
    if learner is None:
        raise NotFoundError
    return learner


def change(
    connection: Connection,
    learner_id: UUID,
    *,
    name: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
    streak: bool | None = None,
) -> LearnerRow:
    """Change what is given of a learner and return it.

    Raises
    ------
    NotFoundError
        There is none of that id.
    UnknownZoneError
        There is no such time zone; nothing is changed.
    """
    zone = None if time_zone is None else zone_of(time_zone).key
    learner = learners.update(connection, learner_id, name=name, language=language, time_zone=zone, streak=streak)
    if learner is None:
        raise NotFoundError
    return learner


def revoke_token(connection: Connection, learner_id: UUID, token_id: UUID, now: datetime) -> None:
    """End a token of a learner; NotFoundError where the learner has none of that id that still stands."""
    if not tokens.revoke(connection, learner_id, token_id, now):
        raise NotFoundError


def erase(connection: Connection, learner_id: UUID, now: datetime) -> None:
    """Remove a learner with everything of theirs. The local learner starts anew, for local access always has one."""
    local = find(connection, learner_id) if learner_id == LOCAL_LEARNER else None
    learners.erase(connection, learner_id)
    if local is not None:
        learners.add(connection, LearnerRow(local.id, "local", local.role, "en", now))
