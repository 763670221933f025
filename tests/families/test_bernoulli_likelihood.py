"""From the likelihood to binary cross-entropy: a sample by hand, what follows from what, and each mistake."""

from math import inf

import pytest

from quiz_bank.families.bernoulli_likelihood.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Variant
from quiz_bank.variants import explicit

RIGHT: dict[str, object] = {"likelihood": "0.432", "total": "0.8393", "mean": "0.2798"}


def problem(**given: object) -> Variant[Parameters]:
    return explicit(FAMILY, 1, {"probabilities": ["0.9", "0.2", "0.6"], "labels": [1, 0, 1], **given})


def test_the_likelihood_and_its_logarithms() -> None:
    truths = problem().truths
    assert truths["likelihood"] == 0.432  # 0.9 · 0.8 · 0.6, rounded once
    assert truths["total"] == pytest.approx(0.839329690738, abs=1e-12)
    assert truths["mean"] == pytest.approx(0.279776563579, abs=1e-12)


def test_an_impossible_label_makes_the_likelihood_zero_and_the_loss_infinite() -> None:
    assert problem(probabilities=["0", "0.2", "0.6"]).truths == {"likelihood": 0.0, "total": inf, "mean": inf}


def test_total_and_mean_are_credited_where_they_follow_from_a_wrong_likelihood() -> None:
    answers = {"likelihood": "0.144", "total": "1.938", "mean": "0.646"}  # 0.9 · 0.4 · 0.4
    first, total, mean = grade(problem(), answers).parts
    assert first.result == "wrong"
    assert (total.result, total.carried_from) == ("right", ("likelihood",))
    assert (mean.result, mean.carried_from) == ("right", ("total",))


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("likelihood", "2.30", "sum-for-product"),
        ("likelihood", "0.108", "labels-ignored"),  # 0.9 · 0.2 · 0.6
        ("likelihood", "0.540", "positives-only"),
        ("likelihood", "0.756", "geometric-mean"),
        ("likelihood", "0.839", "logarithm-for-likelihood"),
        ("total", "1.211", "wrong-log-base-2"),
        ("total", "-0.839", "sign-flipped"),
        ("total", "0.280", "mean-for-sum"),
        ("total", "0.01201", "product-for-sum"),  # 0.1054 · 0.2231 · 0.5108
        ("total", "0.616", "positives-only"),
        ("total", "-0.833", "logarithm-of-the-sum"),
        ("mean", "0.839", "sum-for-mean"),
        ("mean", "0.2657", "logarithm-of-the-mean"),  # -ln(2.3 / 3)
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    (found,) = (each for each in grade(problem(), RIGHT | {part: answer}).parts if each.name == part)
    assert found.diagnosis is not None
    assert (found.result, found.diagnosis.code) == ("wrong", code)


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"labels": [1, 0]}, "/labels", "length-differs"),
        ({"labels": [1, 0, 2]}, "/labels/2", "label-expected"),
        ({"probabilities": ["0.9", "1.2", "0.6"]}, "/probabilities/1", "probability-range"),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        problem(**given)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
