"""The gradient of binary cross-entropy by the logit: with and without a weight, and each mistake by hand."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.gradient_bce_logit.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Variant
from quiz_bank.variants import explicit


def problem(**given: object) -> Variant[Parameters]:
    return explicit(FAMILY, 1, {"logit": "1.5", "target": "0.9", "pos_weight": "3", **given})


@pytest.mark.parametrize(
    ("given", "gradient"),
    [
        ({"logit": "-10", "target": 1, "pos_weight": 1}, -0.999954602131),  # the article's saturated prediction
        ({"logit": "1.5", "target": 0, "pos_weight": 7}, 0.817574476194),  # σ(1.5): the weight plays no part
        ({"logit": "1.5", "target": 1, "pos_weight": 7}, -1.276978666645),  # 7 (σ - 1)
        ({"logit": "0", "target": "0.5", "pos_weight": 1}, 0.0),
        ({}, -0.410791466657),  # 2.8 · 0.817574 - 2.7
    ],
)
def test_the_gradient_of_hard_soft_and_weighted_labels(given: dict[str, object], gradient: float) -> None:
    assert problem(**given).truths["gradient"] == pytest.approx(gradient, abs=1e-12)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("0.411", "sign-flipped"),
        ("-0.0613", "sigma-prime-left-in"),  # -0.410791 · 0.149146
        ("-2.75", "gradient-by-probability"),  # -0.410791 / 0.149146
        ("-0.0824", "weight-forgotten"),  # 0.817574 - 0.9
        ("-0.247", "weight-on-both"),  # 3 (0.817574 - 0.9)
        ("0.0811", "weight-on-the-negative"),  # 1.2 · 0.817574 - 0.9
        ("0.818", "probability-only"),
        ("0.600", "logit-minus-target"),
        ("0.714", "loss-for-gradient"),  # 2.7 · 0.201413 + 0.1 · 1.701413
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(problem(), {"gradient": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


def test_a_weight_of_one_is_not_spoken_of() -> None:
    assert "weight" not in rendering.prompt(problem(pos_weight=1), "en").text
    assert "权重 w = 3" in rendering.prompt(problem(), "zh").text


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("target", "1.2", "probability-range"), ("pos_weight", 0, "positive-expected"), ("logit", "x", "not-a-number")],
)
def test_what_does_not_fit_is_refused(field: str, value: object, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        problem(**{field: value})
    assert (caught.value.pointer, caught.value.code) == (f"/{field}", code)
