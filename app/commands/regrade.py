"""`crossdrill regrade`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import Connection

from app.commands.arguments import chosen_family
from app.commands.console import err, opened, out, read_only, stop
from app.commands.regrade_tables import show
from app.errors import UnavailableError
from app.services import regrade as service
from app.services.regrade import Tally
from app.settings import Settings
from app.storage import problem_reports, regrades
from app.storage.database import Database
from quiz_bank import registry

app = typer.Typer()

T = TypeVar("T")
Notice = Callable[[int], None]
"""Is told how many problems more are done."""

PAUSE_SECONDS: Final = 0.05
PATIENCE: Final = 5


@app.command()
def regrade(
    family: Annotated[list[str] | None, typer.Option(help="A family; give it once for each.")] = None,
    report: Annotated[UUID | None, typer.Option(help="The family that this problem report is about.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every family that problems are stored of.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would change and write nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
) -> None:
    """Judge stored answers again after a family or the grader was mended; it shows what would change before it writes.

    Restart the server on the mended version first. Serving goes on meanwhile, and what was stopped is continued.
    """
    settings = Settings()
    slugs = _chosen(settings, family or [], report, every=every)
    found = _run(settings, "Looking", _walk, slugs)
    show(found, "would change", examples=True)
    waiting = read_only(settings, partial(_waiting, found=found))
    if dry_run or not waiting:
        return
    if any(tally.changes for tally in found.values()) and not (yes or typer.confirm("Write this?")):
        stop("Nothing was written.")
    try:
        done = _run(settings, "Regrading", carry_out, waiting)
    except KeyboardInterrupt:
        err.print("What is done is stored. The same command goes on from there.")
        raise
    show(done, "changed", examples=False)


def _chosen(settings: Settings, given: list[str], report: UUID | None, *, every: bool) -> list[str]:
    if sum((bool(given), report is not None, every)) != 1:
        stop("Name what to regrade: --family, --report or --all, and only one of the three.")
    if given:
        return list(dict.fromkeys(chosen_family(slug).slug for slug in given))
    if report is not None:
        found = read_only(settings, lambda connection: problem_reports.find(connection, report))
        if found is None:
            stop(f"There is no problem report {report}.")
        return [chosen_family(found.family).slug]
    stored = read_only(settings, regrades.families)
    gone = [slug for slug in stored if slug not in registry.FAMILIES]
    if gone:
        out.print(f"Left alone, for they are not installed: {', '.join(gone)}.", markup=False)
    return [slug for slug in stored if slug in registry.FAMILIES]


def _waiting(connection: Connection, found: Mapping[str, Tally]) -> list[str]:
    """Return the families in which there is something to change, or a regrade to be finished."""
    return [slug for slug, tally in found.items() if tally.changes or service.unfinished(connection, slug, _now())]


def _now() -> datetime:
    return datetime.now(UTC)


Walk = Callable[[Database, str, Notice], Coroutine[Any, Any, Tally]]


def _run(settings: Settings, what: str, walk: Walk, slugs: list[str]) -> Mapping[str, Tally]:
    """Return what a walk over each family comes to, and show how far it is."""

    async def run() -> dict[str, Tally]:
        async with opened(settings) as database:
            return {slug: await _watched(database, what, walk, slug) for slug in slugs}

    return asyncio.run(run())


async def _watched(database: Database, what: str, walk: Walk, slug: str) -> Tally:
    start = await database.read(lambda connection: service.unfinished(connection, slug, _now()))
    total = await database.read(partial(regrades.count, family=slug, after=start.cursor if start else None))
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(f"{what} {slug}", total=total)
        return await walk(database, slug, lambda more: progress.advance(task, more))


async def _walk(database: Database, slug: str, notice: Notice) -> Tally:
    """Return what a regrade of a family would do from where it would begin; each batch is read from one snapshot."""
    start = await database.read(lambda connection: service.unfinished(connection, slug, _now()))
    after, whole = start.cursor if start else None, Tally()
    while found := await database.read(partial(service.look, slug=slug, after=after, now=_now())):
        after, whole = found[-1].problem.id, whole + service.tally(found)
        notice(len(found))
    return whole


async def carry_out(database: Database, slug: str, notice: Notice, *, limit: int = service.BATCH) -> Tally:
    """Regrade a family, or go on where that was stopped, and return what this did; others may do the same meanwhile."""
    regrade = await _patiently(lambda: database.write(partial(service.begin, slug=slug, now=_now())))
    whole = Tally()
    while regrade.finished_at is None:
        step = await _patiently(partial(_step, database, regrade, limit))
        regrade, whole = step.regrade, whole + step.done
        notice(step.done.problems)
        await asyncio.sleep(PAUSE_SECONDS)  # on SQLite others ask for the lock now and then: they need gaps to find it free
    return whole


async def _step(database: Database, regrade: regrades.RegradeRow, limit: int) -> service.Step:
    look = partial(service.look, slug=regrade.family, after=regrade.cursor, now=_now(), limit=limit)
    found = await database.read(look)
    return await database.write(partial(service.carry_on, regrade=regrade, found=found, now=_now()))


async def _patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Return what a call returns; where the database is busy with others' work it is asked again."""
    for _ in range(PATIENCE):
        try:
            return await call()
        except UnavailableError:
            await asyncio.sleep(PAUSE_SECONDS)
    return await call()
