"""`crossdrill token …`."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer
from sqlalchemy import Connection

from app.commands.console import out, written
from app.services import accounts
from app.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Bearer tokens.")


@app.command("create")
def create_token(
    role: Annotated[Literal["learner", "coach", "admin"], typer.Option(help="What the new learner may do.")] = "learner",
    name: Annotated[str, typer.Option(help="The new learner's name.")] = "admin",
    language: Annotated[Literal["en", "zh"], typer.Option(help="The new learner's language.")] = "en",
) -> None:
    """Create a learner with a role and print its token, once."""

    def work(connection: Connection) -> str:
        now = datetime.now(UTC)
        secret = secrets.token_urlsafe(32)
        return accounts.enrol(connection, name=name, role=role, language=language, secret=secret, now=now)[1].text

    out.print(written(Settings(), work), markup=False)
