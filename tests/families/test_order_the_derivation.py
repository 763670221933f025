"""Steps of a derivation: the shown ones in the derivation's own order."""

from __future__ import annotations

import pytest

from quiz_bank import rendering
from quiz_bank.families.order_the_derivation.family import DERIVATION_OF, DERIVATIONS, MOST_STEPS
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.registry import family
from quiz_bank.variants import explicit

FAMILY = family("order-the-derivation")
SOME = explicit(FAMILY, 1, {"options": ["share-named", "outer-derivative", "softmax-inside", "fraction-split"]})


def test_what_is_shown_is_ordered_as_the_whole_derivation_is() -> None:
    assert SOME.truths["steps"] == ("softmax-inside", "fraction-split", "outer-derivative", "share-named")
    assert grade(SOME, {"steps": "c d b a"}).result == "right"
    assert grade(SOME, {"steps": "c b d a"}).result == "wrong"


def test_every_derivation_has_as_many_steps_and_no_step_is_in_two() -> None:
    assert {len(steps) for steps in DERIVATIONS.values()} == {MOST_STEPS}
    assert len(DERIVATION_OF) == MOST_STEPS * len(DERIVATIONS)


def test_the_solution_has_all_steps_and_letters_those_that_were_shown() -> None:
    text = rendering.solution(SOME, "en").text
    assert [text.index(letter) for letter in ("c) ", "d) ", "b) ", "a) ")] == sorted(
        text.index(letter) for letter in ("c) ", "d) ", "b) ", "a) ")
    )
    assert text.count("\n- ") == MOST_STEPS


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["share-named", "no-such-step"], "unknown-option"),
        (["share-named", "divided"], "unknown-option"),
        (["share-named", "share-named"], "repeated-option"),
        (["share-named"], "list-length"),
    ],
)
def test_steps_that_make_no_problem_are_refused(options: list[str], code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"options": options})
    assert caught.value.code == code
