"""From nats to bits and dits."""

from __future__ import annotations

from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.logforms import LogBase, base_number

_UNITS = {2: (1.4426950408889634, 2.0355273740931033e-17), 10: (0.4342944819032518, 1.098319650216765e-17)}
"""1/ln 2 and 1/ln 10, each as a float64 and what that lacks."""


def in_base(nats: Floats, log_base: LogBase) -> Floats:
    """Convert an amount of information; what the factor's float64 lacks is added, so only the product is rounded.

    Raises
    ------
    ValueError
        For an unknown base.
    """
    base = base_number(log_base)
    if base == 1:
        return nats
    high, low = _UNITS[base]
    return nats * high + nats * low
