"""`crossdrill learners …`."""

from __future__ import annotations

import csv
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, TextIO
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Column, Table
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.commands.console import err, out, read_only, stop, written
from app.services import accounts, enrolment
from app.services.enrolment import Enrolled
from app.services.rosters import Fault, read_roster
from app.settings import Settings
from app.storage import learners

app = typer.Typer(no_args_is_help=True, help="Learners: a class from a list, roles, erasing.")

Whom = Annotated[str, typer.Argument(metavar="LEARNER", help="An id, or what the list of a class knows them by.")]


class _FaultyListError(Exception):
    """What the list says can't be; the transaction is taken back."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = faults


@app.command("import")
def import_learners(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV with a line of headings.")],
    tokens: Annotated[Path | None, typer.Option(help="A new file for the tokens, readable by you alone.")] = None,
    no_tokens: Annotated[bool, typer.Option("--no-tokens", help="Make none: people sign in through a provider.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
) -> None:
    """Enrol a class: columns name, and id, email, reference, role, language, time_zone as far as there are any.

    All are enrolled or nobody. Whoever is here already stays as they are, so the same list may come again.
    """
    settings, roster = Settings(), read_roster(file.read_bytes())
    _stop_for(file, roster.faults)
    if roster.ignored:
        err.print(f"Columns that mean nothing here: {', '.join(roster.ignored)}.", markup=False)
    if dry_run:
        standing = read_only(settings, lambda connection: enrolment.compare(connection, roster.entries))
        _stop_for(file, standing.faults)
        err.print(f"Would be enrolled: {len(standing.new)}. Here already: {len(standing.known)}. Nothing was changed.")
        return
    now = datetime.now(UTC)
    ends = accounts.end_of(now, None, settings.longest_token)
    with _outlet(tokens, none=no_tokens) as outlet:

        def work(connection: Connection) -> tuple[int, int]:
            standing = enrolment.compare(connection, roster.entries)
            if standing.faults:
                raise _FaultyListError(standing.faults)
            secret = None if no_tokens else lambda: secrets.token_urlsafe(32)
            enrolled = enrolment.enrol(connection, standing, now, secret, ends)
            _write(outlet, enrolled)  # before the commit: what can't be written down is not to exist
            return len(enrolled), len(standing.known)

        try:
            made, known = written(settings, work)
        except _FaultyListError as error:
            _stop_for(file, error.faults)
        except IntegrityError:
            stop("Somebody imports the same people at this moment. Nothing was changed; run it again.")
    err.print(f"Enrolled: {made}. Here already: {known}.")


def _stop_for(file: Path, faults: Sequence[Fault]) -> None:
    for fault in faults:
        err.print(f"{file.name}, line {fault.line}: {fault.what}", markup=False)
    if faults:
        stop(f"{len(faults)} {'problem' if len(faults) == 1 else 'problems'} in {file.name}. Nothing was changed.")


@contextmanager
def _outlet(file: Path | None, *, none: bool) -> Iterator[TextIO | None]:
    """Give where tokens are written to; a file is made for its owner alone, and goes again where nothing came of it."""
    if file is None:
        yield None if none else sys.stdout
        return
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="") as opened:
        try:
            yield opened
        except BaseException:
            file.unlink()
            raise


def _write(outlet: TextIO | None, enrolled: Sequence[Enrolled]) -> None:
    if outlet is None:
        return
    rows = csv.writer(outlet)
    rows.writerow(("name", "known_as", "learner", "token"))
    rows.writerows((each.entry.name, " ".join(each.entry.keys), each.learner_id, each.token) for each in enrolled)
    outlet.flush()
    if outlet is not sys.stdout:
        os.fsync(outlet.fileno())


def chosen(settings: Settings, text: str) -> UUID:
    """Return the one learner who is meant, or end the command."""
    those = read_only(settings, lambda connection: enrolment.whom(connection, text))
    if len(those) > 1:
        stop(f"{text} is said of {len(those)} people: name one by id. {', '.join(map(str, those))}")
    if not those:
        stop(f"There is no learner {text}. crossdrill learners list --find TEXT looks for one.")
    return those[0]


@app.command("list")
def list_learners(
    find: Annotated[str, typer.Option(help="Only those with this in their name, or in the list of a class.")] = "",
    role: Annotated[Literal["learner", "coach", "admin"] | None, typer.Option(help="Only those with this role.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most, the newest first.")] = 100,
) -> None:
    """List learners with their ids, roles and when a token of theirs was used last."""
    rows = read_only(Settings(), lambda connection: learners.page(connection, text=find, role=role, limit=limit))
    grid = Table(Column("Learner", no_wrap=True), Column("Name", overflow="fold"), "Role", "Last used")
    for each in rows:
        used = f"{each.last_used_at:%Y-%m-%d %H:%M}Z" if each.last_used_at else "never"
        grid.add_row(str(each.row.id), escape(each.row.name), each.row.role, used)
    out.print(grid)


@app.command("role")
def give_role(
    learner: Whom, role: Annotated[Literal["learner", "coach", "admin"], typer.Argument(help="What they may do.")]
) -> None:
    """Change what a learner may do; it counts from their next request on."""
    settings = Settings()
    who, now = chosen(settings, learner), datetime.now(UTC)
    written(settings, lambda connection: accounts.give_role(connection, who, role, now, by=None))


@app.command("erase")
def erase(learner: Whom, yes: Annotated[bool, typer.Option("--yes", help="Don't ask whether it is meant.")] = False) -> None:
    """Erase a learner with everything of theirs. This can't be undone."""
    settings = Settings()
    who, now = chosen(settings, learner), datetime.now(UTC)
    name = read_only(settings, lambda connection: accounts.find(connection, who).name)
    if not yes:
        typer.confirm(f"Erase {name} ({who}) with every problem, attempt and token?", abort=True)
    written(settings, lambda connection: accounts.remove(connection, who, now, by=None))
