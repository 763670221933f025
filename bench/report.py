"""Plain tables, and what was asked beside what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and its bound: at most `bound`, or at least where `at_least` is set."""

    name: str
    measured: float
    bound: float
    at_least: bool = False

    @property
    def reached(self) -> bool:
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound

    def row(self) -> tuple[str, ...]:
        target = f"{'≥' if self.at_least else '≤'} {self.bound:g}"
        return (self.name, f"{self.measured:.3g}", target, "yes" if self.reached else "no")


_ALL: list[Goal] = []


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns: the first one to the left, the others to the right."""
    lines = [tuple(headers), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        first, *others = (
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join((first, *others)).rstrip())
    print()


def goals(reached: Iterable[Goal]) -> None:
    some = list(reached)
    _ALL.extend(some)
    table(("", "measured", "target", "reached"), (goal.row() for goal in some))


def summary() -> None:
    """Print every goal of this run once more, as a table in Markdown."""
    print("| | measured | target | reached |\n|---|---|---|---|")
    for goal in _ALL:
        print(f"| {' | '.join(goal.row())} |")
