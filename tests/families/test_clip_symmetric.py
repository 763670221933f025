"""CLIP's symmetric loss: two pairs by hand, each mistake by its name, carried forward, and parameters at their edges."""

import math

import pytest

from quiz_bank import rendering
from quiz_bank.families.clip_symmetric.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset


def softplus(z: float) -> float:
    return math.log1p(math.exp(z))


# [[0.8, 0.3], [0.5, 0.6]] over 0.5: each loss is that of a logit less than the diagonal's by these gaps.
ROWS = (softplus(-1.0) + softplus(-0.2)) / 2
COLUMNS = (softplus(-0.6) + softplus(-0.6)) / 2
RIGHT = {"rows": str(ROWS), "columns": str(COLUMNS), "loss": str((ROWS + COLUMNS) / 2)}
INVERTED = (softplus(-0.25) + softplus(-0.05)) / 2


def test_two_pairs_have_the_losses_of_two_logits() -> None:
    truths = preset(FAMILY, "two-pairs").truths
    assert truths["rows"] == pytest.approx(ROWS, abs=1e-12)
    assert truths["columns"] == pytest.approx(COLUMNS, abs=1e-12)
    assert truths["loss"] == pytest.approx((ROWS + COLUMNS) / 2, abs=1e-12)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("rows", COLUMNS, "directions-swapped"),
        ("rows", 2 * ROWS, "sum-for-mean"),
        ("rows", INVERTED, "temperature-inverted"),
        ("rows", (softplus(-0.5) + softplus(-0.1)) / 2, "temperature-forgotten"),
        ("columns", ROWS, "directions-swapped"),
        ("columns", softplus(-0.3), "temperature-forgotten"),
        ("loss", ROWS, "one-direction"),
        ("loss", COLUMNS, "one-direction"),
        ("loss", ROWS + COLUMNS, "sum-for-mean"),
        ("loss", (INVERTED + softplus(-0.15)) / 2, "temperature-inverted"),
    ],
)
def test_each_mistake_is_named(part: str, answer: float, code: str) -> None:
    verdict = grade(preset(FAMILY, "two-pairs"), RIGHT | {part: str(answer)})
    (diagnosis,) = (each.diagnosis for each in verdict.parts if each.name == part)
    assert diagnosis is not None
    assert code in (diagnosis.code, *diagnosis.also)


def test_a_mean_of_one_s_own_two_directions_counts() -> None:
    answers = {"rows": "0.3", "columns": "0.5", "loss": "0.4"}
    assert grade(preset(FAMILY, "two-pairs"), answers).parts[2].carried_from == ("rows", "columns")


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["0.8", "0.3"]], "square-expected"),
        ([["0.8", "0.3"], ["0.5"]], "rows-differ"),
        ([["0.8"]], "list-length"),
    ],
)
def test_a_matrix_that_is_not_square_is_refused(rows: list[list[str]], code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"similarities": rows, "temperature": "0.5"})
    assert (caught.value.pointer, caught.value.code) == ("/similarities", code)
    assert rendering.parameter_message(caught.value, "zh")
