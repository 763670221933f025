"""Sigmoid and logit: the article's σ(10), known values, each mistake by hand, and both ends of the unit interval."""

from math import inf

import pytest

from quiz_bank import rendering
from quiz_bank.families.sigmoid_logit.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Variant
from quiz_bank.variants import explicit


def problem(logit: str = "1.5", probability: object = "0.8") -> Variant[Parameters]:
    return explicit(FAMILY, 1, {"logit": logit, "probability": probability})


def test_known_values() -> None:
    truths = problem("10", "0.8").truths
    assert truths["sigmoid"] == pytest.approx(0.999954602131, abs=1e-12)  # as the articles have it
    assert truths["logit_of_p"] == pytest.approx(1.386294361120, abs=1e-12)  # ln 4


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("sigmoid", "0.1824", "sign-of-the-exponent"),
        ("sigmoid", "4.482", "odds-for-probability"),  # e^1.5
        ("sigmoid", "1.223", "reciprocal-forgotten"),  # 1 + e^-1.5
        ("sigmoid", "0.9051", "hyperbolic-tangent"),
        ("sigmoid", "0.9693", "powers-of-ten"),  # 1 / (1 + 10^-1.5)
        ("logit_of_p", "2.00", "wrong-log-base-2"),  # log2 4
        ("logit_of_p", "0.602", "wrong-log-base-10"),
        ("logit_of_p", "-1.386", "sign-flipped"),
        ("logit_of_p", "4.00", "odds-for-log-odds"),
        ("logit_of_p", "-0.223", "log-of-probability"),
        ("logit_of_p", "0.690", "sigmoid-for-logit"),  # 1 / (1 + e^-0.8)
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdicts = grade(problem(), {"sigmoid": "0.8176", "logit_of_p": "1.3863", part: answer}).parts
    (wrong,) = (each for each in verdicts if each.result == "wrong")
    assert wrong.diagnosis is not None
    assert (wrong.name, wrong.diagnosis.code) == (part, code)


@pytest.mark.parametrize(("probability", "logit"), [("0", -inf), ("1", inf), ("0.5", 0.0)])
def test_the_ends_and_the_middle_of_the_unit_interval(probability: str, logit: float) -> None:
    variant = problem(probability=probability)
    assert variant.truths["logit_of_p"] == logit
    assert rendering.solution(variant, "en").text


def test_texts_follow_a_logit_whose_exponential_overflows() -> None:
    assert "= ∞" in rendering.solution(problem("-5000"), "zh").text


@pytest.mark.parametrize(("probability", "code"), [("1.1", "probability-range"), ("p", "not-a-number")])
def test_what_is_no_probability_is_refused(probability: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        problem(probability=probability)
    assert (caught.value.pointer, caught.value.code) == ("/probability", code)
