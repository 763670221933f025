"""Which mistakes a learner keeps making, and which they have left behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from math import exp2, log2
from typing import Final

from app.storage.history import Practised
from quiz_bank.registry import FAMILIES

PERSISTING_FROM: Final = 2
"""So often a mistake was made that persists: once may be a slip."""

OVERCOME_AFTER: Final = 3
"""So many problems in a row that invite a mistake, all right at the first try, and it is left behind."""

HALF_LIFE: Final = timedelta(days=14)
"""A mistake so much older than another weighs half as much: what comes back lately is what to work on."""

_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Recurring:
    """A mistake by its code: in which families and how often first tries showed it, and the last one that did."""

    code: str
    families: tuple[str, ...]
    times: int
    first_seen: datetime
    last: Practised


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What a learner keeps getting wrong, the most pressing first, and what they have overcome, the latest first."""

    persisting: tuple[Recurring, ...]
    overcome: tuple[Recurring, ...]


@dataclass(slots=True)
class _Trail:
    """Where a mistake was made, and how many problems that invite it were right in a row since."""

    code: str
    made: list[Practised] = field(default_factory=list)
    right_in_a_row: int = 0
    overcome: bool = False

    def again(self, row: Practised) -> None:
        self.made.append(row)
        self.right_in_a_row, self.overcome = 0, False

    def passed(self, *, right: bool) -> None:
        self.right_in_a_row = self.right_in_a_row + 1 if right else 0
        self.overcome = self.overcome or self.right_in_a_row >= OVERCOME_AFTER

    def pressure(self) -> float:
        """Return the logarithm of the weights' sum: none is so old that it couldn't be told from another."""
        ages = [(_EPOCH - row.happened_at) / HALF_LIFE for row in self.made]
        youngest = min(ages)
        return log2(sum(exp2(youngest - age) for age in ages)) - youngest

    def recurring(self) -> Recurring:
        families = tuple(dict.fromkeys(row.family for row in self.made))
        return Recurring(self.code, families, len(self.made), self.made[0].happened_at, self.made[-1])


def mistakes(tries: Iterable[Practised]) -> Mistakes:
    """Sort the mistakes in first tries, which come the oldest first.

    One is overcome once three problems in a row that invite it were right at the first try, and until it is made again: a
    wrong answer of another kind doesn't bring it back. One that isn't, and was made twice or more, persists; those that
    were made most lately and most often come first. A pair of mistakes in one answer is both of them.
    """
    trails: dict[str, _Trail] = {}
    for row in tries:
        made = row.misconception.split("+") if row.misconception is not None else []
        for code in _invited(row.family):
            if code in trails and code not in made:
                trails[code].passed(right=row.right is True)
        for code in made:
            trails.setdefault(code, _Trail(code)).again(row)
    overcome = [trail for trail in trails.values() if trail.overcome]
    persisting = [trail for trail in trails.values() if not trail.overcome and len(trail.made) >= PERSISTING_FROM]
    return Mistakes(
        tuple(trail.recurring() for trail in sorted(persisting, key=lambda trail: (-trail.pressure(), trail.code))),
        tuple(trail.recurring() for trail in sorted(overcome, key=lambda trail: trail.made[-1].happened_at, reverse=True)),
    )


@cache
def _invited(slug: str) -> tuple[str, ...]:
    """Return the mistakes that a family of the bank invites."""
    family = FAMILIES.get(slug)
    return () if family is None else family.misconception_codes
