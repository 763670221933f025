"""Surprisal: the articles' numbers, each mistake by hand, and parameters at their edges."""

from math import inf

import pytest

from quiz_bank import rendering
from quiz_bank.families.surprisal.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset


@pytest.mark.parametrize(
    ("name", "nats"),
    [
        ("panda", 6.907755278982),  # -ln 0.001
        ("rare", 4.605170185988),  # -ln 0.01
        ("certain", 0.010050335854),  # -ln 0.99
    ],
)
def test_presets_have_the_articles_values(name: str, nats: float) -> None:
    assert preset(FAMILY, name).truths["surprisal"] == pytest.approx(nats, abs=1e-12)


def test_panda_is_as_surprising_in_bits() -> None:
    truths = explicit(FAMILY, 1, {"probability": "0.001", "log_base": "2"}).truths
    assert truths["surprisal"] == pytest.approx(9.965784284662, abs=1e-12)  # log2 1000


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("9.966", "wrong-log-base-2"),  # log2 1000
        ("3", "wrong-log-base-10"),  # log10 1000
        ("-6.908", "sign-flipped"),
        ("0.006908", "weighted-by-p"),  # 0.001 · 6.908
        ("0.999", "complement"),  # 1 - 0.001
        ("1000", "reciprocal"),  # 1 / 0.001
    ],
)
def test_each_mistake_with_the_panda_is_named(answer: str, code: str) -> None:
    part = grade(preset(FAMILY, "panda"), {"surprisal": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


def test_mistakes_that_give_the_truth_are_dropped() -> None:
    """Near probability 1, the complement and the weighted logarithm are the surprisal to three digits."""
    codes = {wrong.code for wrong in preset(FAMILY, "certain").wrong}
    assert codes == {"wrong-log-base-2", "wrong-log-base-10", "sign-flipped", "reciprocal"}


@pytest.mark.parametrize(("probability", "value"), [("0", inf), ("1", 0.0), ("1/2", 0.6931471805599453)])
def test_a_probability_may_be_0_or_1_or_a_fraction(probability: str, value: float) -> None:
    variant = explicit(FAMILY, 1, {"probability": probability})
    assert variant.truths == {"surprisal": value}
    assert rendering.solution(variant, "en").text


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"probability": "-0.1"}, "probability-range"),
        ({"probability": "1.01"}, "probability-range"),
        ({"probability": "a tenth"}, "not-a-number"),
        ({"probability": "0.1", "log_base": "3"}, "log-base-expected"),
        ({"probabilities": ["1"]}, "unknown-parameter"),
        ({}, "missing-parameter"),
    ],
)
def test_what_is_no_probability_is_refused(raw: dict[str, object], code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, raw)
    assert caught.value.code == code
