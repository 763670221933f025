"""The entropy of a coin and the coin of an entropy: known coins, each mistake by hand, and parameters at their edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.entropy_of_coin.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

# H(1/5) = log2 5 - 4/5 * 2 = 0.721928 bits; H(0.110028) = 1/2 bit.
RAW: dict[str, object] = {"probability": "0.2", "entropy": "0.5", "log_base": "2"}
RIGHT: dict[str, object] = {"coin_entropy": "0.722", "smaller_probability": "0.11"}


def test_known_coins() -> None:
    truths = explicit(FAMILY, 1, RAW).truths
    assert truths["coin_entropy"] == pytest.approx(0.721928094887, abs=1e-12)
    assert truths["smaller_probability"] == pytest.approx(0.110027864438, abs=1e-12)


def test_the_loaded_coin_of_the_articles_is_found_from_its_entropy() -> None:
    truths = explicit(FAMILY, 1, {"probability": "0.99", "entropy": "0.056001534355", "log_base": "e"}).truths
    assert truths["coin_entropy"] == pytest.approx(0.056001534355, abs=1e-12)
    assert truths["smaller_probability"] == pytest.approx(0.01, abs=1e-12)


def test_two_digits_are_enough_for_what_has_to_be_searched() -> None:
    assert grade(explicit(FAMILY, 1, RAW), RIGHT).result == "right"


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("coin_entropy", "0.500402", "wrong-log-base-e"),
        ("coin_entropy", "0.464386", "one-term-only"),  # 0.2 log2 5
        ("coin_entropy", "0.257542", "one-term-only"),  # 0.8 log2 1.25
        ("coin_entropy", "0.160", "variance"),  # 0.2 * 0.8
        ("smaller_probability", "0.89", "larger-probability"),
        ("smaller_probability", "0.25", "linear-reading"),  # half of 0.5
        ("smaller_probability", "0.7071", "surprisal-for-entropy"),  # 2^-0.5
        ("smaller_probability", "0.1997", "entropy-in-another-base"),  # H(0.19971) = 0.5 nats
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = next(each for each in grade(explicit(FAMILY, 1, RAW), RIGHT | {part: answer}).parts if each.name == part)
    assert verdict.diagnosis is not None
    assert (verdict.result, verdict.diagnosis.code) == ("wrong", code)


@pytest.mark.parametrize("probability", ["0", "1"])
def test_a_coin_with_one_side_has_no_entropy(probability: str) -> None:
    variant = explicit(FAMILY, 1, {"probability": probability, "entropy": "1", "log_base": "2"})
    assert variant.truths == {"coin_entropy": 0.0, "smaller_probability": 0.5}
    assert rendering.solution(variant, "en").text


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"probability": "1.2"}, "/probability", "probability-range"),
        ({"entropy": "-0.1"}, "/entropy", "non-negative-expected"),
        ({"entropy": "1.0000000000000000001"}, "/entropy", "entropy-of-no-coin"),
        ({"entropy": "0.7", "log_base": "e"}, "/entropy", "entropy-of-no-coin"),
    ],
)
def test_what_belongs_to_no_coin_is_refused(changes: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, RAW | changes)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
