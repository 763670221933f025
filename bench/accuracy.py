"""How far results are from the exact ones, in units of the last place: quantity by regime, ours beside what is usual.

The truth is the reference face, which is itself held against interval arithmetic on a sample. A "!" marks a wrong sign, zero
for what is not zero, nan, or an infinity in place of a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from random import Random

import numpy as np
from numpy.typing import ArrayLike

from bench.contenders import QUANTITIES, Case, Quantity
from bench.optional import library
from bench.report import Goal, goals, table
from tests.engine.regimes import DISTRIBUTIONS, LOGITS, draws, nudged, scalar_logits

CASES = 150
SAMPLE = 3


def run(scale: float) -> None:
    """Print the largest error of each cell, and whether our bounds hold."""
    rows, worst = [], dict.fromkeys(QUANTITIES, 0.0)
    for name, quantity in QUANTITIES.items():
        for regime, cases in _regimes(quantity, max(10, round(CASES * scale))):
            errors = _errors(quantity, cases)
            worst[name] = max(worst[name], errors[1] or 0.0)
            rows.append((name, regime, *map(_shown, errors)))
    print("Largest error in units of the last place\n")
    table(("", "", "reference", "arrays", "SciPy", "plain NumPy"), rows)
    if library("scipy") is None:
        print("scipy: not installed\n")
    goals(Goal(f"{name}, arrays", error, QUANTITIES[name].bound) for name, error in worst.items())


def _regimes(quantity: Quantity, count: int) -> Iterator[tuple[str, list[Case]]]:
    if quantity.kind == "logits":
        for regime, make in LOGITS.items():
            yield regime, [_with_target(draw, list(map(float, make(draw)))) for draw in draws(regime, count)]
    elif quantity.kind == "scalars":
        scalars = [float(z) for z in scalar_logits(Random(0))]  # noqa: S311 - inputs to measure, no secrets
        yield "textbook", [(y, z) for y in (0, 1) for z in scalars if 1e-3 < abs(z) < 20]
        yield "saturated", [(y, z) for y in (0, 1) for z in scalars if 20 <= abs(z) <= 800]
        yield "extreme", [(y, z) for y in (0, 1) for z in scalars if not 1e-3 < abs(z) <= 800]
    else:
        for regime in ("percent", "float", "nearly one-hot"):
            yield regime, [_pair(draw, regime) for draw in draws(regime, count)]
        yield "nearly equal", [_neighbours(draw) for draw in draws("nearly equal", count)]


def _with_target(draw: Random, logits: list[float]) -> Case:
    return logits, max(range(len(logits)), key=logits.__getitem__) if draw.random() < 0.5 else draw.randrange(len(logits))


def _pair(draw: Random, regime: str) -> Case:
    classes = draw.randint(2, 8)
    first, second = (DISTRIBUTIONS[regime](draw, classes) for _ in range(2))
    return [float(p) for p in first], [float(q) for q in second]


def _neighbours(draw: Random) -> Case:
    first = DISTRIBUTIONS["float"](draw, 4)
    return [float(p) for p in first], [float(q) for q in nudged(draw, first)]


def _errors(quantity: Quantity, cases: list[Case]) -> list[float | None]:
    truths = [quantity.reference(*case) for case in cases]
    checked = None if quantity.oracle is None else _largest(quantity.oracle, cases[:SAMPLE], truths[:SAMPLE])
    return [
        checked,
        *(_largest(function, cases, truths) for function in (quantity.arrays, quantity.scipy, quantity.plain)),
    ]


@np.errstate(all="ignore")
def _largest(function: Callable[..., ArrayLike] | None, cases: list[Case], truths: Sequence[ArrayLike]) -> float | None:
    if function is None:
        return None
    return max(_error(function(*case), truth) for case, truth in zip(cases, truths, strict=True))


@np.errstate(all="ignore")
def _error(measured: ArrayLike, exact: ArrayLike) -> float:
    """Give the largest distance; inf stands for what is wrong rather than inexact."""
    ours, truth = np.asarray(measured, dtype=float), np.asarray(exact, dtype=float)
    lost = (ours == 0) & (np.abs(truth) > np.finfo(float).tiny)
    wrong = (np.sign(ours) * np.sign(truth) < 0) | ~np.isfinite(ours) | ~np.isfinite(truth) | lost
    distance = np.where(wrong, np.inf, np.abs(ours - truth) / np.spacing(np.abs(truth)))
    return float(np.max(np.where(ours == truth, 0.0, distance)))


def _shown(error: float | None) -> str:
    if error is None:
        return "–"
    if math.isinf(error):
        return "!"
    return f"{error:.0f}" if error < 1000 else f"{error:.0e}".replace("e+", "e")
