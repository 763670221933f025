"""Another base of the logarithm: the numbers in the statements, and what is refused."""

from __future__ import annotations

import math

import pytest

from quiz_bank import rendering
from quiz_bank.families.base_change.family import HOLDS
from quiz_bank.parameters import ParameterError
from quiz_bank.registry import family
from quiz_bank.variants import explicit

FAMILY = family("base-change")
SHOWN = {"loss": "0.916", "log_base": "2", "options": ["number-divided", "number-multiplied", "perplexity-kept"]}


def test_the_numbers_in_the_statements_are_the_losses_in_either_reading() -> None:
    """0.916 / ln 2 = 1.321508686…, 0.916 · ln 2 = 0.634922817…, exp(0.916) = 2.499273…."""
    variant = explicit(FAMILY, 1, SHOWN)
    said = [rendering.option_text(variant, code, "en").text for code in variant.parameters.options]
    assert "1.322" in said[0]
    assert "0.6349" in said[1]
    assert "2.499" in said[2]
    assert variant.truths["statements"] == ("number-divided", "perplexity-kept")


def test_what_is_said_to_be_kept_is_kept_in_numbers() -> None:
    first, second, base = 0.4, 1.6, 10
    new = [-math.log(math.exp(-loss), base) for loss in (first, second)]
    kept = {
        "ratio-kept": new[1] / new[0] == pytest.approx(second / first),
        "difference-kept": new[1] - new[0] == pytest.approx(second - first),
        "order-kept": new[0] < new[1],
        "perplexity-kept": base ** new[0] == pytest.approx(math.exp(first)),
        "perplexity-of-e": math.exp(new[0]) == pytest.approx(math.exp(first)),
        "number-divided": new[0] == pytest.approx(first / math.log(base)),
        "number-multiplied": new[0] == pytest.approx(first * math.log(base)),
    }
    assert kept == {code: HOLDS[code] for code in kept}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"log_base": "e"}, "choice-expected"),
        ({"loss": "101"}, "number-too-large"),
        ({"loss": "0"}, "positive-expected"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, SHOWN | changes)
    assert caught.value.code == code
    assert rendering.parameter_message(caught.value, "en")
