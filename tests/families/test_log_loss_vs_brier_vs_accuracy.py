"""Three scores of the same predictions: by hand on one variant, each mistake, and parameters at their edges."""

from math import inf

import pytest

from quiz_bank.families.log_loss_vs_brier_vs_accuracy.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

GIVEN: dict[str, object] = {"probabilities": ["0.9", "0.4", "0.2"], "labels": [1, 1, 0]}  # hits 0.9, 0.4, 0.8
RIGHT = {"log_loss": "-ln(0.9*0.4*0.8)/3", "brier": "(0.01+0.36+0.04)/3", "accuracy": "2/3"}


def test_three_scores_of_one_set_of_predictions() -> None:
    truths = explicit(FAMILY, 1, GIVEN).truths
    assert truths["log_loss"] == pytest.approx(0.414931599615, abs=1e-12)  # -ln(0.288) / 3
    assert truths["brier"] == 0.41 / 3
    assert truths["accuracy"] == 2 / 3


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("log_loss", "-ln(0.288)", "sum-for-mean"),
        ("log_loss", "-ln(0.1*0.6*0.2)/3", "label-flipped"),
        ("log_loss", "-ln(0.36)/3", "positives-only"),
        ("log_loss", "-ln(0.36)/2", "positives-only"),
        ("log_loss", "0.3", "complement"),  # (0.1 + 0.6 + 0.2) / 3
        ("brier", "0.41", "sum-for-mean"),
        ("brier", "(0.81+0.16+0.64)/3", "wrong-gap-squared"),
        ("brier", "0.3", "square-forgotten"),
        ("brier", "0.82/3", "both-classes-added"),
        ("brier", "0.41/6", "halved"),
        ("brier", "sqrt(0.41/3)", "root-taken"),
        ("accuracy", "1/3", "error-rate"),
        ("accuracy", "0.7", "mean-probability"),  # (0.9 + 0.4 + 0.8) / 3
        ("accuracy", "2", "count-for-share"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(explicit(FAMILY, 1, GIVEN), RIGHT | {part: answer})
    found = next(each.diagnosis for each in verdict.parts if each.name == part)
    assert found is not None
    assert code in (found.code, *found.also)


def test_a_probability_of_one_half_counts_as_positive() -> None:
    assert explicit(FAMILY, 1, {"probabilities": ["0.5", "0.5"], "labels": [1, 0]}).truths["accuracy"] == 0.5


def test_a_sure_miss_is_infinite_for_the_log_loss_alone() -> None:
    truths = explicit(FAMILY, 1, {"probabilities": ["0", "1"], "labels": [1, 1]}).truths
    assert truths == {"log_loss": inf, "brier": 0.5, "accuracy": 0.5}


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"probabilities": ["0.5"], "labels": [1, 0]}, "/labels", "length-differs"),
        ({"probabilities": ["0.5"], "labels": ["0.5"]}, "/labels/0", "label-expected"),
        ({"probabilities": ["-0.5"], "labels": [1]}, "/probabilities/0", "probability-range"),
    ],
)
def test_what_does_not_fit_is_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
