"""Noting what admins, coaches and the operator did, in the transaction in which they do it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection

from app.storage import audit, learners
from app.storage.audit import AuditRow
from app.storage.ids import new_id

Action = Literal[
    "learner.created",
    "learner.changed",
    "learner.erased",
    "learners.imported",
    "role.changed",
    "token.replaced",
    "token.revoked",
    "room.opened",
    "room.closed",
    "mark.given",
    "report.decided",
    "regrade.begun",
]

OPERATOR: Final = "operator"
"""Whoever may run commands beside the database."""

PROVIDER: Final = "provider"
"""The provider that people sign in through, where it says which role somebody has."""


def note(
    connection: Connection,
    actor: UUID | None,
    action: Action,
    subject: UUID | None,
    now: datetime,
    *,
    nobody: str = OPERATOR,
    **details: str | int | list[str],
) -> None:
    """Store that somebody did something to `subject`; without an actor it is `nobody`: the operator or the provider.

    The details are codes, counts and ids: nothing that a person wrote or is called by, no token and no code of a room.
    """
    learner = None if actor is None else learners.get(connection, actor)
    role = nobody if learner is None else learner.role
    audit.add(connection, AuditRow(new_id(), now, actor, role, action, subject, json.dumps(details)))
