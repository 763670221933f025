"""Times on a machine that is never alone: set against a plain loop beside them, and told at the speed it has when left alone.

What else runs on the same hardware slows everything by up to a half, for minutes at a time. A ratio to a loop that was timed at
the same moment doesn't change with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import fmean, median, quantiles
from time import perf_counter, perf_counter_ns
from typing import Final

_TURNS: Final = 2_000
_WINDOW_NS: Final = 2_000_000
"""For how long one look at the loop holds good."""

_loops: list[int] = []


def in_loops(calls: Iterable[Callable[[], object]], seconds: float) -> float:
    """Return the median time of the calls as a multiple of the loop's; they are taken one by one until the time is up."""
    ratios: list[float] = []
    deadline = perf_counter() + seconds
    remaining = iter(calls)
    before = _loop()
    while perf_counter() < deadline or not ratios:
        times = _window(remaining)
        if not times:
            break
        after = _loop()
        pace = (before + after) / 2
        ratios += [time / pace for time in times]
        before = after
    return median(ratios)


def _window(calls: Iterable[Callable[[], object]]) -> list[int]:
    times: list[int] = []
    end = perf_counter_ns() + _WINDOW_NS
    for call in calls:
        started = perf_counter_ns()
        call()
        now = perf_counter_ns()
        times.append(now - started)
        if now > end:
            break
    return times


def _loop() -> int:
    started = perf_counter_ns()
    total = 0
    for number in range(_TURNS):
        total += number * number
    _loops.append(perf_counter_ns() - started)
    return _loops[-1]


def loop_us() -> float:
    """Return the loop's time in µs at the machine's own speed: that of the fastest tenth of all loops of this run."""
    return quantiles(_loops, n=10)[0] / 1e3


def pace() -> str:
    """Say how fast the machine was, and how far it was slowed down."""
    own = loop_us() * 1e3
    slowed = fmean(_loops) / own - 1
    return f"At the machine's own speed, {own / _TURNS:.0f} ns a turn of a plain loop; others slowed it by {slowed:.0%}."
