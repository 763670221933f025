"""Cross-entropy of two distributions: the loaded coin, each mistake by hand, and parameters at their edges."""

from math import inf

import pytest

from quiz_bank import rendering
from quiz_bank.families.cross_entropy.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Language
from quiz_bank.variants import explicit, preset

BITS: dict[str, object] = {"target": ["0.5", "0.3", "0.2"], "prediction": ["1/4", "1/4", "1/2"], "log_base": "2"}


def test_the_loaded_coin_has_the_articles_value() -> None:
    truths = preset(FAMILY, "loaded-coin").truths
    assert truths["cross_entropy"] == pytest.approx(4.559218987487, abs=1e-12)


def test_a_believer_in_halves_pays_whole_bits() -> None:
    assert explicit(FAMILY, 1, BITS).truths == {"cross_entropy": 1.8}  # 0.5·2 + 0.3·2 + 0.2·1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("1.2477", "wrong-log-base-e"),  # 1.8 · ln 2
        ("0.54185", "wrong-log-base-10"),  # 1.8 · log10 2
        ("-1.8", "sign-flipped"),
        ("1.8452", "arguments-swapped"),  # 0.25·1 + 0.25·1.7370 + 0.5·2.3219
        ("1.4855", "entropy-for-cross-entropy"),  # 0.5·1 + 0.3·1.7370 + 0.2·2.3219
        ("0.3145", "kl-for-cross-entropy"),  # 1.8 - 1.4855
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(explicit(FAMILY, 1, BITS), {"cross_entropy": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


@pytest.mark.parametrize(("language", "words"), [("en", "Swapping the arguments"), ("zh", "交换两个分布")])
def test_only_the_loaded_coin_s_solution_says_that_swapping_changes_nothing(language: Language, words: str) -> None:
    assert words in rendering.solution(preset(FAMILY, "loaded-coin"), language).text
    assert words not in rendering.solution(explicit(FAMILY, 1, BITS), language).text


def test_swapping_is_no_mistake_where_it_changes_nothing() -> None:
    assert "arguments-swapped" not in {wrong.code for wrong in preset(FAMILY, "loaded-coin").wrong}


def test_what_the_belief_rules_out_costs_infinitely_much_when_it_happens() -> None:
    variant = explicit(FAMILY, 1, {"target": ["0.5", "0.5"], "prediction": ["1", "0"]})
    assert variant.truths == {"cross_entropy": inf}
    assert "= ∞ nats" in rendering.solution(variant, "en").text
    assert grade(variant, {"cross_entropy": "inf"}).result == "right"


def test_what_neither_expects_adds_nothing_and_the_prompt_says_so() -> None:
    variant = explicit(FAMILY, 1, {"target": ["0.5", "0.5", "0"], "prediction": ["0.5", "0.5", "0"]})
    assert variant.truths == {"cross_entropy": 0.6931471805599453}  # ln 2
    assert "0 · log 0 = 0" in rendering.prompt(variant, "en").text


@pytest.mark.parametrize(
    ("target", "prediction", "pointer", "code"),
    [
        (["0.5", "0.5"], ["0.5", "0.4"], "/prediction", "sum-not-one"),
        (["0.9", "0.2"], ["0.5", "0.5"], "/target", "sum-not-one"),
        (["1.1", "-0.1"], ["0.5", "0.5"], "/target/0", "probability-range"),
        (["0.5", "0.5"], ["0.5", "0.25", "0.25"], "/prediction", "length-differs"),
    ],
)
def test_what_is_no_pair_of_distributions_is_refused(target: list[str], prediction: list[str], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"target": target, "prediction": prediction})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
