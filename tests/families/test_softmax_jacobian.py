"""diag(p) − p pᵀ: its numbers, its identity, and what its mistakes give."""

from __future__ import annotations

import pytest

from quiz_bank.families.softmax_jacobian.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

MEDIUM = preset(FAMILY, "medium")  # p = [0.7, 0.2, 0.1]


def test_the_matrix_of_the_preset() -> None:
    assert MEDIUM.truths["jacobian"] == ((0.21, -0.14, -0.07), (-0.14, 0.16, -0.02), (-0.07, -0.02, 0.09))


def test_a_right_matrix_and_one_with_a_wrong_entry() -> None:
    right = [["0.21", "-0.14", "-0.07"], ["-0.14", "0.16", "-0.02"], ["-0.07", "-0.02", "0.09"]]
    assert grade(MEDIUM, {"jacobian": right}).result == "right"
    right[2][2] = "0.19"
    (part,) = grade(MEDIUM, {"jacobian": right}).parts
    assert part.result == "partly_right"
    assert part.credit == pytest.approx(8 / 9)
    assert part.identity is not None
    assert part.identity[0] == "sum-to-zero"


@pytest.mark.parametrize(
    ("matrix", "code"),
    [
        ([[0.21, 0, 0], [0, 0.16, 0], [0, 0, 0.09]], "diagonal-only"),
        ([[0.21, 0.14, 0.07], [0.14, 0.16, 0.02], [0.07, 0.02, 0.09]], "positive-off-diagonal"),
        ([[-0.49, -0.14, -0.07], [-0.14, -0.04, -0.02], [-0.07, -0.02, -0.01]], "outer-product-only"),
        ([[0.7, 0, 0], [0, 0.2, 0], [0, 0, 0.1]], "probabilities-on-the-diagonal"),
        ([[-0.21, 0.14, 0.07], [0.14, -0.16, 0.02], [0.07, 0.02, -0.09]], "sign-flipped"),
    ],
)
def test_each_mistake_is_named(matrix: list[list[float]], code: str) -> None:
    (part,) = grade(MEDIUM, {"jacobian": matrix}).parts
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_probabilities_must_sum_to_one() -> None:
    with pytest.raises(ParameterError, match="sum-not-one"):
        explicit(FAMILY, 1, {"probabilities": ["0.7", "0.2"]})
