"""Perplexity of a text: the same in every base, carried on from one's own mean loss, each mistake by hand, edges."""

from math import e, inf

import pytest

from quiz_bank.families.token_perplexity.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import LogBase
from quiz_bank.variants import explicit

TEXT: dict[str, object] = {"probabilities": ["1/2", "1/8"], "log_base": "2"}  # losses of 1 and 3 bits: mean 2, perplexity 4


@pytest.mark.parametrize(("base", "loss"), [("2", 2.0), ("e", 1.386294361120), ("10", 0.602059991328)])
def test_the_base_changes_the_loss_and_not_the_perplexity(base: LogBase, loss: float) -> None:
    truths = explicit(FAMILY, 1, TEXT | {"log_base": base}).truths
    assert truths["loss"] == pytest.approx(loss, abs=1e-12)
    assert truths["perplexity"] == 4


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("loss", "4", "sum-for-mean"),
        ("loss", "1.678", "log-of-mean"),  # -log2((1/2 + 1/8) / 2)
        ("perplexity", "5", "mean-of-perplexities"),  # (2 + 8) / 2
        ("perplexity", repr(e**2), "base-mismatched"),
        ("perplexity", "16", "root-forgotten"),
        ("perplexity", "0.25", "mean-probability"),
        ("perplexity", "3.2", "perplexity-of-mean-probability"),  # 1 / 0.3125
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(explicit(FAMILY, 1, TEXT), {"loss": "2", "perplexity": "4"} | {part: answer})
    found = next(each.diagnosis for each in verdict.parts if each.name == part)
    assert found is not None
    assert code in (found.code, *found.also)


def test_the_perplexity_of_a_wrong_loss_is_credited() -> None:
    perplexity = grade(explicit(FAMILY, 1, TEXT), {"loss": "3", "perplexity": "8"}).parts[1]
    assert (perplexity.result, perplexity.carried_from) == ("right", ("loss",))


def test_a_loss_in_another_unit_carries_on_too() -> None:
    perplexity = grade(explicit(FAMILY, 1, TEXT), {"loss": "1 nats", "perplexity": "2.718"}).parts[1]
    assert (perplexity.result, perplexity.carried_from) == ("right", ("loss",))


def test_a_token_without_any_probability_makes_the_perplexity_infinite() -> None:
    assert explicit(FAMILY, 2, {"probabilities": ["0.5", "0"]}).truths == {"loss": inf, "perplexity": inf}


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"probabilities": []}, "/probabilities", "list-length"),
        ({"probabilities": ["0.5", "1.5"]}, "/probabilities/1", "probability-range"),
        ({"probabilities": ["0.5"], "log_base": "3"}, "/log_base", "log-base-expected"),
    ],
)
def test_what_is_no_text_is_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
