"""Ignored labels: the mean over the rest, nan over nothing, each mistake by its name, and labels that are refused."""

import math

import pytest

from quiz_bank import rendering
from quiz_bank.families.ignore_index.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

BATCH: dict[str, object] = {"predictions": [["0.8", "0.2"], ["0.7", "0.3"]], "reduction": "mean"}


def test_the_mean_runs_over_the_labels_that_count() -> None:
    assert preset(FAMILY, "padded").truths["loss"] == pytest.approx(-math.log(0.7 * 0.6) / 2, abs=1e-12)


def test_nothing_to_average_gives_nan_and_nothing_to_add_gives_zero() -> None:
    assert grade(preset(FAMILY, "all-ignored"), {"loss": "nan"}).result == "right"
    assert grade(preset(FAMILY, "all-ignored-sum"), {"loss": "0"}).result == "right"


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        ("all-ignored", "0", "zero-for-nan"),
        ("all-ignored", "inf", "infinity-for-nan"),
        ("all-ignored-sum", "nan", "nan-for-zero"),
        ("padded", "0.21688", "divided-by-all"),  # -ln 0.42 / 4
        ("padded", "0.86443", "ignored-counted"),  # -ln(0.42 * 0.25 * 0.3) / 4
        ("padded", "0.86750", "sum-for-mean"),
        ("padded", "0.62577", "wrong-log-base-2"),
        ("padded", "-0.4338", "sign-flipped"),
    ],
)
def test_each_mistake_is_named(name: str, answer: str, code: str) -> None:
    part = grade(preset(FAMILY, name), {"loss": answer}).parts[0]
    assert part.diagnosis is not None
    assert code in (part.diagnosis.code, *part.diagnosis.also)


def test_with_the_reduction_sum_the_mean_is_the_mistake() -> None:
    variant = explicit(FAMILY, 1, BATCH | {"targets": [0, 0], "reduction": "sum"})
    part = grade(variant, {"loss": "0.28991"}).parts[0]  # -ln 0.56 / 2
    assert part.diagnosis is not None
    assert part.diagnosis.code == "mean-for-sum"


@pytest.mark.parametrize(
    ("target", "pointer", "code"),
    [
        ([0, -1], "/targets/1", "label-or-ignored-expected"),
        ([0.5, 0], "/targets/0", "label-or-ignored-expected"),
        ([0, 2], "/targets/1", "index-out-of-range"),
        ([0], "/targets", "length-differs"),
    ],
)
def test_labels_that_are_no_classes_are_refused(target: list[float], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, BATCH | {"targets": target})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
    assert rendering.parameter_message(caught.value, "zh")


def test_an_unknown_reduction_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, BATCH | {"targets": [0, 0], "reduction": "none"})
    assert caught.value.code == "choice-expected"
