"""The gradient by the probabilities: the first mock question's prediction, each mistake by hand, and zeros."""

import math

import pytest

from quiz_bank import rendering
from quiz_bank.families.gradient_probabilities.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset


def test_only_the_true_class_has_a_slope() -> None:
    assert preset(FAMILY, "mock-question").truths["gradient"] == pytest.approx((-1.428571428571, 0, 0), abs=1e-11)  # -1/0.7
    assert preset(FAMILY, "quarter").truths["gradient"] == (0.0, -4.0, 0.0)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (["1.43", "0", "0"], "sign-flipped"),
        (["-0.3", "0.2", "0.1"], "gradient-by-logits"),
        (["0.357", "0", "0"], "loss-for-gradient"),  # -ln 0.7
        (["-1.43", "-5", "-10"], "target-forgotten"),
        (["-1.43", "1.25", "1.11"], "binary-slope"),  # 1 / (1 - q) elsewhere
        (["-0.7", "0", "0"], "weighted-by-prediction"),
    ],
)
def test_each_mistake_is_named(answer: list[str], code: str) -> None:
    part = grade(preset(FAMILY, "mock-question"), {"gradient": answer}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_swapped_arguments_are_named_for_a_soft_target() -> None:
    variant = explicit(FAMILY, 3, {"target": ["0.8", "0.2"], "prediction": ["0.5", "0.5"]})
    assert variant.truths["gradient"] == (-1.6, -0.4)
    part = grade(variant, {"gradient": ["-0.625", "-2.5"]}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == "arguments-swapped"


def test_no_probability_for_the_truth_makes_the_slope_infinite() -> None:
    variant = explicit(FAMILY, 1, {"target": [1, 0], "prediction": ["0", "1"]})
    assert variant.truths["gradient"] == (-math.inf, 0.0)
    assert grade(variant, {"gradient": ["-inf", "0"]}).result == "right"
    assert "−∞" in rendering.solution(variant, "en").text


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"target": [1, 0], "prediction": ["0.7", "0.2", "0.1"]}, "/prediction", "length-differs"),
        ({"target": [1, 0], "prediction": ["0.7", "0.2"]}, "/prediction", "sum-not-one"),
        ({"target": [1, 1], "prediction": ["0.7", "0.3"]}, "/target", "sum-not-one"),
    ],
)
def test_what_are_no_two_distributions_is_refused(given: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, given)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
