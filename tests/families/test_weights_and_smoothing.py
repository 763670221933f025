"""Class weights with label smoothing: by hand, each mistake by its name, carried forward, and parameters at their edges."""

from math import log

import pytest

from quiz_bank.families.weights_and_smoothing.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

# Predictions [0.7, 0.2, 0.1] of class 0 and [0.6, 0.1, 0.3] of class 2, weights 1, 2, 5, ε = 0.2: labels of 13/15 and 1/15.
FIRST = -(13 * log(0.7) + 2 * log(0.2) + 5 * log(0.1)) / 15
SECOND = -(log(0.6) + 2 * log(0.1) + 5 * 13 * log(0.3)) / 15
RIGHT = {"terms": [str(FIRST), str(SECOND)], "mean": str((FIRST + SECOND) / 6)}
RAW: dict[str, object] = {
    "predictions": [["0.8", "0.2"], ["0.7", "0.3"]],
    "targets": [0, 1],
    "weights": ["1", "4"],
    "epsilon": "0.1",
}


def test_each_class_has_its_own_weight_and_the_mean_divides_by_those_of_the_true_classes() -> None:
    truths = preset(FAMILY, "three-classes").truths
    assert truths["terms"] == pytest.approx((FIRST, SECOND), abs=1e-12)
    assert truths["mean"] == pytest.approx((FIRST + SECOND) / 6, abs=1e-12)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (
            (
                -(13 * log(0.7) + log(0.2) + log(0.1)) / 15,
                -5 * (log(0.6) + log(0.1) + 13 * log(0.3)) / 15,
            ),
            "weight-of-true-class",
        ),
        (
            (
                -(13 * log(0.7) + log(0.2) + log(0.1)) / 15,
                -(log(0.6) + log(0.1) + (5 * 12 + 1) * log(0.3)) / 15,
            ),
            "smoothing-after-weighting",
        ),
        ((-log(0.7), -5 * log(0.3)), "smoothing-forgotten"),
        (
            (
                -(13 * log(0.7) + log(0.2) + log(0.1)) / 15,
                -(log(0.6) + log(0.1) + 13 * log(0.3)) / 15,
            ),
            "weights-forgotten",
        ),
        (
            (
                -(8 * log(0.7) + 2 * log(0.2) + 5 * log(0.1)) / 10,
                -(log(0.6) + 2 * log(0.1) + 5 * 8 * log(0.3)) / 10,
            ),
            "other-definition",
        ),
    ],
)
def test_each_mistake_in_the_terms_is_named(answer: tuple[float, float], code: str) -> None:
    part = grade(preset(FAMILY, "three-classes"), RIGHT | {"terms": [str(number) for number in answer]}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((FIRST + SECOND) / 2, "divided-by-count"),
        ((FIRST + SECOND) * 15 / 88, "divided-by-smoothed-weights"),  # 13 + 2 + 5 and 1 + 2 + 65, over 15
        (FIRST + SECOND, "sum-for-mean"),
        (-(log(0.7) + 5 * log(0.3)) / 6, "smoothing-forgotten"),
    ],
)
def test_each_mistake_in_the_mean_is_named(answer: float, code: str) -> None:
    part = grade(preset(FAMILY, "three-classes"), RIGHT | {"mean": str(answer)}).parts[1]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_a_mean_of_one_s_own_losses_counts() -> None:
    answers = {"terms": ["0.6", "6"], "mean": "1.1"}
    assert grade(preset(FAMILY, "three-classes"), answers).parts[1].carried_from == ("terms",)


def test_without_smoothing_the_mean_is_the_class_weighted_one() -> None:
    truths = explicit(FAMILY, 1, RAW | {"epsilon": "0"}).truths
    assert truths["mean"] == pytest.approx(-(log(0.8) + 4 * log(0.3)) / 5, abs=1e-12)


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"epsilon": "1.2"}, "/epsilon", "probability-range"),
        ({"targets": [0, 2]}, "/targets/1", "index-out-of-range"),
        ({"weights": ["1", "4", "2"]}, "/weights", "length-differs"),
        ({"predictions": [["0.8", "0.2"], ["0.7", "0.4"]]}, "/predictions/1", "sum-not-one"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, RAW | raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
