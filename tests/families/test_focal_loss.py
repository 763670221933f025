"""Focal loss: the article's value, binary and with weights, each mistake by its name, and parameters at their edges."""

import math

import pytest

from quiz_bank import rendering
from quiz_bank.families.focal_loss.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

HIT = 1 / (1 + math.exp(-1.5))
BINARY = {"logits": ["1.5"], "target": 1, "gamma": "2"}
CLASSES = {"logits": ["2", "1", "0.1"], "target": 1, "gamma": "2", "alpha": ["0.2", "0.3", "0.5"]}


def test_the_article_s_sure_hit_has_almost_no_loss() -> None:
    """Its cross-entropy is 0.013385901721, and 1 − p is 0.0132967."""
    assert preset(FAMILY, "article-focal").truths["loss"] == pytest.approx(2.366660476e-6, abs=1e-15)


def test_the_paper_s_default_weighs_label_1_with_alpha() -> None:
    expected = -0.25 * (1 - HIT) ** 2 * math.log(HIT)
    assert preset(FAMILY, "paper-default").truths["loss"] == pytest.approx(expected, rel=1e-12)


def test_label_0_has_the_weight_1_less_alpha() -> None:
    variant = explicit(FAMILY, 2, BINARY | {"target": 0, "alpha": ["0.25"]})
    assert variant.truths["loss"] == pytest.approx(-0.75 * HIT**2 * math.log(1 - HIT), rel=1e-12)


def test_without_focusing_and_weights_it_is_cross_entropy() -> None:
    variant = explicit(FAMILY, 3, {"logits": ["5", "0", "0"], "target": 0, "gamma": 0})
    assert variant.truths["loss"] == pytest.approx(0.013385901721, abs=1e-12)


def test_a_saturated_miss_keeps_its_loss_in_the_solution() -> None:
    variant = explicit(FAMILY, 1, {"logits": ["-1000"], "target": 1, "gamma": 2})
    assert variant.truths["loss"] == 1000
    assert "= 1000 " in rendering.solution(variant, "en").text


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (0.25 * HIT**2 * -math.log(HIT), "factor-of-hits"),
        (0.25 * (1 - HIT) ** 2, "logarithm-forgotten"),
        (0.25 * -math.log(HIT), "focusing-forgotten"),
        (0.75 * (1 - HIT) ** 2 * -math.log(HIT), "alpha-of-wrong-class"),
        ((1 - HIT) ** 2 * -math.log(HIT), "alpha-forgotten"),
    ],
)
def test_each_mistake_is_named(answer: float, code: str) -> None:
    part = grade(preset(FAMILY, "paper-default"), {"loss": str(answer)}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_in_a_softmax_every_other_class_s_weight_is_known() -> None:
    wrong = [each.value for each in explicit(FAMILY, 3, CLASSES).wrong if each.code == "alpha-of-wrong-class"]
    own = explicit(FAMILY, 3, CLASSES).truths["loss"]
    assert wrong == pytest.approx([own * 2 / 3, own * 5 / 3])  # type: ignore[operator]  # the loss is a number


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        (BINARY | {"target": 2}, "/target", "index-out-of-range"),
        (BINARY | {"gamma": "-1"}, "/gamma", "non-negative-expected"),
        (BINARY | {"alpha": ["1.5"]}, "/alpha/0", "probability-range"),
        (BINARY | {"alpha": ["0"]}, "/alpha/0", "positive-expected"),
        (CLASSES | {"alpha": ["0.2", "0.8"]}, "/alpha", "length-differs"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
