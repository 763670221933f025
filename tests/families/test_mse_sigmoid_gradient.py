"""Squared error against cross-entropy through a sigmoid: the saturated presets, each mistake by hand, and extreme logits."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.mse_sigmoid_gradient.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Language
from quiz_bank.variants import explicit, preset

HALF: dict[str, object] = {"logit": "0", "target": 1}  # sigma = 1/2 and sigma' = 1/4


def test_where_the_sigmoid_is_saturated_on_the_right_side() -> None:
    truths = preset(FAMILY, "saturated-right").truths
    assert truths["mse_gradient"] == pytest.approx(-4.121745838e-9, rel=1e-9)  # an article prints 0.0000408851
    assert truths["bce_gradient"] == pytest.approx(-0.000045397869, abs=1e-12)  # sigmoid(10) - 1, sigmoid(10) = 0.999954602131


def test_where_it_is_saturated_on_the_wrong_side_only_cross_entropy_still_pushes() -> None:
    truths = preset(FAMILY, "saturated-wrong").truths
    assert truths["mse_gradient"] == pytest.approx(-9.078749373e-5, rel=1e-9)
    assert truths["bce_gradient"] == pytest.approx(-0.999954602131, abs=1e-12)
    assert truths["ratio"] == pytest.approx(9.079161547e-5, rel=1e-9)  # 2 · 0.999954602131 · 0.000045397869


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("mse_gradient", "0.25", "sign-flipped"),  # the truth is 2 · (-1/2) · 1/4 = -1/4
        ("mse_gradient", "-1", "sigma-prime-forgotten"),  # 2 · (-1/2)
        ("mse_gradient", "-0.125", "factor-two-forgotten"),  # (-1/2) · 1/4
        ("bce_gradient", "0.5", "sign-flipped"),  # the truth is -1/2
        ("bce_gradient", "-0.125", "sigma-prime-left-in"),  # (-1/2) · 1/4
        ("bce_gradient", "-2", "gradient-by-probability"),  # (-1/2) / (1/4)
        ("ratio", "0.25", "factor-two-forgotten"),  # the truth is 2 · 1/4
        ("ratio", "2", "ratio-inverted"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    answers = {"mse_gradient": "-1/4", "bce_gradient": "-1/2", "ratio": "1/2"} | {part: answer}
    verdict = next(each for each in grade(explicit(FAMILY, 1, HALF), answers).parts if each.name == part)
    assert verdict.diagnosis is not None
    assert code in (verdict.diagnosis.code, *verdict.diagnosis.also)


def test_the_squared_error_itself_is_no_gradient() -> None:
    wrong = {w.code: w.value for w in preset(FAMILY, "saturated-wrong").wrong if w.part == "mse_gradient"}
    assert wrong["loss-for-gradient"] == pytest.approx(0.999954602131**2)


def test_the_ratio_of_wrong_derivatives_is_credited() -> None:
    answers = {"mse_gradient": "-0.125", "bce_gradient": "-0.5", "ratio": "0.25"}
    verdict = grade(explicit(FAMILY, 1, HALF), answers).parts[2]
    assert (verdict.result, verdict.carried_from) == ("right", ("mse_gradient", "bce_gradient"))


def test_a_derivative_of_zero_leads_to_no_ratio_and_to_no_error() -> None:
    assert (
        grade(explicit(FAMILY, 1, HALF), {"mse_gradient": "-0.25", "bce_gradient": "0", "ratio": "7"}).parts[2].result
        == "wrong"
    )


@pytest.mark.parametrize(
    ("logit", "en", "zh"),
    [
        ("-10", "on the wrong side", "在错误的一侧"),
        ("10", "on the right side", "在正确的一侧"),
        ("0", "undecided", "不偏向任何一侧"),
    ],
)
def test_the_solution_says_on_which_side_the_prediction_is(logit: str, en: str, zh: str) -> None:
    variant = explicit(FAMILY, 1, {"logit": logit, "target": 1})
    assert en in rendering.solution(variant, "en").text
    assert zh in rendering.solution(variant, "zh").text


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("logit", ["1000000", "-1000000"])
def test_the_largest_logits_have_a_solution(logit: str, language: Language) -> None:
    variant = explicit(FAMILY, 1, {"logit": logit, "target": 1})
    assert variant.truths["ratio"] == 0
    assert "= 0" in rendering.solution(variant, language).text


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"logit": "1", "target": "0.5"}, "/target", "label-expected"),
        ({"logit": "1", "target": 2}, "/target", "label-expected"),
        ({"logit": "z", "target": 1}, "/logit", "not-a-number"),
    ],
)
def test_what_does_not_fit_is_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
