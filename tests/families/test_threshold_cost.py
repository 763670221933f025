"""The cost of a threshold against the log loss: four cases by hand, each mistake, and ties at the threshold."""

import pytest

from quiz_bank.families.threshold_cost.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Variant
from quiz_bank.variants import explicit

RIGHT: dict[str, object] = {"cost": "0.500", "best_threshold": "0.1667", "log_loss": "0.6122"}


def problem(**given: object) -> Variant[Parameters]:
    costs = {"threshold": "0.25", "cost_false_positive": "2", "cost_false_negative": "10"}
    return explicit(FAMILY, 1, {"probabilities": ["0.9", "0.6", "0.3", "0.2"], "labels": [1, 0, 1, 0], **costs, **given})


def test_one_false_positive_costs_two_over_four_cases() -> None:
    truths = problem().truths
    assert truths["cost"] == 0.5
    assert truths["best_threshold"] == pytest.approx(1 / 6, abs=1e-15)  # 2 / (2 + 10)
    assert truths["log_loss"] == pytest.approx(0.612191953, abs=1e-6)  # (0.105361 + 0.916291 + 1.203973 + 0.223144) / 4


def test_the_threshold_moves_the_cost_and_not_the_log_loss() -> None:
    higher = problem(threshold="0.5").truths
    assert higher["cost"] == 3  # a false negative besides
    assert higher["log_loss"] == problem().truths["log_loss"]


def test_a_case_at_the_threshold_is_acted_on() -> None:
    assert problem(threshold="0.3").truths["cost"] == 0.5
    assert problem(threshold="0.301").truths["cost"] == 3


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("cost", "2.50", "costs-swapped"),  # 10 / 4
        ("cost", "0.250", "errors-unweighted"),
        ("cost", "2.00", "sum-for-mean"),
        ("best_threshold", "0.833", "costs-swapped"),
        ("best_threshold", "0.200", "ratio-of-costs"),
        ("best_threshold", "0.500", "one-half"),
        ("log_loss", "0.8832", "wrong-log-base-2"),
        ("log_loss", "-0.6122", "sign-flipped"),
        ("log_loss", "2.449", "sum-for-mean"),
        ("log_loss", "0.2291", "wrong-decisions-only"),  # 0.916291 / 4
        ("log_loss", "1.195", "label-flipped"),  # (2.302585 + 0.510826 + 0.356675 + 1.609438) / 4
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    (found,) = (each for each in grade(problem(), RIGHT | {part: answer}).parts if each.name == part)
    assert found.diagnosis is not None
    assert (found.result, found.diagnosis.code) == ("wrong", code)


def test_counting_one_kind_of_error_only_is_named_where_both_occur() -> None:
    part = grade(problem(threshold="0.5"), RIGHT | {"cost": "2.50"}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == "one-kind-of-error-only"


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"labels": [1, 0]}, "/labels", "length-differs"),
        ({"threshold": "1.5"}, "/threshold", "probability-range"),
        ({"cost_false_positive": 0}, "/cost_false_positive", "positive-expected"),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        problem(**given)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
