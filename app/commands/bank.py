"""`crossdrill bank …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.arguments import chosen_family, require_known
from app.commands.console import out, stop
from quiz_bank import rendering, skeleton
from quiz_bank.check import HEAD, SEEDS, check_all, row, summary
from quiz_bank.problem import Language
from quiz_bank.registry import FAMILIES
from quiz_bank.variants import draw, preset

app = typer.Typer(no_args_is_help=True, help="The families of problems.")


@app.command("check")
def check_bank(
    slugs: Annotated[list[str] | None, typer.Argument(help="Families to prove; all where none is named.")] = None,
    seeds: Annotated[int, typer.Option(help="Drawings of each family.", min=1)] = SEEDS,
) -> None:
    """Prove every family, or those named: drawn, answered, graded, explained and rendered; fails where one fails."""
    chosen = [chosen_family(slug).slug for slug in slugs or FAMILIES]
    reports = []
    out.print(HEAD, markup=False)
    for report in check_all(chosen, seeds):
        reports.append(report)
        out.print(row(report), markup=False)
    out.print(summary(reports), markup=False)
    if any(report.failures for report in reports):
        raise SystemExit(1)


@app.command("new")
def new_family(
    slug: Annotated[str, typer.Argument(help="The new family's slug: lower-case words with hyphens.")],
    into: Annotated[Path, typer.Option(help="The folder that holds the families.")] = Path("quiz_bank/families"),
) -> None:
    """Write the folder of a new family that passes its proof, to be changed into yours; see docs/authoring.md."""
    if not into.is_dir():
        stop(f"There is no folder {into}.")
    try:
        folder = skeleton.write(slug, into)
    except FileExistsError:
        stop(f"{into} holds that family already.")
    except ValueError as error:
        stop(str(error))
    out.print(f"Wrote {folder}. Register {slug} in quiz_bank/registry.py, then: crossdrill bank check {slug}", markup=False)


@app.command("show")
def show_family(
    slug: Annotated[str, typer.Argument(help="The family.")],
    seed: Annotated[str, typer.Option(help="Any text; the same one gives the same problem.")] = "0",
    level: Annotated[int | None, typer.Option(help="The level; the lowest where none is given.")] = None,
    preset_name: Annotated[str | None, typer.Option("--preset", help="A named problem in place of a drawing.")] = None,
    language: Annotated[Language, typer.Option(help="en or zh.")] = "en",
) -> None:
    """Print a problem with its hints, solution and misconceptions."""
    chosen = chosen_family(slug)
    require_known("preset", preset_name, chosen.presets)
    require_known("level", level, chosen.levels)
    variant = preset(chosen, preset_name) if preset_name else draw(chosen, level or min(chosen.levels), seed).variant
    for heading, text in rendering.everything(variant, language):
        out.print(heading, style="bold", markup=False)
        out.print(text, markup=False, end="\n\n")
