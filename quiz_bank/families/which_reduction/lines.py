"""A batch, and lines of code that make one number of it: each is a weighted sum of logarithms, and so is exact."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, TypeAlias

from quiz_bank.families.on_batches import Rows, chosen, weighted_surprisal
from quiz_bank.problem import Exact

EPSILON: Final = Fraction(1, 10)

Factors: TypeAlias = list[Fraction]
"""By how much each sample's loss counts in a number."""


@dataclass(frozen=True, slots=True)
class Batch:
    prediction: Rows
    target: tuple[int, ...]
    weights: tuple[Exact, ...]

    @property
    def ignored(self) -> int:
        """The class that is ignored where a line ignores one: the first sample's."""
        return self.target[0]

    @property
    def factors(self) -> Factors:
        return [Fraction(self.weights[t]) for t in self.target]

    @property
    def kept(self) -> Factors:
        return [Fraction(int(t != self.ignored)) for t in self.target]


Line: TypeAlias = tuple[str, Callable[[Batch], Factors]]
"""The code, with the ignored class to be filled in, and what it does to the losses."""


def ones(b: Batch) -> Factors:
    return [Fraction(1)] * len(b.target)


def entries(b: Batch) -> int:
    return len(b.prediction) * len(b.prediction[0])


def over(divisor: Fraction | int, factors: Factors) -> Factors:
    return [factor / divisor for factor in factors]


def worst(b: Batch) -> Factors:
    own = chosen(b.prediction, b.target)
    return [Fraction(int(i == own.index(min(own)))) for i in range(len(own))]


def best(b: Batch) -> Factors:
    own = chosen(b.prediction, b.target)
    return [Fraction(int(i == own.index(max(own)))) for i in range(len(own))]


LINES: Final[dict[str, Line]] = {
    "plain": ("F.cross_entropy(z, y)", lambda b: over(len(b.target), ones(b))),
    "sum": ('F.cross_entropy(z, y, reduction="sum")', ones),
    "over-all-entries": ('F.cross_entropy(z, y, reduction="sum") / z.numel()', lambda b: over(entries(b), ones(b))),
    "weight": ("F.cross_entropy(z, y, weight=w)", lambda b: over(sum(b.factors), b.factors)),
    "weight-sum": ('F.cross_entropy(z, y, weight=w, reduction="sum")', lambda b: b.factors),
    "weight-none-mean": (
        'F.cross_entropy(z, y, weight=w, reduction="none").mean()',
        lambda b: over(len(b.target), b.factors),
    ),
    "ignore": ("F.cross_entropy(z, y, ignore_index={ignored})", lambda b: over(sum(b.kept), b.kept)),
    "ignore-none-mean": (
        'F.cross_entropy(z, y, ignore_index={ignored}, reduction="none").mean()',
        lambda b: over(len(b.target), b.kept),
    ),
    "ignore-sum": ('F.cross_entropy(z, y, ignore_index={ignored}, reduction="sum")', lambda b: b.kept),
    "none-max": ('F.cross_entropy(z, y, reduction="none").max()', worst),
    "none-min": ('F.cross_entropy(z, y, reduction="none").min()', best),
    "smoothing": ("F.cross_entropy(z, y, label_smoothing=0.1)", lambda b: over(len(b.target), ones(b))),
}


def terms(batch: Batch, code: str) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield the factor of each logarithm that takes part, and the probability that it is taken of."""
    for row, target, factor in zip(batch.prediction, batch.target, LINES[code][1](batch), strict=True):
        spread = EPSILON / len(row) if code == "smoothing" else Fraction(0)
        for k, q in enumerate(row):
            share = spread + (1 - spread * len(row) if k == target else 0)
            if factor * share:
                yield factor * share, Fraction(q)


@lru_cache(maxsize=256)  # drawing, proving and grading one problem ask for it again and again
def value(batch: Batch, code: str) -> float:
    """Return what a line prints, the float64 nearest to the exact value."""
    factors, probabilities = zip(*terms(batch, code), strict=True)
    return weighted_surprisal(factors, probabilities)


def losses(batch: Batch) -> tuple[float, ...]:
    """Return the loss of each sample."""
    return tuple(weighted_surprisal([Fraction(1)], [q]) for q in chosen(batch.prediction, batch.target))
