"""Inputs of every kind that the reference engine must round correctly, drawn from a fixed seed."""

import math
import random
from collections.abc import Callable
from decimal import Decimal

from quiz_bank.engine.reference import Exact

SMALLEST = 5e-324


def draws(name: str, count: int = 12) -> list[random.Random]:
    return [random.Random(f"{name} {number}") for number in range(count)]  # noqa: S311 - test inputs, no secrets


def _decimal(draw: random.Random, size: float, digits: int) -> Decimal:
    return round(Decimal(draw.uniform(-size, size)), digits)


def _classes(draw: random.Random) -> int:
    return draw.randint(2, 6)


def textbook_logits(draw: random.Random) -> list[Exact]:
    return [_decimal(draw, 5, draw.choice((0, 1, 2))) for _ in range(_classes(draw))]


def binary_logits(draw: random.Random) -> list[Exact]:
    return [draw.gauss(0, 3) for _ in range(_classes(draw))]


def confident_logits(draw: random.Random) -> list[Exact]:
    logits: list[Exact] = [draw.uniform(-1, 1) for _ in range(_classes(draw))]
    logits[draw.randrange(len(logits))] = draw.uniform(20, 700)
    return logits


def extreme_logits(draw: random.Random) -> list[Exact]:
    choices = (1e300, -1e300, 1e4, -1e4, 745.2, -745.2, SMALLEST, 1e-300, 0.0, 709.8)
    return [draw.choice(choices) for _ in range(_classes(draw))]


def offset_logits(draw: random.Random) -> list[Exact]:
    return [1e8 + draw.uniform(-2, 2) for _ in range(_classes(draw))]


def many_logits(draw: random.Random) -> list[Exact]:
    return [draw.gauss(0, 2) for _ in range(draw.choice((10, 33, 64)))]


def nearly_equal_logits(draw: random.Random) -> list[Exact]:
    return [1 + draw.choice((0.0, 1e-15, -1e-15, 1e-9, 3e-12)) for _ in range(_classes(draw))]


def masked_logits(draw: random.Random) -> list[Exact]:
    logits = binary_logits(draw)
    logits[0] = -math.inf
    return logits


LOGITS: dict[str, Callable[[random.Random], list[Exact]]] = {
    "textbook": textbook_logits,
    "binary": binary_logits,
    "confident": confident_logits,
    "extreme": extreme_logits,
    "offset": offset_logits,
    "many": many_logits,
    "nearly equal": nearly_equal_logits,
    "masked": masked_logits,
}


def percent_distribution(draw: random.Random, classes: int) -> list[Exact]:
    cuts = sorted(draw.sample(range(1, 100), classes - 1))
    return [Decimal(b - a) / 100 for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]


def float_distribution(draw: random.Random, classes: int) -> list[Exact]:
    weights = [draw.expovariate(1) for _ in range(classes)]
    return [weight / sum(weights) for weight in weights]


def extreme_distribution(draw: random.Random, classes: int) -> list[Exact]:
    tiny = (SMALLEST, 3 * SMALLEST, 1e-300, 1e-310, 1e-17, 0.5)
    return [draw.choice(tiny) for _ in range(classes)]


def nearly_one_hot(draw: random.Random, classes: int) -> list[Exact]:
    tiny = Decimal(draw.randint(1, 99)).scaleb(-draw.randint(10, 18))
    return [1 - tiny, tiny, *[Decimal(0)] * (classes - 2)]


DISTRIBUTIONS: dict[str, Callable[[random.Random, int], list[Exact]]] = {
    "percent": percent_distribution,
    "float": float_distribution,
    "extreme": extreme_distribution,
    "nearly one-hot": nearly_one_hot,
}


def nudged(draw: random.Random, distribution: list[Exact]) -> list[Exact]:
    """Give a distribution next to the given one, where the terms of a divergence cancel."""
    return [p if p == 0 else math.nextafter(float(p), draw.choice((0.0, 1.0))) for p in distribution]


def scalar_logits(draw: random.Random) -> list[Exact]:
    """Give single logits over all magnitudes of a float64."""
    magnitudes = [draw.uniform(1, 10) * 10.0 ** draw.randint(-320, 300) for _ in range(15)]
    usual = [draw.uniform(-40, 40) for _ in range(15)]
    decimals = [_decimal(draw, 800, 2) for _ in range(15)]
    positive: list[Exact] = [*magnitudes, *usual, *decimals, 1e300, SMALLEST, 36.7, 745.13]
    return [z for size in positive for z in (size, -size)]
