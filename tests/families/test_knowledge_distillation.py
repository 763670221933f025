"""Knowledge distillation: two classes by hand, the factor T² carried forward, each mistake by its name, and edges."""

import math

import pytest

from quiz_bank.families.knowledge_distillation.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def kl(p: float, q: float) -> float:
    return p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))


# The student's logits [1, 0] and the teacher's [4, 0], at temperature 2: sigmoids of 1/2 and of 2.
HARD = -math.log(sigmoid(1))
SOFT = kl(sigmoid(2), sigmoid(0.5))
RIGHT = {"hard": str(HARD), "soft": str(SOFT), "loss": str(0.5 * HARD + 0.5 * 4 * SOFT)}
RAW = {"logits": ["1", "0"], "teacher_logits": ["4", "0"], "target": 0, "temperature": "2", "hard_weight": "0.5"}


def test_two_classes_have_the_values_of_sigmoids() -> None:
    truths = preset(FAMILY, "two-classes").truths
    assert truths["hard"] == pytest.approx(HARD, abs=1e-12)
    assert truths["soft"] == pytest.approx(SOFT, abs=1e-12)
    assert truths["loss"] == pytest.approx(0.5 * HARD + 2 * SOFT, abs=1e-12)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("hard", -math.log(sigmoid(0.5)), "hard-term-softened"),
        ("soft", kl(sigmoid(2), sigmoid(1)), "one-side-unscaled"),
        ("soft", kl(sigmoid(4), sigmoid(0.5)), "one-side-unscaled"),
        ("soft", kl(sigmoid(4), sigmoid(1)), "temperature-forgotten"),
        ("soft", kl(sigmoid(0.5), sigmoid(2)), "arguments-swapped"),
        ("soft", 0.533678, "cross-entropy-for-kl"),  # 0.880797 · 0.474077 + 0.119203 · 0.974077
        ("loss", 0.5 * HARD + 0.5 * SOFT, "square-forgotten"),
        ("loss", 0.5 * HARD + 0.125 * SOFT, "square-inverted"),
    ],
)
def test_each_mistake_is_named(part: str, answer: float, code: str) -> None:
    verdict = grade(preset(FAMILY, "two-classes"), RIGHT | {part: str(answer)})
    (diagnosis,) = (each.diagnosis for each in verdict.parts if each.name == part)
    assert diagnosis is not None
    assert diagnosis.code == code


def test_the_shares_the_other_way_round_are_named() -> None:
    variant = explicit(FAMILY, 1, RAW | {"hard_weight": "0.2"})
    answers = RIGHT | {"loss": str(0.8 * HARD + 0.2 * 4 * SOFT)}
    diagnosis = grade(variant, answers).parts[2].diagnosis
    assert diagnosis is not None
    assert diagnosis.code == "weights-swapped"


def test_a_loss_that_follows_from_one_s_own_terms_counts() -> None:
    answers = {"hard": "0.4", "soft": "0.1", "loss": "0.400"}  # 0.5 · 0.4 + 0.5 · 4 · 0.1
    assert grade(preset(FAMILY, "two-classes"), answers).parts[2].carried_from == ("hard", "soft")


def test_with_the_whole_share_the_loss_is_the_hard_term() -> None:
    truths = explicit(FAMILY, 1, RAW | {"hard_weight": "1"}).truths
    assert truths["loss"] == truths["hard"]


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"temperature": "0"}, "/temperature", "positive-expected"),
        ({"hard_weight": "1.5"}, "/hard_weight", "probability-range"),
        ({"teacher_logits": ["4", "0", "1"]}, "/teacher_logits", "length-differs"),
        ({"target": 2}, "/target", "index-out-of-range"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, RAW | raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
