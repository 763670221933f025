"""By what a provider of sign-ins, or the list of a class, knows a learner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from app.storage.models import identities
from app.storage.prepared import Prepared

AT_ONCE = 500
"""How many names one statement looks for."""


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """A learner as an issuer knows them: by a subject that it gives to nobody else."""

    issuer: str
    subject: str
    learner_id: UUID
    created_at: datetime


_FIELDS = IdentityRow.__slots__
_FIND = Prepared(
    select(identities.c.learner_id).where(
        identities.c.issuer == bindparam("issuer"), identities.c.subject == bindparam("subject")
    )
)


def add(connection: Connection, *rows: IdentityRow) -> None:
    """Store identities; two learners never share one."""
    if rows:
        connection.execute(identities.insert(), [{name: getattr(row, name) for name in _FIELDS} for row in rows])


def find(connection: Connection, issuer: str, subject: str) -> UUID | None:
    """Return whom an issuer knows by a subject, None where there is nobody."""
    row = _FIND.first(connection, {"issuer": issuer, "subject": subject})
    return None if row is None else UUID(str(row[0]))


def known(connection: Connection, issuer: str, subjects: Sequence[str]) -> dict[str, UUID]:
    """Return those of the subjects that an issuer's learners have, with whose they are."""
    found: dict[str, UUID] = {}
    for start in range(0, len(subjects), AT_ONCE):
        query = select(identities.c.subject, identities.c.learner_id).where(
            identities.c.issuer == issuer, identities.c.subject.in_(subjects[start : start + AT_ONCE])
        )
        found.update((row[0], row[1]) for row in connection.execute(query))
    return found


def of_learner(connection: Connection, learner_id: UUID) -> list[IdentityRow]:
    """Return everything that a learner is known by."""
    query = select(*(identities.c[name] for name in _FIELDS)).where(identities.c.learner_id == learner_id)
    return [IdentityRow(*row) for row in connection.execute(query.order_by(identities.c.issuer, identities.c.subject))]
