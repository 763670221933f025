"""What is counted of a family: rates, times, misconceptions, and whether it tells the strong from the weak."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

from sqlalchemy import Connection

from app.storage import analytics
from app.storage.analytics import CountRow, MomentRow, Sample

FEWEST_LEARNERS: Final = 20
"""With fewer, a correlation says more of who they are than of the problems."""

SAME_RATE: Final = 1e-12
"""A variance of rates that is no larger is what rounding leaves where all of them are equal."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How a family fares at one level, or at all of them together (`ALL_LEVELS`).

    `answered` of the `problems` had a first try; `attempts` are all tries that count. `misconceptions` are how many first tries
    show each, the commonest first. Where `suppressed` is set, none of it is told.
    """

    family: str
    level: int
    problems: int = 0
    answered: int = 0
    attempts: int = 0
    learners: int = 0
    first_right: int = 0
    solved: int = 0
    median_seconds: float | None = None
    discrimination: float | None = None
    misconceptions: tuple[tuple[str, int], ...] = ()
    suppressed: bool = False

    @property
    def first_try_rate(self) -> float | None:
        """The share of first tries that were right."""
        return self.first_right / self.answered if self.answered else None

    @property
    def difficulty(self) -> float | None:
        """The share of first tries that were not right."""
        return self.first_wrong / self.answered if self.answered else None

    @property
    def solved_rate(self) -> float | None:
        """The share of the problems that were solved in the end."""
        return self.solved / self.problems if self.problems else None

    @property
    def first_wrong(self) -> int:
        """How many first tries were not right."""
        return self.answered - self.first_right


def counted(connection: Connection, sample: Sample) -> list[Figures]:
    """Return what is quickly counted of a sample: no times, no misconceptions, no discrimination."""
    return [
        Figures(**{name: getattr(row, name) for name in CountRow.__slots__}) for row in analytics.counts(connection, sample)
    ]


def tallied(connection: Connection, sample: Sample) -> list[Figures]:
    """Return the figures of a sample but for the discrimination: by family, all levels together first."""
    medians = analytics.medians(connection, sample)
    mistakes: defaultdict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
    for mistake in analytics.mistakes(connection, sample):
        mistakes[mistake.family, mistake.level].append((mistake.code, mistake.count))
    return [
        replace(
            each,
            median_seconds=medians.get((each.family, each.level)),
            misconceptions=tuple(mistakes[each.family, each.level]),
        )
        for each in counted(connection, sample)
    ]


def with_discrimination(figures: Iterable[Figures], moments: Iterable[MomentRow]) -> list[Figures]:
    """Return the figures with the correlation of each; sums of different learners for one family and level are added."""
    added: dict[tuple[str, int], MomentRow] = {}
    for row in moments:
        before = added.get((row.family, row.level))
        added[row.family, row.level] = row if before is None else _sum(before, row)
    found = {cell: correlation(row) for cell, row in added.items()}
    return [replace(each, discrimination=found.get((each.family, each.level))) for each in figures]


def _sum(one: MomentRow, other: MomentRow) -> MomentRow:
    sums = {name: getattr(one, name) + getattr(other, name) for name in MomentRow.__slots__[2:]}
    return replace(one, **sums)


def correlation(moments: MomentRow) -> float | None:
    """Return the point-biserial correlation of right first tries with their learners' rate in all other families.

    Between −1 and 1; None with fewer than `FEWEST_LEARNERS` learners, and where all tries or all rates are equal.
    """
    right, rest = moments.right / moments.tries, moments.rest / moments.tries
    spread = moments.rest_squared / moments.tries - rest * rest
    if moments.learners < FEWEST_LEARNERS or spread <= SAME_RATE or right in (0, 1):
        return None
    together = moments.right_and_rest / moments.tries - right * rest
    return max(-1.0, min(1.0, together / sqrt(spread * right * (1 - right))))
