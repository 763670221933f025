"""Cross-entropy with its gradient on whole arrays, beside SciPy, PyTorch and a plain copy; all on one thread."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from statistics import median
from time import process_time_ns

import numpy as np
from numpy.typing import NDArray

from bench.optional import library
from bench.report import Goal, goals, table
from quiz_bank.engine.arrays import cross_entropy_with_gradient
from quiz_bank.engine.arrays.shapes import CHUNK

SHAPES = ((100_000, 10), (4_096, 1_000), (1_024, 50_000))
ROUNDS = 7

Call = Callable[[], object]


def run(scale: float) -> None:
    """Print each shape's times and ratios, and the memory beyond logits and gradient."""
    shapes = SHAPES if scale >= 1 else [(max(1, round(rows * scale)), classes) for rows, classes in SHAPES]
    reached: list[Goal] = []
    print("Cross-entropy with gradient, mean, float64: processor time, medians of interleaved rounds\n")
    rows: list[tuple[str, ...]] = []
    for shape in shapes:
        draw = np.random.default_rng(0)
        logits, target = draw.normal(size=shape) * 3, draw.integers(0, shape[1], shape[0])
        times = _interleaved(dict(_calls(logits, target)))
        rows.extend(_rows(shape, times))
        name = f"{shape[0]:,} × {shape[1]:,}"
        if "torch" in times:
            reached.append(Goal(f"{name}, × torch", _ratio(times["Crossdrill"], times["torch"]), 0.7))
        reached.append(Goal(f"{name}, memory, chunks", _chunks_beside(logits, target), 2))
    table(("", "", "ns/element", "Crossdrill's is ×"), rows)
    missing = [name for name in ("scipy", "torch") if library(name) is None]
    print("".join(f"{name}: not installed\n" for name in missing))
    goals(reached)


def _calls(logits: NDArray[np.float64], target: NDArray[np.int64]) -> Iterator[tuple[str, Call]]:
    yield "Crossdrill", lambda: cross_entropy_with_gradient(logits, target, reduction="mean")
    yield "copy", logits.copy
    if special := library("scipy.special"):
        every = np.arange(len(target))

        def in_scipy() -> object:
            losses = special.logsumexp(logits, axis=-1) - logits[every, target]
            gradient = special.softmax(logits, axis=-1)
            gradient[every, target] -= 1
            gradient /= len(target)
            return losses.mean(), gradient

        yield "scipy", in_scipy
    if torch := library("torch"):
        torch.set_num_threads(1)
        labels = torch.from_numpy(target)

        def in_torch() -> object:
            tensor = torch.from_numpy(logits).requires_grad_(True)
            torch.nn.functional.cross_entropy(tensor, labels).backward()
            return tensor.grad

        yield "torch", in_torch


def _interleaved(calls: dict[str, Call]) -> dict[str, list[int]]:
    """Take the calls in turn, several times over; the first turn warms up and does not count."""
    times: dict[str, list[int]] = {name: [] for name in calls}
    for _ in range(ROUNDS + 1):
        for name, call in calls.items():
            started = process_time_ns()
            call()
            times[name].append(process_time_ns() - started)
    return {name: own[1:] for name, own in times.items()}


def _ratio(times: list[int], others: list[int]) -> float:
    ratio: float = median(own / other for own, other in zip(times, others, strict=True))
    return ratio


def _rows(shape: tuple[int, int], times: dict[str, list[int]]) -> Iterator[tuple[str, ...]]:
    for name, own in times.items():
        per_element = median(own) / (shape[0] * shape[1])
        yield f"{shape[0]:,} × {shape[1]:,}", name, f"{per_element:.2f}", f"{_ratio(times['Crossdrill'], own):.2f}"


def _chunks_beside(logits: NDArray[np.float64], target: NDArray[np.int64]) -> float:
    """Give the most memory that is held beside the logits, the gradient and two numbers a row, in chunks."""
    tracemalloc.start()
    _, gradient = cross_entropy_with_gradient(logits, target, reduction="mean")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    rows = len(target) * 8 * 2  # each row's loss and how much it counts
    beside: float = (peak - gradient.nbytes - rows) / (8 * max(CHUNK, logits.shape[-1]))
    return beside
