"""The gradient by the logits: the articles' p - y, each mistake by hand, and the sum that must vanish."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.gradient_logits.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

THREE_ROUTES = (-0.340998861114, 0.242432970705, 0.098565890409)  # the softmax of [2, 1, 0.1], less [1, 0, 0]


def test_the_three_routes_have_the_articles_gradient() -> None:
    assert preset(FAMILY, "three-routes").truths["gradient"] == pytest.approx(THREE_ROUTES, abs=1e-12)


def test_the_same_logits_given_explicitly_have_the_same_gradient() -> None:
    variant = explicit(FAMILY, 2, {"logits": ["2", "1", "0.1"], "target": 0})
    assert variant.truths["gradient"] == pytest.approx(THREE_ROUTES, abs=1e-12)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (["0.341", "-0.242", "-0.0986"], "sign-flipped"),
        (["0.659", "0.242", "0.0986"], "probabilities-only"),
        (["-1.517", "0", "0"], "ratio-of-target-and-probability"),  # -1 / 0.659
        (["-0.341", "0", "0"], "jacobian-diagonal-only"),  # -(1 / 0.659) · 0.659 · (1 - 0.659)
        (["1.00", "1.00", "0.1"], "logits-minus-target"),  # 2 - 1, 1, 0.1
        (["-0.5516", "0.2956", "0.2560"], "softmax-twice"),  # 0.4484 - 1 …
    ],
)
def test_each_mistake_is_named(answer: list[str], code: str) -> None:
    part = grade(preset(FAMILY, "three-routes"), {"gradient": answer}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_a_gradient_that_does_not_sum_to_zero_is_told_by_how_much() -> None:
    variant = preset(FAMILY, "three-routes")
    part = grade(variant, {"gradient": ["0.659", "0.242", "0.099"]}).parts[0]
    assert part.identity is not None
    code, residual = part.identity
    assert (code, round(residual, 12)) == ("sum-to-zero", 1.0)
    assert "相差 1。" in rendering.verdict_message(variant, part, "zh")


def test_a_target_beyond_the_last_class_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"logits": ["2", "1", "0.1"], "target": 3})
    assert (caught.value.pointer, caught.value.code) == ("/target", "index-out-of-range")
