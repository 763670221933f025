"""KL divergence: one example by hand, each mistake on it, and parameters at their edges."""

from math import inf

import pytest

from quiz_bank import rendering
from quiz_bank.families.kl_divergence.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

# In bits: 0.5·log2 (0.5/0.75) + 0.5·log2 (0.5/0.25) = 0.5·(-0.58496) + 0.5·1.
COIN: dict[str, object] = {"target": ["0.5", "0.5"], "prediction": ["0.75", "0.25"], "log_base": "2"}


def test_a_fair_coin_believed_to_be_loaded() -> None:
    assert explicit(FAMILY, 1, COIN).truths["kl"] == pytest.approx(0.207518749639, abs=1e-12)  # 1 - log2(3) / 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("0.14384", "wrong-log-base-e"),  # 0.20752 · ln 2
        ("0.06247", "wrong-log-base-10"),  # 0.20752 · log10 2
        ("-0.20752", "sign-flipped"),
        ("0.18872", "arguments-swapped"),  # 0.75·0.58496 - 0.25
        ("1.20752", "cross-entropy-for-kl"),  # 0.5·0.41504 + 0.5·2
        ("1.00", "entropy-for-kl"),  # a fair coin's bit
        ("0.500", "absolute-differences"),  # 0.25 + 0.25
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(explicit(FAMILY, 1, COIN), {"kl": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


def test_the_truth_believed_costs_nothing() -> None:
    variant = explicit(FAMILY, 1, {"target": ["0.3", "0.7"], "prediction": ["0.3", "0.7"]})
    assert variant.truths == {"kl": 0.0}
    assert grade(variant, {"kl": "0"}).result == "right"


def test_what_never_happens_adds_nothing_and_the_prompt_says_so() -> None:
    variant = explicit(FAMILY, 1, {"target": ["1", "0"], "prediction": ["0.5", "0.5"]})
    assert variant.truths == {"kl": 0.6931471805599453}  # ln 2
    assert "0 · log 0 = 0" in rendering.prompt(variant, "en").text


def test_what_the_belief_rules_out_costs_infinitely_much_when_it_happens() -> None:
    variant = explicit(FAMILY, 1, {"target": ["0.5", "0.5"], "prediction": ["1", "0"]})
    assert variant.truths == {"kl": inf}
    assert "= ∞ nats" in rendering.solution(variant, "en").text


@pytest.mark.parametrize(
    ("target", "prediction", "pointer", "code"),
    [
        (["0.7", "0.2"], ["0.5", "0.5"], "/target", "sum-not-one"),
        (["0.7", "0.3"], ["0.5", "0.6"], "/prediction", "sum-not-one"),
        (["0.7", "0.3"], ["1.5", "-0.5"], "/prediction/0", "probability-range"),
        (["0.7", "0.3"], ["0.5", "0.25", "0.25"], "/prediction", "length-differs"),
    ],
)
def test_what_is_no_pair_of_distributions_is_refused(target: list[str], prediction: list[str], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"target": target, "prediction": prediction})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
