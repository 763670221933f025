"""Which line printed a number: each line's value by hand, and exactly one that fits."""

from __future__ import annotations

from math import log

import pytest

from quiz_bank.families.which_reduction.lines import LINES, value
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError, show_parameters
from quiz_bank.registry import family
from quiz_bank.variants import explicit, preset

FAMILY = family("which-reduction")
WEIGHTED = preset(FAMILY, "weighted-mean")
SHOWN = show_parameters(WEIGHTED.parameters)


def test_each_line_gives_what_it_gives_by_hand() -> None:
    """Losses a, b, c of the true classes 0, 1, 0 with the weights 1, 3, 1; class 0 is the one that is ignored."""
    a, b, c = -log(0.7), -log(0.6), -log(0.25)
    all_classes = -sum(map(log, (0.7, 0.2, 0.1, 0.3, 0.6, 0.1, 0.25, 0.25, 0.5)))
    by_hand = {
        "plain": (a + b + c) / 3,
        "sum": a + b + c,
        "over-all-entries": (a + b + c) / 9,
        "weight": (a + 3 * b + c) / 5,
        "weight-sum": a + 3 * b + c,
        "weight-none-mean": (a + 3 * b + c) / 3,
        "ignore": b,
        "ignore-none-mean": b / 3,
        "ignore-sum": b,
        "none-max": c,
        "none-min": a,
        "smoothing": (0.9 * (a + b + c) + 0.1 / 3 * all_classes) / 3,
    }
    assert {code: value(WEIGHTED.parameters.batch, code) for code in LINES} == pytest.approx(by_hand, rel=1e-14)


def test_the_weighted_mean_divides_by_the_weights_of_the_true_classes() -> None:
    assert WEIGHTED.truths["line"] == ("weight",)
    assert grade(WEIGHTED, {"line": "d"}).result == "right"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "0.8"}, "one-right-option"),
        ({"number": "0.5108", "options": ["ignore", "ignore-sum"]}, "one-right-option"),
        ({"options": ["weight", "weight"]}, "repeated-option"),
        ({"target": [0, 0, 0]}, "nothing-counted"),
        ({"target": [0, 1]}, "length-differs"),
        ({"target": [0, 1, 3]}, "index-out-of-range"),
        ({"weights": ["1", "2"]}, "length-differs"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 2, SHOWN | changes)
    assert caught.value.code == code
