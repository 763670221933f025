"""Cross-entropy against squared error: what an article misprints, each mistake by hand, and predictions at their edges."""

import math

import pytest

from quiz_bank.families.ce_vs_mse.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

CLOSE = {"cross_entropy": "0.714", "squared_error": "1.50"}
MOCK = {"prediction": ["0.7", "0.2", "0.1"], "target": 0}


@pytest.mark.parametrize(
    ("name", "nats", "squared_error"),
    [
        ("article-correct", 0.029000039781, 5.75),  # (16 + 1 + 0.25) / 3
        ("article-close", 0.713861604409, 1.496666666667),  # (1 + 3.24 + 0.25) / 3
        ("article-wrong", 4.529000039781, 8.75),  # (0.25 + 1 + 25) / 3
    ],
)
def test_presets_have_the_right_values(name: str, nats: float, squared_error: float) -> None:
    truths = preset(FAMILY, name).truths
    assert truths["cross_entropy"] == pytest.approx(nats, abs=1e-11)
    assert truths["squared_error"] == pytest.approx(squared_error, abs=1e-11)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("cross_entropy", "1.030", "wrong-log-base-2"),  # 0.71386 / ln 2
        ("cross_entropy", "-0.714", "sign-flipped"),
        ("cross_entropy", "-2.00", "logit-as-log-probability"),
        ("cross_entropy", "0.955", "softmax-twice"),  # the softmax of 0.4897, 0.4010 and 0.1093
        ("cross_entropy", "0.914", "wrong-class"),  # 0.71386 + 0.2
        ("cross_entropy", "0.238", "mean-for-sum"),  # a third
        ("cross_entropy", "0.510", "complement"),  # 1 - e^-0.71386
        ("squared_error", "4.49", "sum-for-mean"),
        ("squared_error", "0.748", "factor-one-half"),
        ("squared_error", "1.22", "root-taken"),
        ("squared_error", "1.00", "true-class-only"),
        ("squared_error", "0.333", "true-class-only"),
        ("squared_error", "1.10", "sizes-not-squared"),  # (1 + 1.8 + 0.5) / 3
        ("squared_error", "0.144", "softmax-before-the-squares"),  # of 0.4897 - 1, 0.4010 and 0.1093
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(preset(FAMILY, "article-close"), CLOSE | {part: answer})
    (marked,) = (each for each in verdict.parts if each.name == part)
    assert marked.diagnosis is not None
    assert (marked.result, marked.diagnosis.code) == ("wrong", code)


def test_probabilities_are_compared_as_they_are() -> None:
    truths = explicit(FAMILY, 1, MOCK).truths
    assert truths["squared_error"] == pytest.approx(0.14 / 3, abs=1e-11)  # (0.09 + 0.04 + 0.01) / 3
    assert truths["cross_entropy"] == pytest.approx(-math.log(0.7), abs=1e-11)


def test_a_prediction_without_a_chance_for_the_truth_costs_an_infinite_cross_entropy_alone() -> None:
    truths = explicit(FAMILY, 1, {"prediction": ["0", "1"], "target": 0}).truths
    assert truths == {"cross_entropy": math.inf, "squared_error": 1.0}


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"prediction": ["0.7", "0.2"]}, "/prediction", "sum-not-one"),
        ({"prediction": ["1.2", "-0.2"]}, "/prediction/0", "probability-range"),
        ({"target": 3}, "/target", "index-out-of-range"),
        ({"given": "odds"}, "/given", "choice-expected"),
    ],
)
def test_what_is_no_prediction_is_refused(changes: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, MOCK | changes)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)


def test_logits_need_not_sum_to_one() -> None:
    assert explicit(FAMILY, 3, {"prediction": ["7", "-2"], "target": 0, "given": "logits"}).truths["squared_error"] == 20.0
