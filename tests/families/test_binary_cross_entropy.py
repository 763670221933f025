"""Binary cross-entropy: hard and soft labels, each mistake by hand, and probabilities at their edges."""

from math import inf

import pytest

from quiz_bank import rendering
from quiz_bank.families.binary_cross_entropy.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Variant
from quiz_bank.variants import explicit


def problem(probability: object, target: object) -> Variant[Parameters]:
    return explicit(FAMILY, 2, {"probability": probability, "target": target})


@pytest.mark.parametrize(
    ("probability", "target", "nats"),
    [
        ("0.7", 1, 0.356674943939),  # -ln 0.7, the loss of the articles' first problem
        ("0.3", 0, 0.356674943939),  # the same: label 0 has the probability 0.7
        ("0.01", 1, 4.605170185988),  # -ln 0.01
        ("0.99", "1", 0.010050335854),  # -ln 0.99
        ("0.7", "0.9", 0.441404729977),  # -(0.9 ln 0.7 + 0.1 ln 0.3)
        ("0.5", "1/3", 0.693147180560),  # ln 2, whatever the target
    ],
)
def test_the_loss_of_hard_and_soft_labels(probability: str, target: object, nats: float) -> None:
    assert problem(probability, target).truths["loss"] == pytest.approx(nats, abs=1e-12)


@pytest.mark.parametrize(
    ("target", "answer", "code"),
    [
        ("0.9", "0.6368", "wrong-log-base-2"),  # 0.44140 / ln 2
        ("0.9", "-0.441", "sign-flipped"),
        ("0.9", "0.321", "one-term-only"),  # -0.9 ln 0.7
        ("0.9", "0.1204", "one-term-only"),  # -0.1 ln 0.3
        ("0.9", "1.119", "label-flipped"),  # -(0.9 ln 0.3 + 0.1 ln 0.7)
        ("0.9", "0.34", "complement"),  # 0.9 · 0.3 + 0.1 · 0.7
        ("0.9", "0.7645", "arguments-swapped"),  # -(0.7 ln 0.9 + 0.3 ln 0.1)
        ("1", "0", "one-term-only"),  # the term of label 0
        ("1", "1.204", "label-flipped"),  # -ln 0.3
        ("1", "0.3", "complement"),
        ("0", "0.357", "label-flipped"),  # -ln 0.7, the loss of the other label
        ("0", "0.7", "complement"),
    ],
)
def test_each_mistake_is_named(target: str, answer: str, code: str) -> None:
    part = grade(problem("0.7", target), {"loss": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


def test_a_hard_label_has_a_single_term_and_keeping_just_it_is_no_mistake() -> None:
    values = [wrong.value for wrong in problem("0.7", 1).wrong if wrong.code == "one-term-only"]
    assert values == [0.0]


def test_a_soft_label_is_called_one_in_the_prompt() -> None:
    assert "soft label y = 0.9" in rendering.prompt(problem("0.7", "0.9"), "en").text
    assert "软标签 y = 0.9" in rendering.prompt(problem("0.7", "0.9"), "zh").text
    assert "soft" not in rendering.prompt(problem("0.7", 1), "en").text


def test_a_sure_and_wrong_prediction_costs_infinitely_much() -> None:
    variant = problem("0", 1)
    assert variant.truths["loss"] == inf
    assert grade(variant, {"loss": "inf"}).result == "right"
    assert "= ∞ nats" in rendering.solution(variant, "en").text


def test_a_sure_and_right_prediction_costs_nothing_and_the_prompt_says_why() -> None:
    variant = problem(1, 1)
    assert variant.truths["loss"] == 0
    assert "0 · log 0 = 0" in rendering.prompt(variant, "en").text


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("probability", "1.2", "probability-range"),
        ("probability", "-0.1", "probability-range"),
        ("target", 2, "probability-range"),
        ("target", "yes", "not-a-number"),
        ("probability", None, "number-expected"),
    ],
)
def test_what_is_no_probability_is_refused(field: str, value: object, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"probability": "0.7", "target": 1, field: value})
    assert (caught.value.pointer, caught.value.code) == (f"/{field}", code)
