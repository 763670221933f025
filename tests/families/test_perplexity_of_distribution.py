"""Perplexity: known distributions, what follows from a wrong entropy, each mistake by hand, and parameters at their edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.perplexity_of_distribution.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

HALF_AND_QUARTERS: dict[str, object] = {"probabilities": ["0.5", "0.25", "0.25"], "log_base": "2"}  # 1.5 bits
RIGHT: dict[str, object] = {"entropy": "1.5", "perplexity": "2.828"}


@pytest.mark.parametrize("log_base", ["e", "2", "10"])
def test_the_perplexity_of_the_forest_is_the_same_in_every_base(log_base: str) -> None:
    truths = explicit(FAMILY, 1, {"probabilities": ["0.2", "0.3", "0.5"], "log_base": log_base}).truths
    assert truths["perplexity"] == pytest.approx(2.800094072854, rel=1e-11)  # e^1.029653014064


def test_equally_likely_outcomes_are_as_many_as_the_perplexity_says() -> None:
    variant = explicit(FAMILY, 1, {"probabilities": ["1/3", "1/3", "1/3"], "log_base": "e"})
    assert variant.truths == {"entropy": 1.0986122886681098, "perplexity": 3.0}
    assert "number-of-outcomes" not in {wrong.code for wrong in variant.wrong}


def test_a_perplexity_that_follows_from_a_wrong_entropy_is_credited() -> None:
    entropy, perplexity = grade(explicit(FAMILY, 1, HALF_AND_QUARTERS), {"entropy": "2", "perplexity": "4"}).parts
    assert (entropy.result, perplexity.result) == ("wrong", "right")
    assert perplexity.carried_from == ("entropy",)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("entropy", "1.0397", "wrong-log-base-e"),  # 1.5 ln 2
        ("entropy", "5.00", "unweighted-sum"),  # 1 + 2 + 2
        ("entropy", "1.585", "maximum-entropy"),  # log2 3
        ("perplexity", "4.4817", "base-mismatched"),  # e^1.5
        ("perplexity", "2.0558", "base-mismatched"),  # 2^1.0397
        ("perplexity", "3.00", "number-of-outcomes"),
        ("perplexity", "1.50", "entropy-for-perplexity"),
        ("perplexity", "0.35355", "minus-in-the-exponent"),  # 2^-1.5
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    parts = grade(explicit(FAMILY, 1, HALF_AND_QUARTERS), RIGHT | {part: answer}).parts
    verdict = next(each for each in parts if each.name == part)
    assert verdict.diagnosis is not None
    assert (verdict.result, verdict.diagnosis.code) == ("wrong", code)


def test_one_certain_outcome_has_a_perplexity_of_one() -> None:
    variant = explicit(FAMILY, 1, {"probabilities": ["1", "0"]})
    assert variant.truths == {"entropy": 0.0, "perplexity": 1.0}
    assert "0 · log 0 = 0" in rendering.prompt(variant, "en").text


@pytest.mark.parametrize(
    ("probabilities", "pointer", "code"),
    [
        (["0.5", "0.4"], "/probabilities", "sum-not-one"),
        (["1.5", "-0.5"], "/probabilities/0", "probability-range"),
        (["1"], "/probabilities", "list-length"),
    ],
)
def test_what_is_no_distribution_is_refused(probabilities: list[str], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"probabilities": probabilities})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
