"""Who comes in through a provider of sign-ins: somebody known, somebody of a list, or somebody new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection

from app.errors import CrossdrillError, LastAdminError, UnknownZoneError
from app.services import accounts, audit
from app.services.rosters import key_of
from app.services.streaks import zone_of
from app.storage import identities
from app.storage.identities import IdentityRow
from app.storage.learners import ROSTER, LearnerRow


class NotEnrolledError(CrossdrillError):
    """The provider knows them, and nobody here does while registration is closed."""

    code = "registration-closed"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a provider vouches for. `email` is empty unless it is theirs for certain; `role` None where it says nothing."""

    issuer: str
    subject: str
    name: str
    email: str = ""
    language: Literal["en", "zh"] = "en"
    time_zone: str = "UTC"
    role: str | None = None


def signed_in(connection: Connection, person: Person, now: datetime, *, closed: bool) -> LearnerRow:
    """Return the learner whom a person is here, with the role that the provider gives them, if it gives any.

    Raises
    ------
    NotEnrolledError
        They are new, and registration is closed.
    """
    learner_id = identities.find(connection, person.issuer, person.subject)
    if learner_id is None:
        learner_id = _of_list(connection, person) or _made(connection, person, now, closed=closed)
        identities.add(connection, IdentityRow(person.issuer, person.subject, learner_id, now))
    if person.role is None:
        return accounts.find(connection, learner_id)
    try:
        return accounts.give_role(connection, learner_id, person.role, now, by=None, nobody=audit.PROVIDER)
    except LastAdminError:  # better an admin too many than none to mend it
        return accounts.find(connection, learner_id)


def _of_list(connection: Connection, person: Person) -> UUID | None:
    """Return whom the list of a class has under the same address; not whom the provider knows as another already."""
    found = identities.find(connection, ROSTER, key_of("email", person.email)) if person.email else None
    if found is None or any(row.issuer == person.issuer for row in identities.of_learner(connection, found)):
        return None
    return found


def _made(connection: Connection, person: Person, now: datetime, *, closed: bool) -> UUID:
    if closed:
        raise NotEnrolledError
    try:
        zone = zone_of(person.time_zone).key
    except UnknownZoneError:
        zone = "UTC"
    learner = accounts.make(connection, name=person.name, role="learner", language=person.language, now=now, time_zone=zone)
    return learner.id
