"""Which inequality holds: by the numbers, with exactly one that is right."""

from __future__ import annotations

import pytest

from quiz_bank import rendering
from quiz_bank.families.entropy_or_cross_entropy.family import INEQUALITIES, holds, values_of
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError, show_parameters
from quiz_bank.registry import family
from quiz_bank.variants import explicit, preset

FAMILY = family("entropy-or-cross-entropy")
MOCK = preset(FAMILY, "mock-question")


def test_the_entropies_of_the_mock_question_are_told_apart() -> None:
    """H(p) = 0.801819, H(q) = 1.088900, H(p, q) = 1.002595, H(q, p) = 1.316277; so only H(q) < H(q, p) holds."""
    value = values_of(MOCK.parameters.target, MOCK.parameters.prediction)
    numbers = {"h-p": 0.801818552543, "h-q": 1.088899975345, "h-p-q": 1.00259535361, "h-q-p": 1.316276879204}
    assert value == pytest.approx({**value, **numbers}, abs=1e-11)
    assert MOCK.truths["inequality"] == ("h-q-below-h-q-p",)


def test_a_wrong_inequality_is_answered_with_both_numbers_and_the_law() -> None:
    (part,) = grade(MOCK, {"inequality": "b"}).parts
    assert part.diagnosis is not None
    said = rendering.why(MOCK, part.diagnosis.code, "en").text
    assert "0.8018" in said
    assert "never below the entropy" in said


def test_of_equal_numbers_neither_is_above_the_other() -> None:
    value = dict.fromkeys(("h-p", "h-q", "h-p-q", "h-q-p", "kl-p-q", "kl-q-p"), 1.0)
    assert not any(holds(code, value) for code in INEQUALITIES)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"options": ["h-p-above-h-q"]}, "one-right-option"),
        ({"options": ["h-p-below-h-q", "h-q-below-h-q-p"]}, "one-right-option"),
        ({"options": ["h-p-below-ln-k"]}, "unknown-option"),
        ({"prediction": ["0.5", "0.5"]}, "length-differs"),
        ({"prediction": ["0.4", "0.3", "0.4"]}, "sum-not-one"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 2, show_parameters(MOCK.parameters) | changes)
    assert caught.value.code == code
    assert rendering.parameter_message(caught.value, "zh")
