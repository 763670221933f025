"""`crossdrill export …`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from app.commands.console import out
from app.errors import FieldError, InvalidInputError
from app.exports import moodle
from app.exports.selection import DEFAULT_COUNT, select
from app.exports.texts import text
from quiz_bank.problem import Language

app = typer.Typer(no_args_is_help=True, help="Problems with their solutions, as files for other programs.")

Families: TypeAlias = Annotated[list[str] | None, typer.Option("--family", help="A family; give it once for each.")]
Topic: TypeAlias = Annotated[str | None, typer.Option(help="Only families of this topic.")]
Level: TypeAlias = Annotated[int | None, typer.Option(help="Only problems of this level.")]
Count: TypeAlias = Annotated[int, typer.Option(help="How many problems of each family.")]
In: TypeAlias = Annotated[Language, typer.Option("--language", help="en or zh.")]
Out: TypeAlias = Annotated[Path, typer.Option("--out", help="The file to write.", dir_okay=False)]
Force: TypeAlias = Annotated[bool, typer.Option("--force", help="Overwrite the file where there is one.")]


@app.command("anki")
def export_anki(
    family: Families = None,
    topic: Topic = None,
    level: Level = None,
    count: Count = DEFAULT_COUNT,
    language: In = "en",
    target: Out = Path("crossdrill.apkg"),
    *,
    force: Force = False,
) -> None:
    """Write a deck for Anki; one that is imported over an older one changes its notes and adds none twice."""
    from app.exports.anki import deck  # noqa: PLC0415 - it brings a library that takes a while to import

    _require_free(target, force=force)
    selection = select(family or (), topic=topic, level=level, count=count)
    _write(target, deck(selection, language, datetime.now(UTC)))


@app.command("moodle")
def export_moodle(
    family: Families = None,
    topic: Topic = None,
    level: Level = None,
    count: Count = DEFAULT_COUNT,
    language: In = "en",
    target: Out = Path("crossdrill-moodle.xml"),
    *,
    force: Force = False,
) -> None:
    """Write a question file for Moodle, which judges and explains there as the service does."""
    _require_free(target, force=force)
    selection = select(family or (), topic=topic, level=level, count=count)
    _write(target, moodle.questions(selection, language))


def _require_free(target: Path, *, force: bool) -> None:
    if target.exists() and not force:
        raise InvalidInputError(errors=(FieldError("--out", text("file-exists", "en", file=target)),))


def _write(target: Path, content: bytes) -> None:
    target.write_bytes(content)
    out.print(f"Wrote {target}.", markup=False)
