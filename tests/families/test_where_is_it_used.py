"""Tasks and their output layers: every task has one that fits, and only it."""

from __future__ import annotations

from collections import Counter

import pytest

from quiz_bank.families.where_is_it_used.family import OUTPUT_OF, OUTPUTS
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError, show_parameters
from quiz_bank.registry import family
from quiz_bank.variants import draw, explicit, preset

FAMILY = family("where-is-it-used")
MOCK = preset(FAMILY, "mock-question")


def test_each_task_is_matched_by_the_letter_of_its_output() -> None:
    assert MOCK.truths["outputs"] == ("softmax-everywhere", "one-sigmoid", "linear", "softmax-once", "sigmoid-each")
    assert grade(MOCK, {"outputs": "d, e, a, b, c"}).result == "right"
    assert grade(MOCK, {"outputs": "b, e, a, b, c"}).credit == pytest.approx(4 / 5)


def test_every_output_fits_two_tasks_at_least() -> None:
    assert min(Counter(OUTPUT_OF.values()).values()) == 2


def test_the_fewest_tasks_that_five_outputs_fit_are_twelve() -> None:
    """The stated number of variants counts on it."""
    assert sum(sorted(Counter(OUTPUT_OF.values()).values())[: OUTPUTS[1]]) == 12


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_output_of_every_task_is_offered(level: int) -> None:
    for seed in range(50):
        p = draw(FAMILY, level, str(seed)).variant.parameters
        assert {OUTPUT_OF[task] for task in p.tasks} <= set(p.options)
        assert len(p.options) == OUTPUTS[level]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"tasks": ["spam", "captions"]}, "/tasks/1", "no-right-option"),
        ({"tasks": ["spam", "spam"]}, "/tasks/1", "repeated-option"),
        ({"tasks": ["softmax-once"]}, "/tasks/0", "unknown-option"),
        ({"options": ["one-sigmoid", "spam"]}, "/options/1", "unknown-option"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(changes: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, show_parameters(MOCK.parameters) | changes)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
