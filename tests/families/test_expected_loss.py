"""Expected log loss: by hand on one variant, each mistake, carried forward, and distributions at their edges."""

from math import inf

import pytest

from quiz_bank.families.expected_loss.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

GIVEN: dict[str, object] = {"target": ["0.7", "0.3"], "prediction": ["0.9", "0.1"]}
RIGHT: dict[str, object] = {"losses": ["-ln(0.9)", "-ln(0.1)"], "expected": "-0.7*ln(0.9)-0.3*ln(0.1)"}


def test_each_loss_is_weighted_with_how_often_it_occurs() -> None:
    truths = explicit(FAMILY, 1, GIVEN).truths
    assert truths["losses"] == pytest.approx((0.105360515658, 2.302585092994), abs=1e-12)  # -ln 0.9, -ln 0.1
    assert truths["expected"] == pytest.approx(0.764527888859, abs=1e-12)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("losses", ["-0.7*ln(0.9)", "-0.3*ln(0.1)"], "already-weighted"),
        ("losses", ["-ln(0.7)", "-ln(0.3)"], "losses-of-truth"),
        ("losses", ["0.1", "0.9"], "complement"),
        ("expected", "-ln(0.66)", "loss-at-the-mean"),  # 0.7 · 0.9 + 0.3 · 0.1
        ("expected", "-ln(0.09)/2", "mean-for-expectation"),
        ("expected", "-ln(0.9)", "most-likely-only"),
        ("expected", "-0.7*ln(0.7)-0.3*ln(0.3)", "entropy-for-cross-entropy"),
        ("expected", "0.7*ln(7/9)+0.3*ln(3)", "kl-for-cross-entropy"),
        ("expected", "-0.9*ln(0.7)-0.1*ln(0.3)", "arguments-swapped"),
    ],
)
def test_each_mistake_is_named(part: str, answer: object, code: str) -> None:
    verdict = grade(explicit(FAMILY, 1, GIVEN), RIGHT | {part: answer})
    found = next(each.diagnosis for each in verdict.parts if each.name == part)
    assert found is not None
    assert code in (found.code, *found.also)


def test_the_expectation_of_wrong_losses_is_credited() -> None:
    expected = grade(explicit(FAMILY, 1, GIVEN), {"losses": ["0.1", "0.9"], "expected": "0.34"}).parts[1]
    assert (expected.result, expected.carried_from) == ("right", ("losses",))


def test_a_case_that_is_ruled_out_but_never_happens_costs_nothing() -> None:
    variant = explicit(FAMILY, 2, {"target": ["0.5", "0.5", "0"], "prediction": ["0.5", "0.5", "0"]})
    assert variant.truths["losses"] == pytest.approx((0.693147180560, 0.693147180560, inf))
    assert variant.truths["expected"] == pytest.approx(0.693147180560)
    assert grade(variant, {"losses": ["ln(2)", "ln(2)", "inf"], "expected": "ln(2)"}).result == "right"


def test_a_case_that_is_ruled_out_and_happens_costs_infinitely_much() -> None:
    assert explicit(FAMILY, 1, {"target": ["0.5", "0.5"], "prediction": ["1", "0"]}).truths["expected"] == inf


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"prediction": ["0.9", "0.2"]}, "/prediction", "sum-not-one"),
        ({"prediction": ["1"]}, "/prediction", "list-length"),
        ({"prediction": ["0.9", "0.05", "0.05"]}, "/prediction", "length-differs"),
        ({"target": ["1.2", "-0.2"]}, "/target/0", "probability-range"),
    ],
)
def test_what_is_no_distribution_is_refused(more: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, GIVEN | more)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
