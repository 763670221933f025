"""The names that an answer may hold, all in lower case."""

import math
from collections.abc import Callable
from typing import Final

from quiz_bank.problem import Unit


def sigmoid(logit: float) -> float:
    """Return 1 / (1 + exp(-logit)), without overflow for any logit.

    Examples
    --------
    The naive formula overflows here:

    >>> sigmoid(-710.0)
    4.47628622567513e-309
    """
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    odds = math.exp(logit)
    return odds / (1 + odds)


FUNCTIONS: Final[dict[str, Callable[[float], float]]] = {
    "ln": math.log,
    "log": math.log,
    "log2": math.log2,
    "lb": math.log2,
    "log10": math.log10,
    "lg": math.log10,
    "log1p": math.log1p,
    "exp": math.exp,
    "expm1": math.expm1,
    "sqrt": math.sqrt,
    "sigmoid": sigmoid,
    "abs": abs,
}
LOGARITHMS: Final = frozenset({"ln", "log", "log2", "lb", "log10", "lg"})

CONSTANTS: Final[dict[str, float]] = {
    "pi": math.pi,
    "e": math.e,
    **dict.fromkeys(("inf", "infinity", "无穷", "无穷大", "正无穷", "正无穷大"), math.inf),
    **dict.fromkeys(("负无穷", "负无穷大"), -math.inf),
}

_ALIASES: Final[dict[Unit, tuple[str, ...]]] = {
    "nats": ("nat", "nats", "奈特"),
    "bits": ("bit", "bits", "比特"),
    "dits": ("dit", "dits", "ban", "bans", "hartley", "hartleys", "哈特", "哈特利", "哈特莱"),
}
UNITS: Final[dict[str, Unit]] = {alias: unit for unit, aliases in _ALIASES.items() for alias in aliases}
