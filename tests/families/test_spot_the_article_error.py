"""The articles' wrong numbers: what is right, what explains them, and what can't be explained."""

from __future__ import annotations

import pytest

from quiz_bank import rendering
from quiz_bank.families.spot_the_article_error.family import WAYS, ends
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError, show_parameters
from quiz_bank.registry import family
from quiz_bank.variants import explicit, preset

FAMILY = family("spot-the-article-error")
SHOWN = show_parameters(preset(FAMILY, "article-correct").parameters)


@pytest.mark.parametrize(
    ("name", "loss", "cause"),
    [
        ("article-correct", 0.029000039781, "dropped-smallest"),
        ("article-close", 0.713861604409, "none-of-these"),
        ("article-wrong", 4.529000039781, "dropped-own"),
    ],
)
def test_the_articles_numbers_are_put_right_and_explained_where_that_is_possible(name: str, loss: float, cause: str) -> None:
    truths = preset(FAMILY, name).truths
    assert truths["loss"] == pytest.approx(loss, abs=1e-12)
    assert truths["cause"] == (cause,)


def test_no_way_that_the_bank_knows_ends_at_the_second_article_number() -> None:
    close = preset(FAMILY, "article-close").parameters
    assert all(abs(value - 0.5619) > 0.001 for way in WAYS for value in ends(close, way))


def test_each_way_ends_where_it_does_by_hand() -> None:
    """At the logits [5, 1, 0.5], class 0, with S = 1 + e^-4 + e^-4.5 = 1.029424635…."""
    p = preset(FAMILY, "article-correct").parameters
    by_hand = {
        "dropped-smallest": [0.018149927918],
        "dropped-own": [-3.525923015],
        "in-bits": [0.041838213578],
        "in-dits": [0.012594557252],
        "of-another-class": [4.029000039781, 4.529000039781],
        "minus-logit": [-5.0],
        "one-minus-share": [0.028583582],
        "two-softmaxes": [0.569845889],
        "no-logit-taken-off": [5.029000039781],
        "over-classes": [0.009666679927],
    }
    for way in WAYS:
        assert ends(p, way) == pytest.approx(by_hand[way], abs=1e-6)


def test_the_printed_number_as_an_answer_is_told_as_such() -> None:
    loss, _ = grade(preset(FAMILY, "article-correct"), {"loss": "0.0181", "cause": "c"}).parts
    assert loss.diagnosis is not None
    assert loss.diagnosis.code == "printed-number"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"printed": "0.0290"}, "number-is-right"),
        ({"printed": "0.77", "options": ["in-bits", "in-dits"]}, "one-right-option"),
        ({"printed": "4.518", "logits": ["0.5", "1", "5"], "options": ["dropped-own", "dropped-smallest"]}, "one-right-option"),
        ({"options": ["in-bits", "no-such-way"]}, "unknown-option"),
        ({"target": 3}, "index-out-of-range"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 2, SHOWN | changes)
    assert caught.value.code == code
    assert rendering.parameter_message(caught.value, "zh")
