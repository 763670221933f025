"""How long the reference engine takes for one problem. Every call has other numbers, drawn as problems draw them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count

from bench.clock import in_loops, loop_us, pace
from bench.report import Goal, goals, table
from quiz_bank.engine import reference
from quiz_bank.sampling import Stream

SECONDS = 1.0


def run(scale: float) -> None:
    """Print the median of each call."""
    loops = {name: in_loops(map(make, count()), SECONDS * scale) for name, make in CALLS.items()}
    loop = loop_us()
    times = {name: each * loop for name, each in loops.items()}
    print(f"Reference engine, median of one call. {pace()}\n")
    table(("", "µs"), ((name, f"{time:.1f}") for name, time in times.items()))
    goals([Goal("cross-entropy with gradient, K = 10, µs", times["cross-entropy with gradient, K = 10"], 200)])


def _logits(number: int, classes: int) -> tuple[object, ...]:
    return Stream("bench", number).decimals(classes, -500, 500, 2)


def _on_logits(function: Callable[..., object], classes: int, *target: int) -> Callable[[int], Callable[[], object]]:
    return lambda number: partial(function, _logits(number, classes), *target)


def _divergence(number: int) -> Callable[[], object]:
    stream = Stream("bench", number)
    return partial(reference.kl_divergence, stream.distribution(3), stream.distribution(3))


CALLS: dict[str, Callable[[int], Callable[[], object]]] = {
    "cross-entropy from logits, K = 3": _on_logits(reference.cross_entropy_from_logits, 3, 0),
    "cross-entropy with gradient, K = 3": _on_logits(reference.cross_entropy_with_gradient, 3, 0),
    "cross-entropy with gradient, K = 10": _on_logits(reference.cross_entropy_with_gradient, 10, 0),
    "softmax, K = 3": _on_logits(reference.softmax, 3),
    "KL divergence, K = 3": _divergence,
}
