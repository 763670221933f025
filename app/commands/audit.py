"""`crossdrill audit`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from app.commands.console import out, read_only
from app.settings import Settings
from app.storage import audit

app = typer.Typer()


@app.command("audit")
def show_audit(
    actor: Annotated[UUID | None, typer.Option(help="Only what this learner did.")] = None,
    subject: Annotated[UUID | None, typer.Option(help="Only what was done to this learner, problem or report.")] = None,
    action: Annotated[str | None, typer.Option(help="Only acts of this kind, as role.changed.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most, the newest first.")] = 100,
) -> None:
    """Show what admins, coaches and the operator did: time, role, actor, act, subject and details, an act a line."""
    rows = read_only(
        Settings(), lambda connection: audit.page(connection, actor=actor, subject=subject, action=action, limit=limit)
    )
    for row in rows:
        when, who, what = f"{row.happened_at:%Y-%m-%dT%H:%M:%SZ}", row.actor_id or "-", row.subject_id or "-"
        out.print(when, row.actor_role, who, row.action, what, row.details, markup=False)
