"""The loss of a batch: reductions, padding, each mistake by hand, and parameters at their edges."""

from math import inf, log

import pytest

from quiz_bank.families.batch_cross_entropy.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

ROWS = [["0.7", "0.2", "0.1"], ["0.1", "0.4", "0.5"], ["0.3", "0.3", "0.4"]]
BATCH: dict[str, object] = {"predictions": ROWS, "targets": [0, 1, 0]}  # the labels got 0.7, 0.4 and 0.3
MEAN = 0.825646160046  # -ln(0.7 * 0.4 * 0.3) / 3 = -ln(0.084) / 3


def test_the_mean_is_over_the_samples() -> None:
    assert explicit(FAMILY, 2, BATCH).truths["loss"] == pytest.approx(MEAN, abs=1e-12)


def test_the_sum_is_that_of_the_samples() -> None:
    assert explicit(FAMILY, 2, BATCH | {"reduction": "sum"}).truths["loss"] == pytest.approx(3 * MEAN, abs=1e-11)


def test_an_ignored_label_counts_neither_above_nor_below_the_line() -> None:
    # Of the three samples only the second one, whose label got 0.4, is no padding.
    assert explicit(FAMILY, 3, BATCH | {"ignore_index": 0}).truths["loss"] == pytest.approx(0.916290731874, abs=1e-12)


@pytest.mark.parametrize(
    ("more", "answer", "code"),
    [
        ({"reduction": "sum"}, MEAN, "mean-for-sum"),
        ({}, 3 * MEAN, "sum-for-mean"),
        ({}, MEAN / 3, "divides-by-classes"),
        ({}, -log(0.7 * 0.5 * 0.4) / 3, "predicted-class"),
        ({}, -log(1.4 / 3), "log-of-mean"),
        ({}, (0.3 + 0.6 + 0.7) / 3, "complement"),
        ({"ignore_index": 1}, MEAN, "ignored-counted"),
        ({"ignore_index": 1}, -log(0.7 * 0.3) / 3, "ignored-in-divisor"),
    ],
)
def test_each_mistake_is_named(more: dict[str, object], answer: float, code: str) -> None:
    part = grade(explicit(FAMILY, 2, BATCH | more), {"loss": repr(answer)}).parts[0]
    assert part.diagnosis is not None
    assert code in (part.diagnosis.code, *part.diagnosis.also)


def test_a_label_that_is_ruled_out_makes_the_whole_batch_infinite() -> None:
    assert explicit(FAMILY, 1, {"predictions": [["1", "0"], ["0.5", "0.5"]], "targets": [1, 0]}).truths == {"loss": inf}


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"targets": [0, 1]}, "/targets", "length-differs"),
        ({"targets": [0, 1, 3]}, "/targets/2", "index-out-of-range"),
        ({"targets": [0, 0, 0], "ignore_index": 0}, "/targets", "nothing-counted"),
        ({"predictions": [["0.7", "0.2"], *ROWS[1:]]}, "/predictions/0", "sum-not-one"),
        ({"reduction": "none"}, "/reduction", "choice-expected"),
    ],
)
def test_what_makes_no_batch_is_refused(more: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, BATCH | more)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
