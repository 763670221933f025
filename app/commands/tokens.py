"""`crossdrill token …`."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer
from sqlalchemy import Connection

from app.commands.console import out, stop, written
from app.commands.learners import Whom, chosen
from app.services import accounts, audit
from app.settings import Settings
from app.storage import tokens

app = typer.Typer(no_args_is_help=True, help="Bearer tokens.")


@app.command("create")
def create_token(
    role: Annotated[Literal["learner", "coach", "admin"], typer.Option(help="What the new learner may do.")] = "learner",
    name: Annotated[str, typer.Option(help="The new learner's name.")] = "admin",
    language: Annotated[Literal["en", "zh"], typer.Option(help="The new learner's language.")] = "en",
) -> None:
    """Create a learner with a role and print its token, once."""
    settings, now, secret = Settings(), datetime.now(UTC), secrets.token_urlsafe(32)
    ends = accounts.end_of(now, None, settings.longest_token)

    def work(connection: Connection) -> str:
        learner, token = accounts.enrol(
            connection, name=name, role=role, language=language, secret=secret, now=now, expires_at=ends
        )
        audit.note(connection, None, "learner.created", learner.id, now, role=role)
        return token.text

    out.print(written(settings, work), markup=False)


@app.command("replace")
def replace_token(
    learner: Whom,
    keep: Annotated[bool, typer.Option("--keep", help="Let the other tokens and sessions go on.")] = False,
) -> None:
    """Print a new token for somebody who lost theirs, once; the other ones end."""
    settings, now, secret = Settings(), datetime.now(UTC), secrets.token_urlsafe(32)
    ends, whose = accounts.end_of(now, None, settings.longest_token), chosen(settings, learner)

    def work(connection: Connection) -> str:
        token = accounts.replace_tokens(
            connection, whose, name="replacement", secret=secret, now=now, expires_at=ends, keep=keep, by=None
        )
        return token.text

    out.print(written(settings, work), markup=False)


@app.command("revoke")
def revoke_tokens(
    learner: Whom,
    prefix: Annotated[str, typer.Option(help="Only tokens that start so, as far as their lists show.")] = "",
) -> None:
    """End the tokens and sessions of a learner at once."""
    settings, now = Settings(), datetime.now(UTC)
    whose = chosen(settings, learner)

    def work(connection: Connection) -> int:
        ended = tokens.revoke_all(connection, whose, now, prefix=prefix)
        if ended:
            audit.note(connection, None, "token.revoked", whose, now, ended=ended)
        return ended

    ended = written(settings, work)
    if not ended:
        stop("No token that stands starts so." if prefix else "No token of theirs stands.")
    out.print(f"Ended: {ended}.")
