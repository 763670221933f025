from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import median
from time import perf_counter, perf_counter_ns


def median_us(calls: Iterable[Callable[[], object]], seconds: float) -> float:
    """Return the median time of the calls in µs; they are taken one by one until the time is up."""
    times: list[int] = []
    deadline = perf_counter() + seconds
    for call in calls:
        started = perf_counter_ns()
        call()
        times.append(perf_counter_ns() - started)
        if perf_counter() > deadline:
            break
    return median(times) / 1e3
