"""The command line: `crossdrill serve`, `migrate`, `settings`, `token create`, `bank check` and `bank show`."""

from __future__ import annotations

import asyncio
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from app.services import accounts
from app.settings import Settings
from app.storage import migrate as migrations
from app.storage.database import Database
from app.storage.errors import StorageError
from quiz_bank import rendering, skeleton
from quiz_bank.check import HEAD, SEEDS, check_all, row, summary
from quiz_bank.problem import Family, Language
from quiz_bank.registry import FAMILIES, UnknownFamilyError, family
from quiz_bank.variants import draw, preset

app = typer.Typer(name="crossdrill", no_args_is_help=True, add_completion=False, help="Practise cross-entropy for interviews.")
tokens = typer.Typer(no_args_is_help=True, help="Bearer tokens.")
bank = typer.Typer(no_args_is_help=True, help="The families of problems.")
app.add_typer(tokens, name="token")
app.add_typer(bank, name="bank")

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def main() -> None:
    """Run the command line; an expected failure is one sentence and exit status 1."""
    try:
        app()
    except StorageError as error:
        _stop(str(error))
    except ValidationError as error:
        _stop("\n".join(f"{_variable(e['loc'])}{e['msg'].removeprefix('Value error, ')}" for e in error.errors()))


def _variable(location: tuple[int | str, ...]) -> str:
    return f"CROSSDRILL_{str(location[0]).upper()}: " if location else ""


def _stop(sentence: str) -> None:
    err.print(f"crossdrill: {escape(sentence)}", style="red")
    raise SystemExit(1)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(help="Server processes; more than one needs PostgreSQL.")] = None,
) -> None:
    """Serve until stopped."""
    for name, value in (("HOST", host), ("PORT", port), ("WORKERS", workers)):
        if value is not None:
            os.environ[f"CROSSDRILL_{name}"] = str(value)  # the server's processes read their settings from there
    settings = Settings()
    migrations.require_head(settings.database_url)
    _greet(settings)
    uvicorn.run(
        "app.main:create_app_from_env",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=20,
    )


def _greet(settings: Settings) -> None:
    address = f"http://{settings.host}:{settings.port}"
    out.print(f"Crossdrill on [bold]{address}[/], stored in {escape(str(settings.masked()['database_url']))}")
    out.print(f"Read about the calls at {address}/docs, or try:")
    body = '{"family": "cross-entropy-one-hot", "preset": "mock-question"}'
    out.print(f"  curl -s {address}/v1/problems -H 'Content-Type: application/json' -d '{body}'", markup=False)


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema; an SQLite file is created where there is none."""
    settings = Settings()
    before = migrations.current(settings.database_url)
    migrations.upgrade(settings.database_url)
    where = escape(str(settings.masked()["database_url"]))
    after = migrations.current(settings.database_url)
    out.print(f"{where} is at {after} already." if before == after else f"{where} is now at {after}.")


@app.command("settings")
def list_settings() -> None:
    """List every setting with its value and meaning; secrets are masked."""
    grid = Table("Variable", "Value", "Meaning")
    for name, value in Settings().masked().items():
        grid.add_row(f"CROSSDRILL_{name.upper()}", escape(str(value)), escape(Settings.model_fields[name].description or ""))
    out.print(grid)


@tokens.command("create")
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

    out.print(asyncio.run(_written(Settings(), work)), markup=False)


async def _written(settings: Settings, work: Any) -> Any:  # noqa: ANN401 - whatever the work returns
    database = Database(settings.database_url)
    await database.open()
    try:
        return await database.write(work)
    finally:
        await database.close()


@bank.command("check")
def check_bank(
    slugs: Annotated[list[str] | None, typer.Argument(help="Families to prove; all where none is named.")] = None,
    seeds: Annotated[int, typer.Option(help="Drawings of each family.", min=1)] = SEEDS,
) -> None:
    """Prove every family, or those named: drawn, answered, graded, explained and rendered; fails where one fails."""
    chosen = [_family(slug).slug for slug in slugs or FAMILIES]
    reports = []
    out.print(HEAD, markup=False)
    for report in check_all(chosen, seeds):
        reports.append(report)
        out.print(row(report), markup=False)
    out.print(summary(reports), markup=False)
    if any(report.failures for report in reports):
        raise SystemExit(1)


@bank.command("new")
def new_family(
    slug: Annotated[str, typer.Argument(help="The new family's slug: lower-case words with hyphens.")],
    into: Annotated[Path, typer.Option(help="The folder that holds the families.")] = Path("quiz_bank/families"),
) -> None:
    """Write the folder of a new family that passes its proof, to be changed into yours; see docs/authoring.md."""
    try:
        folder = skeleton.write(slug, into)
    except FileExistsError:
        _stop(f"{into} holds that family already.")
    except ValueError as error:
        _stop(str(error))
    else:
        out.print(f"Wrote {folder}. Register {slug} in quiz_bank/registry.py, then: crossdrill bank check {slug}", markup=False)


@bank.command("show")
def show_family(
    slug: Annotated[str, typer.Argument(help="The family.")],
    seed: Annotated[str, typer.Option(help="Any text; the same one gives the same problem.")] = "0",
    level: Annotated[int | None, typer.Option(help="The level; the lowest where none is given.")] = None,
    preset_name: Annotated[str | None, typer.Option("--preset", help="A named problem in place of a drawing.")] = None,
    language: Annotated[Language, typer.Option(help="en or zh.")] = "en",
) -> None:
    """Print a problem with its hints, solution and misconceptions."""
    chosen = _family(slug)
    _known("preset", preset_name, [None, *chosen.presets])
    _known("level", level, [None, *chosen.levels])
    variant = preset(chosen, preset_name) if preset_name else draw(chosen, level or min(chosen.levels), seed).variant
    for heading, text in rendering.everything(variant, language):
        out.print(heading, style="bold", markup=False)
        out.print(text, markup=False, end="\n\n")


def _family(slug: str) -> Family[Any]:
    try:
        return family(slug)
    except UnknownFamilyError as error:
        near = f" Did you mean {', '.join(error.near)}?" if error.near else ""
        _stop(f"There is no family {slug}.{near}")
        raise


def _known(what: str, given: object, known: list[Any]) -> None:
    if given not in known:
        _stop(f"There is no {what} {given} here. There is: {', '.join(str(each) for each in known if each is not None)}.")
