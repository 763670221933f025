"""`crossdrill migrate-data`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column, Table
from sqlalchemy import URL, make_url

from app.commands.console import err, out, stop
from app.settings import masked_url
from app.storage import copying
from app.storage.backup import require_unserved
from app.storage.copying import Comparison, Notice
from app.storage.engines import parse_url, sqlite_path

app = typer.Typer()


@app.command("migrate-data")
def migrate_data(
    source: Annotated[str, typer.Argument(help="The URL of the database to copy, such as sqlite:///./var/crossdrill.sqlite3.")],
    target: Annotated[str, typer.Argument(help="The URL of the database to fill, such as postgresql://user@host/name.")],
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Copy nothing; only compare the two.")] = False,
) -> None:
    """Copy everything from one database into another, then compare every table by counts and checksums.

    Stop the service first. What was stopped is continued by the same command.
    """
    if _place(source) == _place(target):
        stop("The source and the target are the same database.")
    rows = copying.size(source)
    if not verify:
        require_unserved(parse_url(source))
        with _watched("Copying", rows) as notice:
            copying.copy(source, target, notice)
    with _watched("Comparing", rows) as notice:
        compared = copying.compare(source, target, notice)
    _show(compared)
    _stop_if_different(compared)
    out.print(f"{masked_url(make_url(target))} holds everything that {masked_url(make_url(source))} does.", markup=False)


def _place(url: str) -> URL | Path:
    """Return what is the same for the same database: of a file its path, however it is written."""
    parsed = parse_url(url)
    path = sqlite_path(parsed)
    return parsed if path is None else path.resolve()


@contextmanager
def _watched(what: str, rows: int) -> Iterator[Notice]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(what, total=rows)
        yield lambda more: progress.advance(task, more)


def _show(compared: list[Comparison]) -> None:
    grid = Table("Table", Column("Rows", justify="right"), "SHA-256", "")
    for each in compared:
        for side in dict.fromkeys((each.source, each.target)):
            grid.add_row(each.table, f"{side.rows:,}", side.checksum[:16], "differs" if each.differs_at else "same")
    out.print(grid)


def _stop_if_different(compared: list[Comparison]) -> None:
    different = [f"{each.table} from {each.differs_at} on" for each in compared if each.differs_at is not None]
    if different:
        stop(f"The two differ: {'; '.join(different)}. Either was written to meanwhile, or the copy was changed.")
