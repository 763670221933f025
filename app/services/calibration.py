"""How well a learner knows what they know: the cross-entropy of their own confidence."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise, repeat

from quiz_bank.engine.reference import binary_entropy


@dataclass(frozen=True, slots=True)
class Forecast:
    """The probability in [0, 1] that a learner gave to being right, whether they were, and how many `times` it was so."""

    confidence: float
    right: bool
    times: int = 1


@dataclass(frozen=True, slots=True)
class Bin:
    """The forecasts with low ≤ confidence < high (the last bin includes its end); None where there are none."""

    low: float
    high: float
    count: int
    mean_confidence: float | None
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Scores of all forecasts, losses in nats; None where there are none.

    `base_log_loss` is what always saying the base rate would have lost: the entropy of the base rate.
    `expected_calibration_error` is the mean over forecasts of their bin's |accuracy − mean confidence|.
    """

    count: int
    log_loss: float | None
    brier: float | None
    base_rate: float | None
    base_log_loss: float | None
    expected_calibration_error: float | None
    bins: tuple[Bin, ...]

    @property
    def mean_confidence(self) -> float | None:
        """How sure the learner was on average."""
        sums = (each.count * each.mean_confidence for each in self.bins if each.mean_confidence is not None)
        return math.fsum(sums) / self.count if self.count else None


def calibration(forecasts: Iterable[Forecast], bins: int = 10) -> Calibration:
    """Score forecasts by log loss, Brier score and calibration error, with the bins of a reliability diagram.

    Parameters
    ----------
    forecasts
        In any order, each on its own or several as one: no bit of the result depends on it.
    bins
        How many bins of equal width, at least 1.

    Returns
    -------
    Calibration
        Nothing is clipped: whoever was certain and wrong has an infinite log loss.

    Raises
    ------
    ValueError
        For a confidence outside [0, 1] or nan.

    Examples
    --------
    Frameworks that clip at 1e-15 report 34.5 here:

    >>> calibration([Forecast(1.0, False)]).log_loss
    inf
    """
    given = _gathered(forecasts)
    binned = _binned(given, bins)
    if not given:
        return Calibration(0, None, None, None, None, None, binned)
    count, right = _count(given), _count(forecast for forecast in given if forecast.right)
    return Calibration(
        count=count,
        log_loss=_mean(_losses(given), given),
        brier=_mean([(forecast.confidence - forecast.right) ** 2 for forecast in given], given),
        base_rate=right / count,
        base_log_loss=binary_entropy(Fraction(right, count)),
        expected_calibration_error=_error(binned) / count,
        bins=binned,
    )


def _gathered(forecasts: Iterable[Forecast]) -> Sequence[Forecast]:
    """Return each forecast once, in order: where a number stands in an array may decide the last bit of its loss."""
    times: Counter[tuple[float, bool]] = Counter()
    for forecast in forecasts:
        times[forecast.confidence, forecast.right] += forecast.times
    return [Forecast(*each, count) for each, count in sorted(times.items())]


def _count(forecasts: Iterable[Forecast]) -> int:
    return sum(forecast.times for forecast in forecasts)


def _mean(numbers: Iterable[float], forecasts: Sequence[Forecast]) -> float:
    """Return the mean of a number of each forecast, rounded as if each time stood there by itself."""
    repeated = (repeat(number, forecast.times) for number, forecast in zip(numbers, forecasts, strict=True))
    return math.fsum(chain.from_iterable(repeated)) / _count(forecasts)


def _losses(forecasts: Sequence[Forecast]) -> list[float]:
    from quiz_bank.engine.arrays import binary_cross_entropy  # noqa: PLC0415 - NumPy takes a tenth of the service's start

    rights = [forecast.right for forecast in forecasts]
    losses: list[float] = binary_cross_entropy(rights, [forecast.confidence for forecast in forecasts]).tolist()
    return losses


def _binned(forecasts: Sequence[Forecast], bins: int) -> tuple[Bin, ...]:
    # Compared with the edges as floats: int(0.29 * 100) is 28.
    edges = [index / bins for index in range(bins + 1)]
    members: list[list[Forecast]] = [[] for _ in range(bins)]
    for forecast in forecasts:
        members[bisect_right(edges, forecast.confidence, hi=bins) - 1].append(forecast)
    return tuple(_bin(low, high, inside) for (low, high), inside in zip(pairwise(edges), members, strict=True))


def _bin(low: float, high: float, members: Sequence[Forecast]) -> Bin:
    if not members:
        return Bin(low, high, 0, None, None)
    mean = _mean([forecast.confidence for forecast in members], members)
    return Bin(low, high, _count(members), mean, _mean([forecast.right for forecast in members], members))


def _error(bins: Iterable[Bin]) -> float:
    return math.fsum(
        each.count * abs(each.accuracy - each.mean_confidence)
        for each in bins
        if each.accuracy is not None and each.mean_confidence is not None
    )
