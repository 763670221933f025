"""Entropy, cross-entropy and KL divergence: the loaded coin, what follows, the identity, each mistake by hand, and edges."""

from math import inf

import pytest

from quiz_bank import rendering
from quiz_bank.families.entropy_ce_kl_identity.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

# In bits: H(p) = 1, H(p, q) = 0.5·(log2 4/3) + 0.5·2, H(q) = 0.811278, H(q, p) = 1.
COIN: dict[str, object] = {"target": ["0.5", "0.5"], "prediction": ["0.75", "0.25"], "log_base": "2"}
# In bits: H(p) = 0.811278, H(p, q) = 1, H(q) = 1, H(q, p) = 1.207519.
LOADED: dict[str, object] = {"target": ["0.75", "0.25"], "prediction": ["0.5", "0.5"], "log_base": "2"}
RIGHT: dict[str, object] = {"entropy": "0.8113", "cross_entropy": "1.000", "kl": "0.1887"}


def test_the_loaded_coin_has_the_articles_values() -> None:
    truths = preset(FAMILY, "loaded-coin").truths
    assert truths["entropy"] == pytest.approx(0.056001534355, abs=1e-12)
    assert truths["cross_entropy"] == pytest.approx(4.559218987487, abs=1e-11)
    assert truths["kl"] == pytest.approx(4.503217453132, abs=1e-11)  # their difference


def test_a_divergence_that_follows_from_a_wrong_entropy_is_credited() -> None:
    parts = grade(explicit(FAMILY, 1, LOADED), RIGHT | {"entropy": "0.700", "kl": "0.300"}).parts
    assert [part.result for part in parts] == ["wrong", "right", "right"]
    assert parts[2].carried_from == ("entropy", "cross_entropy")


def test_numbers_that_break_the_identity_are_told_by_how_much() -> None:
    variant = explicit(FAMILY, 1, LOADED)
    kl = grade(variant, RIGHT | {"kl": "0.500"}).parts[2]
    assert kl.identity is not None
    assert kl.identity[1] == pytest.approx(-0.3113)  # 1 - 0.8113 - 0.5
    assert "off by 0.3113" in rendering.verdict_message(variant, kl, "en")


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("entropy", "0.56234", "wrong-log-base-e"),
        ("entropy", "1.000", "entropy-of-the-prediction"),
        ("cross_entropy", "1.2075", "arguments-swapped"),
        ("cross_entropy", "0.8113", "entropy-for-cross-entropy"),
        ("cross_entropy", "0.1887", "kl-for-cross-entropy"),
        ("kl", "0.2075", "arguments-swapped"),  # 1.2075 - 1
        ("kl", "1.000", "cross-entropy-for-kl"),
        ("kl", "1.811", "sum-for-difference"),
        ("kl", "-0.1887", "sign-flipped"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = next(each for each in grade(explicit(FAMILY, 1, LOADED), RIGHT | {part: answer}).parts if each.name == part)
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.code == code


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("entropy", "1.2075", "cross-entropy-for-entropy"),
        ("kl", "-0.1887", "entropies-subtracted"),  # 0.8113 - 1
    ],
)
def test_mistakes_that_a_fair_belief_would_hide_are_named(part: str, answer: str, code: str) -> None:
    right: dict[str, object] = {"entropy": "1.000", "cross_entropy": "1.2075", "kl": "0.2075"}
    verdict = next(each for each in grade(explicit(FAMILY, 1, COIN), right | {part: answer}).parts if each.name == part)
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.code == code


def test_a_belief_that_rules_out_what_happens_costs_infinitely_much() -> None:
    variant = explicit(FAMILY, 1, {"target": ["0.5", "0.5"], "prediction": ["1", "0"]})
    assert variant.truths == {"entropy": 0.6931471805599453, "cross_entropy": inf, "kl": inf}
    assert rendering.solution(variant, "en").text


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"target": ["0.7", "0.2"]}, "/target", "sum-not-one"),
        ({"prediction": ["1.5", "-0.5"]}, "/prediction/0", "probability-range"),
        ({"prediction": ["0.5", "0.25", "0.25"]}, "/prediction", "length-differs"),
    ],
)
def test_what_is_no_pair_of_distributions_is_refused(changes: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, COIN | changes)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
