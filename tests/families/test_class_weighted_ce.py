"""Class-weighted cross-entropy: the article's weights, each mistake by its name, and parameters at their edges."""

import math

import pytest

from quiz_bank.families.class_weighted_ce.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

TERMS = [-math.log(0.9), -10 * math.log(0.6), -100 * math.log(0.15)]
RIGHT = {"terms": [str(term) for term in TERMS], "sum": str(sum(TERMS)), "mean": str(sum(TERMS) / 111)}
BATCH = {"predictions": [["0.8", "0.2"], ["0.7", "0.3"]], "targets": [0, 1], "weights": ["1", "4"]}


def test_the_mean_divides_by_the_weights_1_10_and_100_of_the_samples() -> None:
    truths = preset(FAMILY, "article-weights").truths
    assert truths["terms"] == pytest.approx(TERMS, abs=1e-11)
    assert truths["sum"] == pytest.approx(sum(TERMS), abs=1e-11)
    assert truths["mean"] == pytest.approx(sum(TERMS) / 111, abs=1e-11)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("terms", ["0.10536", "0.51083", "1.89712"], "weights-forgotten"),
        ("terms", ["0.10536", "5.10826", "1.89712"], "weight-of-predicted-class"),  # sample 3 is taken for class 0
        ("terms", ["0.10536", "-1.79176", "-2.70805"], "weight-inside-the-log"),  # -ln 6 and -ln 15
        ("sum", "2.5133", "weights-forgotten"),
        ("sum", "1.7561", "mean-for-sum"),
        ("mean", "64.975", "divided-by-count"),  # 194.926 / 3
        ("mean", "194.93", "sum-for-mean"),
        ("mean", "0.83777", "weights-forgotten"),  # 2.5133 / 3
        ("mean", "0.59256", "weight-of-predicted-class"),  # 7.1107 / 12
    ],
)
def test_each_mistake_is_named(part: str, answer: object, code: str) -> None:
    verdict = grade(preset(FAMILY, "article-weights"), RIGHT | {part: answer})
    (diagnosis,) = (each.diagnosis for each in verdict.parts if each.name == part)
    assert diagnosis is not None
    assert diagnosis.code == code


def test_a_weight_for_the_class_of_no_sample_changes_nothing() -> None:
    both_first = BATCH | {"targets": [0, 0]}
    truths = explicit(FAMILY, 1, both_first).truths
    assert truths["mean"] == pytest.approx(-math.log(0.56) / 2, abs=1e-12)
    assert explicit(FAMILY, 1, both_first | {"weights": ["1", "9"]}).truths == truths


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"predictions": [["0.8", "0.2"], ["0.6", "0.3"]]}, "/predictions/1", "sum-not-one"),
        ({"predictions": [["0.8", "0.2"], ["0.5", "0.3", "0.2"]]}, "/predictions", "rows-differ"),
        ({"targets": [0]}, "/targets", "length-differs"),
        ({"targets": [0, 2]}, "/targets/1", "index-out-of-range"),
        ({"weights": ["1", "0"]}, "/weights/1", "positive-expected"),
        ({"weights": ["1", "2", "3"]}, "/weights", "length-differs"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, BATCH | raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
