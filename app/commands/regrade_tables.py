"""What a regrade changes, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import add

from rich.table import Table
from rich.text import Text

from app.commands.console import out
from app.services.regrade import Example, Tally

LEFT_ALONE = {
    "family-unavailable": "the family can't restore them any more",
    "asks-otherwise": "the family asks something else today than they showed",
}


def show(tallies: Mapping[str, Tally], what: str) -> None:
    """Print what the reviews of some families come to; `what` is how it is called: "changed" or "would change"."""
    whole = reduce(add, tallies.values(), Tally())
    out.print(_families(tallies))
    if not whole.changes:
        out.print("Nothing " + what + ".")
    else:
        out.print(_verdicts(whole, what))
        out.print(_examples(whole))
    for why, count in whole.left_alone.items():
        out.print(f"{count} problems are left alone: {LEFT_ALONE[why]}.", markup=False)
    if whole.refused:
        out.print(f"{whole.refused} attempts can't be read today and keep the verdict that they have, such as:")
        for attempt in whole.unreadable:
            out.print(f"  {attempt.attempt_id}  {attempt.reason}", markup=False)


def _families(tallies: Mapping[str, Tally]) -> Table:
    table = Table("Family", "Problems", "Attempts", "Keys corrected", "Verdicts changed", "Become solved")
    for slug, tally in tallies.items():
        numbers = (tally.problems, tally.attempts, tally.corrected, tally.changed, tally.solved)
        table.add_row(slug, *map(str, numbers))
    return table


def _verdicts(whole: Tally, what: str) -> Table:
    table = Table("Verdict before", "Verdict after", f"Attempts that {what}")
    for (before, after), count in sorted(whole.verdicts.items()):
        table.add_row(before, after, str(count))
    return table


def _examples(whole: Tally) -> Table:
    table = Table("Parameters", "Key", "Verdict", title="Examples", title_justify="left")
    for example in whole.examples:
        table.add_row(*map(Text, (example.parameters, *_changes(example))))
    return table


def _changes(example: Example) -> tuple[str, str]:
    return " → ".join(example.truths or ("as it was",)), " → ".join(example.verdicts or ("as it was",))
