"""What a regrade changes, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import add

from rich.box import SIMPLE_HEAD
from rich.table import Column, Table

from app.commands.console import out
from app.services.regrade import Example, Tally

LEFT_ALONE = {
    "family-unavailable": "the family can't restore them any more",
    "asks-otherwise": "the family asks something else today than they showed",
}


def show(tallies: Mapping[str, Tally], what: str, *, examples: bool) -> None:
    """Print what the reviews of some families come to; `what` is how it is called: "changed" or "would change"."""
    whole = reduce(add, tallies.values(), Tally())
    out.print(f"How many problems and attempts were looked at; how many keys and verdicts {what}, and problems become solved:")
    out.print(_families(tallies))
    if not whole.changes:
        out.print(f"Nothing {what}.")
    else:
        out.print(_verdicts(whole, what))
    if examples and whole.examples:
        out.print("For example:")
        for line in (line for example in whole.examples for line in _lines(example)):
            out.print(line, markup=False)
    for why, count in whole.left_alone.items():
        out.print(f"{count} problems are left alone: {LEFT_ALONE[why]}.", markup=False)
    if whole.refused:
        out.print(f"{whole.refused} attempts can't be read today and keep the verdict that they have, such as:")
        for attempt in whole.unreadable:
            out.print(f"  {attempt.attempt_id}  {attempt.reason}", markup=False)


def _families(tallies: Mapping[str, Tally]) -> Table:
    looked_at = (Column(name, justify="right") for name in ("Problems", "Attempts", "Keys", "Verdicts", "Solved"))
    table = Table(Column("Family", no_wrap=True), *looked_at, box=SIMPLE_HEAD)
    for slug, tally in tallies.items():
        numbers = (tally.problems, tally.attempts, tally.corrected, tally.changed, tally.solved)
        table.add_row(slug, *map(str, numbers))
    return table


def _verdicts(whole: Tally, what: str) -> Table:
    table = Table("Verdict before", "Verdict after", Column(f"Attempts that {what}", justify="right"), box=SIMPLE_HEAD)
    for (before, after), count in sorted(whole.verdicts.items()):
        table.add_row(before, after, str(count))
    return table


def _lines(example: Example) -> Iterator[str]:
    yield f"  {example.family} {example.parameters}"
    for name, change in (("key", example.truths), ("verdict", example.verdicts)):
        if change is not None:
            yield f"    {name}: {' → '.join(change)}"
