"""Expected calibration error: by hand on one variant, each mistake, empty bins, and tables at their edges."""

import pytest

from quiz_bank.families.expected_calibration_error.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

# The gaps are -0.1, 0.05 and 0.2; weighted with 0.1, 0.3 and 0.6 of the samples.
GIVEN: dict[str, object] = {
    "counts": [100, 300, 600],
    "confidences": ["0.2", "0.5", "0.9"],
    "accuracies": ["0.3", "0.45", "0.7"],
}


def test_gaps_are_weighted_with_the_samples_of_their_bins() -> None:
    assert explicit(FAMILY, 2, GIVEN).truths == {"ece": 0.145}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("0.35/3", "unweighted-bins"),
        ("0.125", "signed-gaps"),
        ("-0.125", "signed-gaps"),
        ("0.200", "largest-gap"),
        ("0.350", "sum-for-mean"),
        ("0.02575", "squared-gaps"),  # 0.001 + 0.00075 + 0.024
        ("sqrt(0.02575)", "squared-gaps"),
        ("0.585", "accuracy-itself"),
        ("0.710", "mean-confidence"),
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(explicit(FAMILY, 2, GIVEN), {"ece": answer}).parts[0]
    assert part.diagnosis is not None
    assert code in (part.diagnosis.code, *part.diagnosis.also)


def test_an_empty_bin_does_not_count() -> None:
    assert explicit(FAMILY, 2, GIVEN | {"counts": [0, 300, 600]}).truths == {"ece": 0.15}


def test_whoever_always_predicts_the_base_rate_is_calibrated() -> None:
    assert explicit(FAMILY, 1, {"counts": [10], "confidences": ["0.3"], "accuracies": ["0.3"]}).truths == {"ece": 0.0}


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"confidences": ["0.2", "0.5"]}, "/confidences", "length-differs"),
        ({"accuracies": ["0.2", "0.5"]}, "/accuracies", "length-differs"),
        ({"counts": [0, 0, 0]}, "/counts", "nothing-counted"),
        ({"accuracies": ["0.2", "0.5", "1.1"]}, "/accuracies/2", "probability-range"),
    ],
)
def test_what_is_no_table_of_bins_is_refused(more: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, GIVEN | more)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
