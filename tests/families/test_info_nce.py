"""InfoNCE: three candidates by hand, each mistake by its name, and parameters at their edges."""

import math

import pytest

from quiz_bank import rendering
from quiz_bank.families.info_nce.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

RAW = {"similarities": ["0.8", "0.5", "0.1"], "positive": 0, "temperature": "0.5"}
TOTAL = math.exp(1.6) + math.exp(1) + math.exp(0.2)


def test_the_logits_are_the_similarities_over_the_temperature() -> None:
    assert preset(FAMILY, "three").truths["loss"] == pytest.approx(math.log(TOTAL) - 1.6, abs=1e-12)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (math.log(math.exp(1) + math.exp(0.2)) - 1.6, "positive-left-out-below"),
        (math.log(math.exp(0.4) + math.exp(0.25) + math.exp(0.05)) - 0.4, "temperature-inverted"),
        (math.log(math.exp(0.8) + math.exp(0.5) + math.exp(0.1)) - 0.8, "temperature-forgotten"),
        (math.log(TOTAL) - 1, "wrong-positive"),
        (math.log(TOTAL) - 0.2, "wrong-positive"),
        (-1.6, "similarity-alone"),
    ],
)
def test_each_mistake_is_named(answer: float, code: str) -> None:
    part = grade(preset(FAMILY, "three"), {"loss": str(answer)}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_a_candidate_that_is_equal_costs_ln_2() -> None:
    variant = explicit(FAMILY, 1, {"similarities": ["1/3", "1/3"], "positive": 1, "temperature": "0.01"})
    assert variant.truths["loss"] == pytest.approx(math.log(2), abs=1e-12)


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"temperature": "0"}, "/temperature", "positive-expected"),
        ({"positive": 3}, "/positive", "index-out-of-range"),
        ({"similarities": ["0.8"]}, "/similarities", "list-length"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, RAW | raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)


def test_a_negative_that_is_far_more_similar_is_worked_out_without_overflow() -> None:
    variant = explicit(FAMILY, 1, {"similarities": ["-1", "1"], "positive": 0, "temperature": "0.002"})
    assert variant.truths["loss"] == 1000
    assert "1000" in rendering.solution(variant, "en").text
