"""What a loss stands for: two presets, each mistake by hand, and losses at their edges."""

import math

import pytest

from quiz_bank.families.loss_to_probability.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

RIGHT = {"probability": "1/8", "perplexity": "8"}


def test_three_bits_are_one_of_eight() -> None:
    assert preset(FAMILY, "three-bits").truths == {"probability": 0.125, "perplexity": 8.0}


def test_the_logarithm_of_two_stands_for_a_coin() -> None:
    truths = preset(FAMILY, "half").truths
    assert truths["probability"] == pytest.approx(0.500023590837, abs=1e-11)  # e^-0.6931
    assert truths["perplexity"] == pytest.approx(1.999905641106, abs=1e-11)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("probability", "0.0498", "power-of-another-base"),  # e^-3
        ("probability", "0.001", "power-of-another-base"),  # 10^-3
        ("probability", "8", "perplexity-for-probability"),
        ("probability", "-2", "one-minus-loss"),
        ("probability", "0.333", "reciprocal-of-the-loss"),
        ("probability", "0.875", "complement"),
        ("perplexity", "20.1", "power-of-another-base"),  # e^3
        ("perplexity", "0.125", "probability-for-perplexity"),
        ("perplexity", "3", "loss-for-perplexity"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(preset(FAMILY, "three-bits"), RIGHT | {part: answer})
    (marked,) = (each for each in verdict.parts if each.name == part)
    assert marked.diagnosis is not None
    assert (marked.result, marked.diagnosis.code) == ("wrong", code)


def test_a_perplexity_that_follows_from_a_wrong_probability_has_its_credit() -> None:
    perplexity = grade(preset(FAMILY, "three-bits"), {"probability": "0.05", "perplexity": "20"}).parts[1]
    assert (perplexity.result, perplexity.carried_from) == ("right", ("probability",))


def test_no_loss_is_certainty() -> None:
    assert explicit(FAMILY, 1, {"loss": "0"}).truths == {"probability": 1.0, "perplexity": 1.0}


def test_a_loss_beyond_every_float_is_an_infinite_perplexity() -> None:
    assert explicit(FAMILY, 1, {"loss": "1000000"}).truths == {"probability": 0.0, "perplexity": math.inf}


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"loss": "-0.1"}, "/loss", "non-negative-expected"),
        ({"loss": "1", "log_base": "3"}, "/log_base", "log-base-expected"),
    ],
)
def test_what_is_no_loss_is_refused(given: dict[str, str], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, given)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
