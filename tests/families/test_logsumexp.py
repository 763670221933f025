"""Logsumexp: the articles' logits and large ones, each mistake by hand, and where the naive formula overflows."""

import pytest

from quiz_bank.families.logsumexp.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.variants import draw, explicit, preset


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("three-routes", 2.417030016278),  # 2 plus the articles' loss of class 0
        ("thousand", 1000.693147180560),  # 1000 + ln 2
    ],
)
def test_presets_have_the_right_values(name: str, value: float) -> None:
    assert preset(FAMILY, name).truths["logsumexp"] == pytest.approx(value, abs=1e-11)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("3.4870", "wrong-log-base-2"),  # 2.41703 / ln 2
        ("2.0000", "largest-logit-only"),
        ("0.41703", "largest-not-added-back"),
        ("3.1000", "sum-of-logits"),  # 2 + 1 + 0.1
        ("1.1314", "log-of-the-sum-of-logits"),  # ln 3.1
        ("11.212", "logarithm-forgotten"),  # e^2 + e + e^0.1
        ("1.3184", "mean-for-sum"),  # 2.41703 - ln 3
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(preset(FAMILY, "three-routes"), {"logsumexp": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


@pytest.mark.parametrize(("logits", "answer"), [(["1000", "1000"], "inf"), (["-1000", "-1001"], "-inf")])
def test_what_the_naive_formula_returns_is_named_as_overflow(logits: list[str], answer: str) -> None:
    part = grade(explicit(FAMILY, 4, {"logits": logits}), {"logsumexp": answer}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == "overflow"


def test_logits_of_ordinary_size_do_not_overflow() -> None:
    assert "overflow" not in {wrong.code for wrong in preset(FAMILY, "three-routes").wrong}


def test_large_logits_are_drawn_at_level_four_alone() -> None:
    for level in FAMILY.levels:
        logits = draw(FAMILY, level, "a").variant.parameters.logits
        assert all((abs(float(z)) > 700) == (level == 4) for z in logits)
