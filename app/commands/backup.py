"""`crossdrill backup` and `crossdrill restore`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from sqlalchemy import URL, make_url

from app.commands.console import err, out, stop
from app.settings import SECRET_QUERY_KEYS, Settings
from app.storage import backup as service
from app.storage.backup import Notice
from app.storage.engines import sqlite_path
from app.storage.migrate import head

app = typer.Typer()

DUMP = "PostgreSQL backs itself up. Run: pg_dump --format=custom --file={file} '{url}'"
UNDUMP = (
    "PostgreSQL restores itself. Stop the service and run: "
    "pg_restore --clean --if-exists --single-transaction --dbname='{url}' {file}"
)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
) -> None:
    """Write everything into one file while the service runs, and check it by opening it."""
    database = _database(DUMP, file)
    if not database.exists():
        stop(f"{database}: there is no such file.")
    if file.exists() and (file.is_dir() or file.samefile(database) or not force):
        stop(f"{file} is there already: choose another name{'' if force else ', or replace it with --force'}.")
    with _watched("Copying") as notice:
        contents = service.back_up(database, file, notice)
    out.print(f"{file} holds {contents.attempts:,} attempts, at schema {contents.revision}, and is sound.", markup=False)


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that crossdrill backup wrote.")]) -> None:
    """Put a backup in the place of the database, which is kept beside; stop the service first."""
    database = _database(UNDUMP, file)
    with _watched("Copying") as notice:
        restored = service.restore(file, database, datetime.now(UTC), notice)
    held = restored.contents
    migrated = "" if held.revision == head() else f", migrated from schema {held.revision} to {head()}"
    out.print(f"{database} now holds the {held.attempts:,} attempts of {file}{migrated}.", markup=False)
    if restored.kept is not None:
        out.print(f"What was there is kept as {restored.kept}.", markup=False)


def _database(otherwise: str, file: Path) -> Path:
    """Return the file that the settings name; of PostgreSQL say what to do instead, without the password."""
    url = make_url(Settings().database_url)
    path = sqlite_path(url)
    if path is None:
        stop(otherwise.format(url=_for_programs(url), file=file))
    return path


def _for_programs(url: URL) -> str:
    """Return the URL as PostgreSQL's own programs take it; they ask for the password, or find it in PGPASSWORD or a file."""
    options = {key: value for key, value in url.query.items() if key.lower() not in SECRET_QUERY_KEYS}
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database, options)
    return shown.render_as_string()


@contextmanager
def _watched(what: str) -> Iterator[Notice]:
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)
