"""The gradient for a soft target: by hand, each mistake by its name, the identity, and parameters at their edges."""

import pytest

from quiz_bank.families.gradient_soft_target.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import components
from quiz_bank.variants import explicit, preset

P = (0.659001138886, 0.242432970705, 0.098565890409)  # the softmax of [2, 1, 0.1]


def test_the_gradient_is_the_softmax_less_the_target() -> None:
    expected = (P[0] - 0.7, P[1] - 0.3, P[2])
    assert preset(FAMILY, "mixup").truths["gradient"] == pytest.approx(expected, abs=1e-11)


def test_a_target_of_fractions_is_exact() -> None:
    expected = (P[0] - 14 / 15, P[1] - 1 / 30, P[2] - 1 / 30)
    assert preset(FAMILY, "smoothed").truths["gradient"] == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((0.7 - P[0], 0.3 - P[1], -P[2]), "sign-flipped"),
        ((P[0] - 1, P[1], P[2]), "hard-label-only"),
        (P, "probabilities-only"),
        ((-0.7 / P[0], -0.3 / P[1], 0), "ratio-of-target-and-probability"),
        ((-0.7 * (1 - P[0]), -0.3 * (1 - P[1]), 0), "jacobian-diagonal-only"),
        ((1.3, 0.7, 0.1), "logits-minus-target"),
        ((-0.251602, -0.004349, 0.255951), "softmax-twice"),  # exp of P over its sum, less the target
    ],
)
def test_each_mistake_is_named(answer: tuple[float, ...], code: str) -> None:
    part = grade(preset(FAMILY, "mixup"), {"gradient": [str(number) for number in answer]}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_components_that_do_not_sum_to_zero_are_told_so() -> None:
    part = grade(preset(FAMILY, "mixup"), {"gradient": ["-0.041", "-0.0576", "0.2"]}).parts[0]
    assert part.identity is not None
    code, residual = part.identity
    assert code == "sum-to-zero"
    assert residual == pytest.approx(0.1014)


def test_a_blend_of_two_equal_halves_has_no_hard_label_to_mistake() -> None:
    variant = explicit(FAMILY, 1, {"logits": ["1", "0"], "target": ["0.5", "0.5"]})
    assert "hard-label-only" not in {wrong.code for wrong in variant.wrong}
    assert components(variant.truths["gradient"]) == pytest.approx((0.231058578630, -0.231058578630))  # type: ignore[arg-type]  # numbers


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (["0.7", "0.2"], "sum-not-one"),
        (["1.2", "-0.2"], "probability-range"),
        (["0.7", "0.2", "0.1"], "length-differs"),
    ],
)
def test_a_target_that_is_no_distribution_of_the_classes_is_refused(target: list[str], code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"logits": ["1", "0"], "target": target})
    assert caught.value.code == code
