"""Hinge and logistic loss: on both sides of the margin, each mistake by hand, and scores at their edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.hinge_and_logistic.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

WRONG_SIDE: dict[str, object] = {"score": "0.5", "label": -1}
RIGHT = {"hinge": "1.5", "logistic": "ln(1+exp(0.5))"}
BEYOND: dict[str, object] = {"score": "2", "label": "1"}


def test_on_the_wrong_side() -> None:
    truths = explicit(FAMILY, 1, WRONG_SIDE).truths
    assert truths["hinge"] == 1.5
    assert truths["logistic"] == pytest.approx(0.974076984180, abs=1e-12)  # ln(1 + e^0.5)


def test_beyond_the_margin_only_the_logistic_loss_is_left() -> None:
    variant = explicit(FAMILY, 1, BEYOND)
    assert variant.truths["hinge"] == 0
    assert variant.truths["logistic"] == pytest.approx(0.126928011043, abs=1e-12)  # ln(1 + e^-2)
    assert "no gradient left" in rendering.solution(variant, "en").text
    assert grade(variant, {"hinge": "0", "logistic": "0.127"}).result == "right"


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("hinge", "1.00", "zero-one-labels"),
        ("hinge", "0.50", "sign-of-margin"),
        ("hinge", "0.50", "margin-of-one-forgotten"),
        ("hinge", "2.25", "squared-hinge"),
        ("logistic", "ln(2)", "zero-one-labels"),
        ("logistic", "ln(1+exp(-0.5))", "sign-of-margin"),
        ("logistic", "sigmoid(-0.5)", "probability-for-loss"),
        ("logistic", "sigmoid(0.5)", "probability-for-loss"),
        ("logistic", "1+exp(0.5)", "logarithm-forgotten"),
        ("logistic", "exp(0.5)", "logarithm-forgotten"),
        ("logistic", "-0.974", "sign-flipped"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(explicit(FAMILY, 1, WRONG_SIDE), RIGHT | {part: answer})
    found = next(each.diagnosis for each in verdict.parts if each.name == part)
    assert found is not None
    assert code in (found.code, *found.also)


def test_a_hinge_loss_below_zero_was_not_clipped() -> None:
    hinge = grade(explicit(FAMILY, 1, BEYOND), {"hinge": "-1", "logistic": "0.127"}).parts[0]
    assert hinge.diagnosis is not None
    assert hinge.diagnosis.code == "clip-forgotten"


@pytest.mark.parametrize(("score", "logistic"), [("1000000", 0.0), ("-1000000", 1e6)])
def test_the_largest_scores_have_a_solution(score: str, logistic: float) -> None:
    variant = explicit(FAMILY, 3, {"score": score, "label": 1})
    assert variant.truths["logistic"] == logistic
    assert rendering.solution(variant, "en").text


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"label": 0}, "/label", "choice-expected"),
        ({"label": "0.5"}, "/label", "choice-expected"),
        ({"score": "high"}, "/score", "not-a-number"),
    ],
)
def test_what_is_no_score_or_label_is_refused(more: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, WRONG_SIDE | more)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
