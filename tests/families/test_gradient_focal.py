"""The gradient of the focal loss: both labels, γ = 0 as cross-entropy, and each mistake by hand."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.gradient_focal.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Variant
from quiz_bank.variants import explicit


def problem(**given: object) -> Variant[Parameters]:
    return explicit(FAMILY, 1, {"logit": "1", "target": 1, "gamma": "2", **given})


@pytest.mark.parametrize(
    ("given", "gradient"),
    [
        ({}, -0.052581129978),  # -0.268941² (2 · 0.731059 · 0.313262 + 0.268941)
        ({"logit": "-1", "target": 0}, 0.052581129978),  # the same sample seen from the other label
        ({"gamma": 0}, -0.268941421370),  # σ(1) - 1, as cross-entropy has it
        ({"gamma": 0, "target": 0}, 0.731058578630),
    ],
)
def test_the_gradient_of_both_labels(given: dict[str, object], gradient: float) -> None:
    assert problem(**given).truths["gradient"] == pytest.approx(gradient, abs=1e-12)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("0.0526", "sign-flipped"),
        ("-0.01945", "gamma-term-left-out"),  # -0.268941³
        ("-0.0331", "gamma-term-only"),  # -0.0723295 · 0.458026
        ("0.0137", "gamma-term-subtracted"),  # -0.0723295 (0.268941 - 0.458026)
        ("-0.269", "factor-forgotten"),
        ("-0.0537", "factor-of-the-hit"),  # -0.534447 · 0.268941 (1 - 0.626523)
        ("-0.2674", "gradient-by-probability"),  # -0.0525811 / 0.196612
        ("0.02266", "loss-for-gradient"),  # 0.0723295 · 0.313262
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(problem(), {"gradient": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


def test_texts_follow_a_logit_far_on_the_wrong_side() -> None:
    assert "so the sign is negative: −1." in rendering.solution(problem(logit="-900000"), "en").text


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("gamma", "-1", "non-negative-expected"), ("target", "0.5", "label-expected"), ("logit", None, "number-expected")],
)
def test_what_does_not_fit_is_refused(field: str, value: object, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        problem(**{field: value})
    assert (caught.value.pointer, caught.value.code) == (f"/{field}", code)
