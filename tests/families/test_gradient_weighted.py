"""The gradient with class weights: two classes by hand, each mistake by its name, the identity, and edges."""

import math

import pytest

from quiz_bank.families.gradient_weighted.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import components
from quiz_bank.variants import explicit, preset

# Logits [2, 0] of class 0 with weight 1, and [1, 0] of class 1 with weight 4.
A, B = 1 / (1 + math.exp(2)), 1 / (1 + math.exp(-1))  # by how much each sample misses
RAW: dict[str, object] = {"logits": [["2", "0"], ["1", "0"]], "targets": [0, 1], "weights": ["1", "4"]}


def rows(first: float, second: float) -> list[list[float]]:
    return [[-first, first], [second, -second]]


def test_each_row_has_the_sample_s_share_of_the_total_weight() -> None:
    gradient = components(preset(FAMILY, "two-classes").truths["gradient"])  # type: ignore[arg-type]  # numbers
    assert gradient == pytest.approx((-A / 5, A / 5, 4 * B / 5, -4 * B / 5), abs=1e-12)


def test_the_article_s_weights_leave_the_common_class_almost_no_gradient() -> None:
    gradient = components(preset(FAMILY, "article-weights").truths["gradient"])  # type: ignore[arg-type]  # numbers
    assert gradient[0] == pytest.approx(-0.340998861114 / 101, abs=1e-11)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (rows(-A / 5, -4 * B / 5), "sign-flipped"),
        (rows(A / 2, 4 * B / 2), "divided-by-count"),
        (rows(A, 4 * B), "not-divided"),
        (rows(A / 2, B / 2), "weights-forgotten"),
        ([[-A / 5, 4 * A / 5], [B / 5, -4 * B / 5]], "weights-by-component"),
        ([[(1 - A) / 5, A / 5], [4 * B / 5, 4 * (1 - B) / 5]], "probabilities-only"),
    ],
)
def test_each_mistake_is_named(answer: list[list[float]], code: str) -> None:
    typed = [[str(number) for number in row] for row in answer]
    part = grade(preset(FAMILY, "two-classes"), {"gradient": typed}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_a_row_that_does_not_sum_to_zero_is_told_so() -> None:
    typed = [["-0.0238", "0.0238"], ["0.585", "-0.485"]]
    part = grade(preset(FAMILY, "two-classes"), {"gradient": typed}).parts[0]
    assert part.identity is not None
    code, residual = part.identity
    assert code == "rows-sum-to-zero"
    assert residual == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"logits": [["2", "0"], ["1"]]}, "/logits", "rows-differ"),
        ({"targets": [0, 2]}, "/targets/1", "index-out-of-range"),
        ({"targets": [0]}, "/targets", "length-differs"),
        ({"weights": ["1"]}, "/weights", "length-differs"),
        ({"weights": ["1", "-4"]}, "/weights/1", "positive-expected"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, RAW | raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
