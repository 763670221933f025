"""Misconceptions that many families share, and small helpers for recipes.

A recipe repeats a wrong computation, so it may meet a logarithm of zero: `ln` then goes on with -inf, and a value that isn't
finite simply plays no part in the diagnosis.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from quiz_bank.problem import UNIT_OF_BASE, Exact, LogBase, Part, SharedMisconception, Unit, Value

NATS_PER: Final[dict[Unit, float]] = {"nats": 1.0, "bits": math.log(2), "dits": math.log(10)}


def ln(x: Exact | float) -> float:
    """Return the natural logarithm as a plain float, -inf at zero."""
    return math.log(x) if x > 0 else -math.inf


def log(x: Exact | float, base: LogBase) -> float:
    """Return the logarithm to one of the bank's bases as a plain float, -inf at zero."""
    return ln(x) / NATS_PER[UNIT_OF_BASE[base]]


def over(value: Value, change: Callable[[float], float]) -> Value:
    """Return a scalar, vector or matrix with every number changed."""
    if isinstance(value, tuple):
        return tuple(over(item, change) for item in value)  # type: ignore[return-value]  # the shape stays as it was
    return change(value)


def scaled(value: Value, factor: float) -> Value:
    """Return a value with every number multiplied."""
    return over(value, lambda number: number * factor)


def convert(value: Value, source: Unit, target: Unit) -> Value:
    """Return a value in another unit of information."""
    return scaled(value, NATS_PER[source] / NATS_PER[target])


def _sign_flipped(part: Part) -> dict[str, Value]:
    return {"sign-flipped": scaled(part.truth, -1.0)}


def wrong_base_factors(unit: Unit | None) -> dict[str, float]:
    """Return by what each wrong log base multiplies a value in a unit of information; nothing for other values."""
    if unit is None:
        return {}
    return {f"wrong-log-base-{base}": NATS_PER[unit] / NATS_PER[other] for base, other in UNIT_OF_BASE.items() if other != unit}


def _wrong_log_base(part: Part) -> dict[str, Value]:
    factors = wrong_base_factors(part.unit)
    return {code: scaled(part.truth, factor) for code, factor in factors.items()}


SIGN_FLIPPED: Final = SharedMisconception(("sign-flipped",), _sign_flipped)
WRONG_LOG_BASE: Final = SharedMisconception(tuple(f"wrong-log-base-{base}" for base in UNIT_OF_BASE), _wrong_log_base)
