"""What admins, coaches and the operator did: added to, read, and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select

from app.storage.models import audit


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act; `details` is a JSON object of codes, counts and ids, and holds nothing that a person wrote or is called."""

    id: UUID
    happened_at: datetime
    actor_id: UUID | None
    actor_role: str
    action: str
    subject_id: UUID | None
    details: str


_COLUMNS = tuple(audit.c[name] for name in AuditRow.__slots__)


def add(connection: Connection, row: AuditRow) -> None:
    """Store an act."""
    connection.execute(audit.insert().values({name: getattr(row, name) for name in AuditRow.__slots__}))


def page(
    connection: Connection,
    *,
    actor: UUID | None = None,
    subject: UUID | None = None,
    action: str | None = None,
    before: UUID | None = None,
    limit: int,
) -> list[AuditRow]:
    """Return up to `limit` acts, the newest first, from the one that follows `before` on."""
    query = select(*_COLUMNS).order_by(audit.c.id.desc()).limit(limit)
    for column, value in ((audit.c.actor_id, actor), (audit.c.subject_id, subject), (audit.c.action, action)):
        if value is not None:
            query = query.where(column == value)
    if before is not None:
        query = query.where(audit.c.id < before)
    return [AuditRow(*row) for row in connection.execute(query)]


def purge(connection: Connection, older_than: datetime) -> int:
    """Remove what happened before `older_than` and return how much that was."""
    return connection.execute(delete(audit).where(audit.c.happened_at < older_than)).rowcount
