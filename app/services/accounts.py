"""Learners and their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection

from app.errors import LastAdminError, NotFoundError
from app.services import audit
from app.services.streaks import zone_of
from app.storage import learners, tokens
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.learners import LearnerRow, SeenLearner
from app.storage.tokens import TokenRow

TOKEN_MARK = "crossdrill_"  # noqa: S105 - how a token starts, for people and for scanners that look for leaked ones
SESSION_MARK = TOKEN_MARK + "web_"
"""How the token of a browser's session starts: all of them can be ended at once, and nothing else with them."""
SESSION_LASTS = timedelta(days=30)
SHOWN_CHARACTERS = len(TOKEN_MARK) + 6


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made: the only time that its text is known."""

    row: TokenRow
    text: str


def digest(token: str) -> str:
    """Return what is stored of a token: it is random and long, so a plain hash can't be searched."""
    return sha256(token.encode()).hexdigest()


def end_of(now: datetime, asked: datetime | None, longest: timedelta | None) -> datetime | None:
    """Return when a new token ends: as asked, and no later than the longest life of a token allows."""
    ends = [each for each in (asked, None if longest is None else now + longest) if each is not None]
    return min(ends, default=None)


def make(connection: Connection, *, name: str, role: str, language: str, now: datetime, time_zone: str = "UTC") -> LearnerRow:
    """Store and return a new learner; UnknownZoneError for a time zone that there isn't."""
    learner = LearnerRow(new_id(), name, role, language, now, zone_of(time_zone).key)
    learners.add(connection, learner)
    return learner


def enrol(
    connection: Connection,
    *,
    name: str,
    role: str,
    language: str,
    secret: str,
    now: datetime,
    time_zone: str = "UTC",
    expires_at: datetime | None = None,
) -> tuple[LearnerRow, NewToken]:
    """Store a new learner and return it with its first token, made of `secret`: at least 32 random bytes as text.

    UnknownZoneError for a time zone that there isn't.
    """
    learner = make(connection, name=name, role=role, language=language, now=now, time_zone=time_zone)
    return learner, add_token(connection, learner.id, name="first", secret=secret, now=now, expires_at=expires_at)


def add_token(
    connection: Connection,
    learner_id: UUID,
    *,
    name: str,
    secret: str,
    now: datetime,
    expires_at: datetime | None = None,
    mark: str = TOKEN_MARK,
) -> NewToken:
    """Store a new token of a learner and return it."""
    token = mark + secret
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


def begin_session(connection: Connection, learner_id: UUID, secret: str, now: datetime, longest: timedelta | None) -> NewToken:
    """Store and return the token of a browser that signs in."""
    ends = end_of(now, now + SESSION_LASTS, longest)
    return add_token(connection, learner_id, name="browser session", secret=secret, now=now, expires_at=ends, mark=SESSION_MARK)


def end_sessions(connection: Connection, learner_id: UUID, now: datetime) -> int:
    """Sign a learner out of every browser and return how many those were; other tokens stay."""
    return tokens.revoke_all(connection, learner_id, now, prefix=SESSION_MARK)


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


def account(connection: Connection, learner_id: UUID) -> LearnerRow:
    """Return a learner who may have roles and tokens; NotFoundError for guests of a room too, who have what it gives them."""
    learner = find(connection, learner_id)
    if learner.room_id is not None:
        raise NotFoundError
    return learner


def seen(connection: Connection, learner_id: UUID) -> SeenLearner:
    """Return a learner as an admin sees them; NotFoundError where there is none of that id."""
    return SeenLearner(find(connection, learner_id), learners.last_used(connection, learner_id))


def edit(
    connection: Connection,
    learner_id: UUID,
    now: datetime,
    *,
    by: UUID | None,
    name: str | None = None,
    role: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
) -> None:
    """Change what is given of somebody else; raises as `change` and `give_role` do."""
    account(connection, learner_id)
    given = {"name": name, "language": language, "time_zone": time_zone}
    changed = [field for field, value in given.items() if value is not None]
    if changed:
        change(connection, learner_id, name=name, language=language, time_zone=time_zone)
        audit.note(connection, by, "learner.changed", learner_id, now, fields=changed)
    if role is not None:
        give_role(connection, learner_id, role, now, by=by)


def give_role(
    connection: Connection, learner_id: UUID, role: str, now: datetime, *, by: UUID | None, nobody: str = audit.OPERATOR
) -> LearnerRow:
    """Change what a learner may do and return them; it counts from their next request on.

    Raises
    ------
    NotFoundError
        There is no account of that id.
    LastAdminError
        Nobody would be an admin any more.
    """
    before = account(connection, learner_id)
    if before.role == role:
        return before
    _require_another_admin(connection, before)
    audit.note(connection, by, "role.changed", learner_id, now, nobody=nobody, before=before.role, after=role)
    return learners.update(connection, learner_id, role=role) or before


def replace_tokens(
    connection: Connection,
    learner_id: UUID,
    *,
    name: str,
    secret: str,
    now: datetime,
    expires_at: datetime | None,
    keep: bool,
    by: UUID | None,
) -> NewToken:
    """Store and return a new token for somebody who lost theirs; every other one ends, unless they are to be kept.

    NotFoundError where there is no account of that id.
    """
    account(connection, learner_id)
    ended = 0 if keep else tokens.revoke_all(connection, learner_id, now)
    made = add_token(connection, learner_id, name=name, secret=secret, now=now, expires_at=expires_at)
    audit.note(connection, by, "token.replaced", learner_id, now, token=str(made.row.id), ended=ended)
    return made


def _require_another_admin(connection: Connection, learner: LearnerRow) -> None:
    """Raise LastAdminError if nobody could give roles without this learner; local access needs none to."""
    if learner.role == "admin" and learner.id != LOCAL_LEARNER and learners.is_last_admin(connection, learner.id):
        raise LastAdminError


def remove(connection: Connection, learner_id: UUID, now: datetime, *, by: UUID | None) -> None:
    """Remove somebody else with everything of theirs; raises as `find` and `erase` do."""
    audit.note(connection, by, "learner.erased", learner_id, now, role=find(connection, learner_id).role)
    erase(connection, learner_id, now)


def erase(connection: Connection, learner_id: UUID, now: datetime) -> None:
    """Remove a learner with everything of theirs. The local learner starts anew, for local access always has one.

    LastAdminError where nobody would be an admin any more.
    """
    learner = learners.get(connection, learner_id)
    if learner is not None:
        _require_another_admin(connection, learner)
    local = find(connection, learner_id) if learner_id == LOCAL_LEARNER else None
    learners.erase(connection, learner_id)
    if local is not None:
        learners.add(connection, LearnerRow(local.id, "local", local.role, "en", now))
