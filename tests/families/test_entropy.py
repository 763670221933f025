"""Entropy: the articles' numbers, each mistake by hand, impossible outcomes, and parameters at their edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.entropy.family import FAMILY
from quiz_bank.families.on_distributions import halved
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.sampling import Stream
from quiz_bank.variants import explicit, preset


@pytest.mark.parametrize(
    ("name", "nats"),
    [
        ("forest", 1.029653014064),  # panda, bird, dog: 0.2, 0.3, 0.5
        ("medium", 0.801818552543),  # 0.7, 0.2, 0.1
        ("uniform", 1.098612288668),  # ln 3
        ("one-hot", 0.0),
    ],
)
def test_presets_have_the_articles_values(name: str, nats: float) -> None:
    assert preset(FAMILY, name).truths["entropy"] == pytest.approx(nats, abs=1e-12)


def test_the_forest_in_bits() -> None:
    truths = explicit(FAMILY, 1, {"probabilities": ["0.2", "0.3", "0.5"], "log_base": "2"}).truths
    assert truths["entropy"] == pytest.approx(1.485475297227, abs=1e-12)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("1.485", "wrong-log-base-2"),
        ("0.4472", "wrong-log-base-10"),  # 1.02965 / ln 10
        ("-1.0297", "sign-flipped"),
        ("3.5066", "unweighted-sum"),  # 1.6094 + 1.2040 + 0.6931
        ("1.1689", "mean-for-expectation"),  # 3.5066 / 3
        ("1.0986", "maximum-entropy"),  # ln 3
    ],
)
def test_each_mistake_in_the_forest_is_named(answer: str, code: str) -> None:
    part = grade(preset(FAMILY, "forest"), {"entropy": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


def test_an_impossible_outcome_adds_nothing_and_the_prompt_says_so() -> None:
    with_zero = explicit(FAMILY, 1, {"probabilities": ["0.5", "0", "0.5"]})
    assert with_zero.truths == {"entropy": 0.6931471805599453}  # ln 2
    assert "0 · log 0 = 0" in rendering.prompt(with_zero, "en").text
    assert "log 0" not in rendering.prompt(preset(FAMILY, "forest"), "en").text


def test_the_largest_entropy_is_no_mistake_where_it_is_the_truth() -> None:
    codes = {wrong.code for wrong in preset(FAMILY, "uniform").wrong}
    assert codes == {"wrong-log-base-2", "wrong-log-base-10", "sign-flipped", "unweighted-sum"}


def test_halved_distributions_sum_to_one_exactly() -> None:
    assert {sum(halved(Stream(seed), count)) for seed in range(20) for count in range(2, 7)} == {1}


@pytest.mark.parametrize(
    ("probabilities", "pointer", "code"),
    [
        (["0.5", "0.4"], "/probabilities", "sum-not-one"),
        (["0.5", "0.6"], "/probabilities", "sum-not-one"),
        (["1.5", "-0.5"], "/probabilities/0", "probability-range"),
        (["-0.5", "1.5"], "/probabilities/0", "probability-range"),
        (["1"], "/probabilities", "list-length"),
        ("0.5", "/probabilities", "list-expected"),
    ],
)
def test_what_is_no_distribution_is_refused(probabilities: object, pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"probabilities": probabilities})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
