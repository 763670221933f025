"""Which mistakes a learner keeps making, and which they have left behind."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from heapq import merge
from itertools import accumulate
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


def mistakes(tries: Iterable[Practised]) -> Mistakes:
    """Sort the mistakes in first tries, of which those of each family come the oldest first.

    One is overcome once three problems in a row that invite it were right at the first try, and until it is made again: a
    wrong answer of another kind doesn't bring it back. One that isn't, and was made twice or more, persists; those that
    were made most lately and most often come first. A pair of mistakes in one answer is both of them.
    """
    families: dict[str, list[Practised]] = {}
    made: dict[str, list[Practised]] = {}
    for row in tries:
        families.setdefault(row.family, []).append(row)
        for code in row.misconception.split("+") if row.misconception is not None else ():
            made.setdefault(code, []).append(row)
    for rows in made.values():
        rows.sort(key=_when)
    behind = {code for code, rows in made.items() if _is_overcome(code, rows[-1].happened_at, families)}
    persisting = [code for code, rows in made.items() if code not in behind and len(rows) >= PERSISTING_FROM]
    return Mistakes(
        tuple(_recurring(code, made[code]) for code in sorted(persisting, key=lambda code: (-_pressure(made[code]), code))),
        tuple(_recurring(code, made[code]) for code in sorted(behind, key=lambda code: (_age(made[code][-1]), code))),
    )


def _is_overcome(code: str, last: datetime, families: Mapping[str, Sequence[Practised]]) -> bool:
    """Whether enough problems that invite a mistake were right in a row after it was made for the last time."""
    inviting = [rows for slug, rows in families.items() if code in _invited(slug)]
    after = merge(*(rows[bisect_right(rows, last, key=_when) :] for rows in inviting), key=_when)  # looked at as far as needed
    runs = accumulate(after, lambda run, row: run + 1 if row.right else 0, initial=0)
    return any(run >= OVERCOME_AFTER for run in runs)


def _pressure(rows: Sequence[Practised]) -> float:
    """Return the logarithm of the weights' sum: none is so old that it couldn't be told from another."""
    ages = [_age(row) for row in rows]
    return log2(sum(exp2(ages[-1] - age) for age in ages)) - ages[-1]


def _age(row: Practised) -> float:
    """Return how old it is in half-lives, counted from a fixed day: what came after that has a negative age."""
    return (_EPOCH - row.happened_at) / HALF_LIFE


def _when(row: Practised) -> datetime:
    return row.happened_at


def _recurring(code: str, rows: Sequence[Practised]) -> Recurring:
    families = tuple(dict.fromkeys(row.family for row in rows))
    return Recurring(code, families, len(rows), rows[0].happened_at, rows[-1])


@cache
def _invited(slug: str) -> frozenset[str]:
    """Return the mistakes that a family of the bank invites."""
    family = FAMILIES.get(slug)
    return frozenset() if family is None else frozenset(family.misconception_codes)
