"""Loss under gradient accumulation: by hand on one variant, each mistake, and parameters at their edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.gradient_accumulation.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

GIVEN: dict[str, object] = {"losses": ["2.0", "4.0"], "counts": [30, 10]}


def test_the_mean_of_means_is_not_the_mean_of_the_full_batch() -> None:
    assert explicit(FAMILY, 1, GIVEN).truths == {"accumulated": 3.0, "full_batch": 2.5}  # (2 · 30 + 4 · 10) / 40


def test_micro_batches_of_one_size_make_no_difference() -> None:
    variant = explicit(FAMILY, 1, GIVEN | {"counts": [20, 20]})
    assert variant.truths == {"accumulated": 3.0, "full_batch": 3.0}
    assert "both agree" in rendering.solution(variant, "en").text


def test_a_micro_batch_without_tokens_still_counts_for_the_loop() -> None:
    assert explicit(FAMILY, 1, GIVEN | {"counts": [30, 0]}).truths == {"accumulated": 3.0, "full_batch": 2.0}


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("accumulated", "2.5", "weighted-by-tokens"),
        ("accumulated", "6", "sum-for-mean"),
        ("full_batch", "3", "mean-of-means"),
        ("full_batch", "50", "divides-by-steps"),
        ("full_batch", "100", "sum-for-mean"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(explicit(FAMILY, 1, GIVEN), {"accumulated": "3.00", "full_batch": "2.50"} | {part: answer})
    found = next(each.diagnosis for each in verdict.parts if each.name == part)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"counts": [30]}, "/counts", "length-differs"),
        ({"counts": [0, 0]}, "/counts", "nothing-counted"),
        ({"counts": [30, "-1"]}, "/counts/1", "count-expected"),
        ({"losses": ["2", "-4"]}, "/losses/1", "non-negative-expected"),
    ],
)
def test_what_makes_no_batch_is_refused(more: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, GIVEN | more)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
