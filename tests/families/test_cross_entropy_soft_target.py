"""The loss of a soft target: one example by hand, each mistake on it, and parameters at their edges."""

from decimal import Decimal
from math import inf

import pytest

from quiz_bank.families.cross_entropy_soft_target.family import FAMILY, mixup
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.sampling import Stream
from quiz_bank.variants import explicit

# Mixup of the first class (0.7) and the third (0.3), in bits: 0.7·1 + 0.3·2 = 1.3.
MIXED: dict[str, object] = {"target": ["0.7", "0", "0.3"], "prediction": ["1/2", "1/4", "1/4"], "log_base": "2"}


def test_each_class_counts_with_its_share() -> None:
    assert explicit(FAMILY, 1, MIXED).truths == {"loss": 1.3}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("0.9011", "wrong-log-base-e"),  # 1.3 · ln 2
        ("0.39134", "wrong-log-base-10"),  # 1.3 · log10 2
        ("-1.3", "sign-flipped"),
        ("1.00", "hard-label-only"),  # -log2 1/2
        ("0.69153", "arguments-swapped"),  # 0.5·0.51457 + 0.25·1.73697
        ("1.2345", "log-of-average"),  # -log2 (0.7·0.5 + 0.3·0.25) = -log2 0.425
        ("0.88129", "entropy-for-cross-entropy"),  # 0.7·0.51457 + 0.3·1.73697
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(explicit(FAMILY, 1, MIXED), {"loss": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


def test_of_two_equal_shares_either_may_be_taken_for_the_hard_label() -> None:
    even = explicit(FAMILY, 1, {"target": ["0.5", "0.5", "0"], "prediction": ["0.5", "0.2", "0.3"]})
    hard = [wrong.value for wrong in even.wrong if wrong.code == "hard-label-only"]
    assert hard == pytest.approx([0.693147180560, 1.609437912434])  # ln 2 and ln 5


def test_a_mixup_target_blends_two_classes() -> None:
    targets = [mixup(Stream(seed), classes=4, places=2) for seed in range(50)]
    assert {(sum(target), sum(y > 0 for y in target)) for target in targets} == {(1, 2)}
    assert min(y for target in targets for y in target if y > 0) >= Decimal("0.10")


def test_a_target_may_be_soft_in_any_way() -> None:
    smoothed = explicit(FAMILY, 1, {"target": ["0.9", "0.05", "0.05"], "prediction": ["0.7", "0.2", "0.1"]})
    assert smoothed.truths["loss"] == pytest.approx(0.516608598819, abs=1e-9)  # 0.9·0.35667 + 0.05·(1.60944 + 2.30259)


def test_a_class_with_a_share_that_is_ruled_out_costs_infinitely_much() -> None:
    assert explicit(FAMILY, 1, {"target": ["0.5", "0.5"], "prediction": ["0", "1"]}).truths == {"loss": inf}


@pytest.mark.parametrize(
    ("target", "prediction", "pointer", "code"),
    [
        (["0.7", "0.2"], ["0.5", "0.5"], "/target", "sum-not-one"),
        (["0.7", "0.3"], ["0.5", "0.6"], "/prediction", "sum-not-one"),
        (["0.7", "0.3"], ["-0.5", "1.5"], "/prediction/0", "probability-range"),
        (["0.7", "0.3"], ["0.5", "0.25", "0.25"], "/prediction", "length-differs"),
    ],
)
def test_what_is_no_soft_target_and_prediction_is_refused(
    target: list[str], prediction: list[str], pointer: str, code: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"target": target, "prediction": prediction})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
