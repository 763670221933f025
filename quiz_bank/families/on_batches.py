"""What the families on batches share: predicted probabilities with the class of each sample, and their surprisals.

The formulas serve wrong routes and the intermediate numbers of a solution; the answer key comes from the engine.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from quiz_bank.engine.logforms import mean_surprisal
from quiz_bank.misconceptions import ln
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Exact
from quiz_bank.sampling import Stream

Rows = tuple[tuple[Exact, ...], ...]


def draw_predictions(stream: Stream, samples: int, classes: int, places: int = 2) -> Rows:
    """Return a predicted distribution for each sample, none with a probability next to zero."""
    return tuple(stream.distribution(classes, places, minimum=2 * 10 ** (places - 2)) for _ in range(samples))


def draw_target(stream: Stream, samples: int, classes: int) -> tuple[int, ...]:
    """Return a class for each sample, at least two different ones where there are two samples."""
    first = stream.sample(range(classes), 2)
    more = [stream.integer(0, classes - 1) for _ in range(samples - 2)]
    return tuple(stream.sample([*first, *more], samples))


def chosen(rows: Rows, target: Sequence[int]) -> tuple[Exact, ...]:
    """Return each sample's number at its true class."""
    return tuple(row[t] for row, t in zip(rows, target, strict=True))


def surprisals(rows: Rows, target: Sequence[int]) -> tuple[float, ...]:
    """Return the loss of each sample, in nats and in plain floats."""
    return tuple(-ln(q) for q in chosen(rows, target))


def predicted_classes(rows: Rows) -> tuple[int, ...]:
    """Return the class that each row makes likeliest, the first of equals."""
    return tuple(row.index(max(row)) for row in rows)


def total(numbers: Iterable[Exact]) -> Exact:
    """Return a sum as it is displayed: a decimal of decimals, a fraction where one of them is a fraction."""
    terms = list(numbers)
    decimals = [number for number in terms if isinstance(number, Decimal)]
    return (
        sum(decimals, Decimal(0)) if len(decimals) == len(terms) else sum((Fraction(number) for number in terms), Fraction(0))
    )


def weighted_surprisal(weights: Iterable[Exact], probabilities: Iterable[Exact]) -> float:
    """Return −Σ weight·ln(probability), the float64 nearest to the exact value."""
    pairs = zip(weights, probabilities, strict=True)
    return mean_surprisal(((Fraction(w), Fraction(q)) for w, q in pairs), "e")


def check_rows(rows: Rows, target: Sequence[int], name: str) -> None:
    """Complain unless every sample has one class, and every row the same classes."""
    classes = len(rows[0])
    if any(len(row) != classes for row in rows):
        raise ParameterError(f"/{name}", "rows-differ")
    if len(target) != len(rows):
        raise ParameterError("/targets", "length-differs", other=name, expected=len(rows), found=len(target))
    for i, label in enumerate(target):
        if label >= classes:
            raise ParameterError(f"/targets/{i}", "index-out-of-range", other=f"{name}/{i}", last=classes - 1)


def check_weights(weights: Sequence[Exact], rows: Rows, name: str) -> None:
    """Complain unless there is a weight for each class."""
    if len(weights) != len(rows[0]):
        raise ParameterError("/weights", "length-differs", other=f"{name}/0", expected=len(rows[0]), found=len(weights))
