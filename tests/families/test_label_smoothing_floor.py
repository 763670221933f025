"""The floor of label smoothing: by hand for both definitions, each mistake by its name, and parameters at their edges."""

import math

import pytest

from quiz_bank import rendering
from quiz_bank.families.label_smoothing_floor.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

TEN = -0.91 * math.log(0.91) - 0.09 * math.log(0.01)
RIGHT = {"floor": str(TEN), "gap": str(math.log(91))}


def test_ten_classes_end_at_weights_of_91_and_1_per_cent() -> None:
    truths = preset(FAMILY, "ten-classes").truths
    assert truths["floor"] == pytest.approx(TEN, abs=1e-12)
    assert truths["gap"] == pytest.approx(math.log(91), abs=1e-12)


def test_over_the_other_classes_the_true_one_keeps_all_but_epsilon() -> None:
    truths = preset(FAMILY, "three-classes-others").truths
    assert truths["floor"] == pytest.approx(-0.9 * math.log(0.9) - 0.1 * math.log(0.05), abs=1e-12)
    assert truths["gap"] == pytest.approx(math.log(18), abs=1e-12)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("floor", "0", "zero-floor"),
        ("floor", "0.54481", "other-definition"),  # 0.9 and nine times 0.1/9
        ("floor", "0.09431", "true-class-alone"),  # -ln 0.91
        ("floor", "0.13187", "wrong-classes-once"),  # 0.08582 + 0.01 ln 100
        ("floor", "2.3026", "maximum-entropy"),  # ln 10
        ("floor", str(TEN / math.log(2)), "wrong-log-base-2"),
        ("gap", "inf", "infinite-gap"),
        ("gap", "4.3944", "other-definition"),  # ln 81
        ("gap", "2.3136", "wrong-classes-together"),  # ln(0.91/0.09)
        ("gap", "-0.0943", "true-class-alone"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(preset(FAMILY, "ten-classes"), RIGHT | {part: answer})
    (diagnosis,) = (each.diagnosis for each in verdict.parts if each.name == part)
    assert diagnosis is not None
    assert diagnosis.code == code


def test_without_smoothing_the_floor_is_zero_and_no_finite_gap_reaches_it() -> None:
    variant = explicit(FAMILY, 1, {"classes": 3, "epsilon": "0"})
    assert grade(variant, {"floor": "0", "gap": "inf"}).result == "right"
    assert rendering.solution(variant, "en").text


def test_a_vocabulary_of_a_million_is_worked_out_too() -> None:
    variant = explicit(FAMILY, 1, {"classes": 1_000_000, "epsilon": "0.5"})
    assert variant.truths["gap"] == pytest.approx(math.log(1_000_001), abs=1e-12)


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"classes": 1, "epsilon": "0.1"}, "/classes", "classes-expected"),
        ({"classes": 3, "epsilon": "-0.1"}, "/epsilon", "probability-range"),
        ({"classes": 3, "epsilon": "0.1", "smoothing": "none"}, "/smoothing", "choice-expected"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
