"""Binary cross-entropy with pos_weight: by hand, each mistake by its name, carried forward, and parameters at their edges."""

import math

import pytest

from quiz_bank.families.bce_pos_weight.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import components
from quiz_bank.variants import explicit

RAW = {"logits": ["1", "-2"], "labels": [1, 0], "pos_weight": "4"}
HIT, MISS = math.log1p(math.exp(-1)), math.log1p(math.exp(-2))  # the losses without a weight
RIGHT = {"terms": [str(4 * HIT), str(MISS)], "mean": str((4 * HIT + MISS) / 2)}


def test_only_the_positive_sample_is_weighted_and_the_mean_divides_by_the_samples() -> None:
    truths = explicit(FAMILY, 1, RAW).truths
    assert truths["terms"] == pytest.approx((4 * HIT, MISS), abs=1e-12)
    assert truths["mean"] == pytest.approx((4 * HIT + MISS) / 2, abs=1e-12)


def test_with_the_weight_1_the_article_s_multi_label_losses_come_back() -> None:
    truths = explicit(FAMILY, 1, {"logits": ["2", "1.5", "-1"], "labels": [1, 1, 0], "pos_weight": 1}).truths
    assert components(truths["terms"]) == pytest.approx((0.126928011043, 0.201413277983, 0.313261687518), abs=1e-11)  # type: ignore[arg-type]  # numbers
    assert truths["mean"] == pytest.approx(0.213867658848, abs=1e-11)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("terms", (HIT, MISS), "weight-forgotten"),
        ("terms", (4 * HIT, 4 * MISS), "weight-on-both"),
        ("terms", (HIT, 4 * MISS), "weight-on-the-negative"),
        ("terms", (HIT - math.log(4), MISS), "weight-inside-the-log"),
        ("terms", (4 * (HIT + 1), MISS + 2), "label-flipped"),
        ("mean", (HIT + MISS) / 2, "weight-forgotten"),
        ("mean", 2 * (HIT + MISS), "weight-on-both"),
        ("mean", (HIT + 4 * MISS) / 2, "weight-on-the-negative"),
        ("mean", (4 * HIT + MISS) / 5, "divided-by-the-weights"),
        ("mean", 4 * HIT + MISS, "sum-for-mean"),
    ],
)
def test_each_mistake_is_named(part: str, answer: float | tuple[float, ...], code: str) -> None:
    typed = [str(number) for number in answer] if isinstance(answer, tuple) else str(answer)
    verdict = grade(explicit(FAMILY, 1, RAW), RIGHT | {part: typed})
    (diagnosis,) = (each.diagnosis for each in verdict.parts if each.name == part)
    assert diagnosis is not None
    assert diagnosis.code == code


def test_a_mean_of_one_s_own_losses_counts() -> None:
    answers = {"terms": ["2.25", "0.15"], "mean": "1.20"}
    assert grade(explicit(FAMILY, 1, RAW), answers).parts[1].carried_from == ("terms",)


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"pos_weight": "0"}, "/pos_weight", "positive-expected"),
        ({"labels": [1, 2]}, "/labels/1", "label-expected"),
        ({"labels": [1]}, "/labels", "length-differs"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, RAW | raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
