"""What a naive formula returns, against the number types themselves, and the true value beside it."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from quiz_bank.families.naive_overflow.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import draw, explicit, preset


def computed(p: Parameters) -> float:
    """Run the code of the prompt in the number type."""
    with np.errstate(all="ignore"):
        z = np.array([float(each) for each in p.logits], dtype=p.float_type)
        if p.quantity == "logsumexp":
            return float(np.log(np.sum(np.exp(z))))
        share = np.exp(z[p.target]) / np.sum(np.exp(z))
        return float(share if p.quantity == "softmax" else -np.log(share))


@pytest.mark.parametrize(("level", "seed"), [*product((1, 2, 3), range(40))])
def test_the_key_is_what_the_code_really_returns(level: int, seed: int) -> None:
    variant = draw(FAMILY, level, str(seed)).variant
    assert variant.truths["naive"] == pytest.approx(computed(variant.parameters), nan_ok=True)


@pytest.mark.parametrize(
    ("name", "naive", "true"),
    [
        ("thousand", math.inf, 1000.693147180560),  # 1000 + ln 2
        ("minus-thousand", math.nan, 0.313261687518),  # ln(1 + 1/e)
        ("one-hundred", math.nan, 0.268941421370),  # 1/(1 + e)
    ],
)
def test_presets(name: str, naive: float, true: float) -> None:
    truths = preset(FAMILY, name).truths
    assert truths["naive"] == pytest.approx(naive, nan_ok=True)
    assert truths["value"] == pytest.approx(true, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "answers", "code"),
    [
        ("thousand", {"naive": "nan", "value": "1000.69"}, "nan-for-infinity"),
        ("thousand", {"naive": "0", "value": "1000.69"}, "zero-for-overflow"),
        ("one-hundred", {"naive": "inf", "value": "0.26894"}, "infinity-for-nan"),
        ("one-hundred", {"naive": "0.26894", "value": "0.26894"}, "true-value-for-naive"),
        ("one-hundred", {"naive": "nan", "value": "nan"}, "naive-value-for-true"),
        ("one-hundred", {"naive": "nan", "value": "1"}, "largest-logit-only"),
    ],
)
def test_each_mistake_is_named(name: str, answers: dict[str, object], code: str) -> None:
    verdict = grade(preset(FAMILY, name), answers)
    assert [part.diagnosis.code for part in verdict.parts if part.diagnosis] == [code]


def test_logits_that_the_type_can_hold_are_refused_with_its_limit() -> None:
    raw = {"logits": ["80", "1"], "target": 0, "quantity": "softmax", "float_type": "float32"}
    with pytest.raises(ParameterError, match="no-overflow"):
        explicit(FAMILY, 1, raw)
    assert explicit(FAMILY, 1, raw | {"logits": ["90", "1"]}).truths["value"] == pytest.approx(1.0)
