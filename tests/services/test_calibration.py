from __future__ import annotations

import doctest
import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import calibration as module
from app.services.calibration import Bin, Forecast, calibration
from quiz_bank.engine import arrays

FORECASTS = st.lists(st.builds(Forecast, st.floats(0, 1), st.booleans()), min_size=1, max_size=30)
FOUR = (Forecast(0.8, True), Forecast(0.8, False), Forecast(0.55, True), Forecast(0.1, False))


def test_four_forecasts_score_as_worked_by_hand() -> None:
    """Loss −(ln 0.8 + ln 0.2 + ln 0.55 + ln 0.9)/4 = −ln(0.0792)/4; Brier (0.04 + 0.64 + 0.2025 + 0.01)/4."""
    scores = calibration(FOUR)
    assert scores.count == 4
    assert scores.log_loss == pytest.approx(-math.log(0.0792) / 4, rel=1e-15)
    assert scores.brier == pytest.approx(0.223125, rel=1e-15)


def test_the_calibration_error_weighs_each_bin_by_its_forecasts() -> None:
    """Bins of two, one and one forecasts: (2·|0.5 − 0.8| + |1 − 0.55| + |0 − 0.1|)/4 = 1.15/4."""
    assert calibration(FOUR).expected_calibration_error == pytest.approx(0.2875, rel=1e-15)


def test_the_base_rate_loses_its_own_entropy() -> None:
    """Always 3/4: −(3·ln 0.75 + ln 0.25)/4 = 0.562335…, the entropy of a coin that shows heads three times in four."""
    scores = calibration([Forecast(0.5, True)] * 3 + [Forecast(0.5, False)])
    assert scores.base_rate == 0.75
    assert scores.base_log_loss == pytest.approx(0.5623351446188083, rel=1e-15)
    assert scores.log_loss == pytest.approx(math.log(2), rel=1e-15)


def test_whoever_was_always_right_has_a_base_rate_that_loses_nothing() -> None:
    scores = calibration([Forecast(0.9, True)])
    assert (scores.base_rate, scores.base_log_loss) == (1, 0)


@pytest.mark.parametrize("forecast", [Forecast(1.0, False), Forecast(0.0, True)])
def test_one_certain_mistake_makes_the_loss_infinite_and_is_never_clipped(forecast: Forecast) -> None:
    scores = calibration([*FOUR, forecast])
    assert scores.log_loss == math.inf
    assert scores.brier == pytest.approx((4 * 0.223125 + 1) / 5, rel=1e-15)


def test_certainty_that_is_right_costs_nothing() -> None:
    scores = calibration([Forecast(1.0, True), Forecast(0.0, False)])
    assert (scores.log_loss, scores.brier, scores.expected_calibration_error) == (0, 0, 0)


def test_without_forecasts_there_are_no_scores_and_the_bins_are_empty() -> None:
    scores = calibration([], bins=2)
    assert (scores.count, scores.log_loss, scores.brier) == (0, None, None)
    assert (scores.base_rate, scores.base_log_loss, scores.expected_calibration_error) == (None, None, None)
    assert scores.bins == (Bin(0.0, 0.5, 0, None, None), Bin(0.5, 1.0, 0, None, None))


def test_a_bin_holds_its_lower_end_and_the_last_one_its_upper_end_too() -> None:
    forecasts = [Forecast(confidence, True) for confidence in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert [each.count for each in calibration(forecasts, bins=4).bins] == [1, 1, 1, 2]


@pytest.mark.parametrize("percent", range(100))
def test_every_whole_percent_opens_its_own_bin_of_a_hundred(percent: int) -> None:
    """In floats 0.29·100 is below 29, so a bin found by multiplying would be one too low."""
    counts = [each.count for each in calibration([Forecast(percent / 100, True)], bins=100).bins]
    assert counts.index(1) == percent


def test_a_bin_gives_the_mean_confidence_and_the_share_that_was_right() -> None:
    forecasts = [Forecast(0.71, True), Forecast(0.75, False), Forecast(0.79, True), Forecast(0.76, True)]
    seventies = calibration(forecasts).bins[7]
    assert (seventies.low, seventies.high, seventies.count, seventies.accuracy) == (0.7, 0.8, 4, 0.75)
    assert seventies.mean_confidence == pytest.approx(0.7525, rel=1e-15)


@pytest.mark.parametrize("confidence", [-0.01, 1.01, math.nan, math.inf])
def test_a_confidence_is_a_probability(confidence: float) -> None:
    with pytest.raises(ValueError, match="probability"):
        calibration([Forecast(confidence, True)])


@given(FORECASTS)
def test_the_loss_is_the_mean_binary_cross_entropy(forecasts: list[Forecast]) -> None:
    right, confidence = [float(each.right) for each in forecasts], [each.confidence for each in forecasts]
    mean = float(arrays.binary_cross_entropy(right, confidence, reduction="mean"))
    assert calibration(forecasts).log_loss == pytest.approx(mean, rel=1e-13)


@given(FORECASTS, st.randoms(use_true_random=False), st.integers(1, 20))
def test_the_order_of_the_forecasts_changes_no_bit(forecasts: list[Forecast], shuffler: Random, bins: int) -> None:
    shuffled = list(forecasts)
    shuffler.shuffle(shuffled)
    assert calibration(shuffled, bins) == calibration(forecasts, bins)


@given(FORECASTS, st.integers(1, 9))
def test_one_that_came_several_times_is_several(forecasts: list[Forecast], times: int) -> None:
    assert calibration(replace(each, times=times) for each in forecasts) == calibration(forecasts * times)


@given(FORECASTS, st.integers(1, 20))
def test_every_forecast_is_in_the_one_bin_that_spans_it(forecasts: list[Forecast], bins: int) -> None:
    scores = calibration(forecasts, bins)
    assert sum(each.count for each in scores.bins) == scores.count == len(forecasts)
    assert all(each.low <= each.mean_confidence <= each.high for each in scores.bins if each.mean_confidence is not None)


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_always_saying_the_base_rate_loses_just_what_is_stated(answers: list[bool]) -> None:
    rate = sum(answers) / len(answers)
    scores = calibration(Forecast(rate, right) for right in answers)
    assert scores.log_loss == pytest.approx(scores.base_log_loss, rel=1e-13)
    assert scores.expected_calibration_error == pytest.approx(0, abs=1e-15)


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.floats(0, 1))
def test_no_other_constant_loses_less_than_the_base_rate(answers: list[bool], confidence: float) -> None:
    scores = calibration(Forecast(confidence, right) for right in answers)
    assert scores.log_loss is not None
    assert scores.base_log_loss is not None
    assert scores.log_loss >= scores.base_log_loss * (1 - 1e-12)


def test_the_example_in_the_docstring_runs_as_it_is_printed() -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
