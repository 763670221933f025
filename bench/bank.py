"""How long the bank takes to draw a problem, and to read and judge an answer, in each family."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import count, cycle
from math import isfinite
from statistics import median
from typing import Any

from bench.clock import in_loops, loop_us, pace
from bench.report import Goal, goals, table
from quiz_bank.grading.judge import grade
from quiz_bank.problem import Family, Part, Variant
from quiz_bank.registry import FAMILIES
from quiz_bank.variants import draw

SECONDS = 0.4
PREPARED = 200
COLUMNS = ("draw", "right decimals", "wrong decimals", "expression")


def run(scale: float) -> None:
    """Print the medians of each family, and the median family."""
    rows = {slug: _measure(family, SECONDS * scale) for slug, family in FAMILIES.items()}
    middle = [median(known) for column in zip(*rows.values(), strict=True) if (known := [t for t in column if t is not None])]
    print(f"Bank, median of one problem or one whole answer in µs. {pace()}\n")
    rows["median family"] = tuple(middle)
    loop = loop_us()
    table(("", *COLUMNS), ((slug, *("–" if t is None else f"{t * loop:.1f}" for t in row)) for slug, row in rows.items()))
    goals(
        [
            Goal("draw a problem, µs", middle[0] * loop, 200),
            Goal("read and judge plain decimals, µs", middle[1] * loop, 10),
            Goal("read and judge an expression, µs", middle[3] * loop, 100),
        ]
    )


def _measure(family: Family[Any], seconds: float) -> tuple[float | None, ...]:
    levels = cycle(family.levels)
    variants = [draw(family, next(levels), f"answer {number}").variant for number in range(PREPARED)]
    drawn = in_loops(_drawings(family), seconds)
    if not all(isinstance(part, Part) for variant in variants for part in variant.parts):
        return drawn, None, None, None  # letters are no decimals, and faster
    typed = [family.expression(variant.parameters) for variant in variants]
    right = [_decimals(variant, 1.0) for variant in variants]
    wrong = [_decimals(variant, 1.37) for variant in variants]
    expressions = [{**decimals, **texts} for decimals, texts in zip(right, typed, strict=True)]
    return (
        drawn,
        in_loops(_gradings(variants, right), seconds),
        in_loops(_gradings(variants, wrong), seconds),
        in_loops(_gradings(variants, expressions), seconds) if any(typed) else None,
    )


def _drawings(family: Family[Any]) -> Iterator[Callable[[], object]]:
    return (partial(draw, family, level, f"seed {n}") for level, n in zip(cycle(family.levels), count(), strict=True))


def _gradings(variants: list[Variant[Any]], answers: Sequence[Mapping[str, object]]) -> Iterator[Callable[[], object]]:
    return cycle([partial(grade, variant, answer) for variant, answer in zip(variants, answers, strict=True)])


def _decimals(variant: Variant[Any], factor: float) -> Mapping[str, object]:
    return {name: _typed(truth, factor) for name, truth in variant.truths.items()}


def _typed(truth: Any, factor: float) -> object:  # noqa: ANN401 - a number, or nested tuples of them
    """Return a value times a factor as a learner types it: six significant digits, and no power of ten."""
    if isinstance(truth, tuple):
        return [_typed(item, factor) for item in truth]
    number = truth * factor
    return format(Decimal(f"{number:.6g}"), "f") if isfinite(number) else str(number)
