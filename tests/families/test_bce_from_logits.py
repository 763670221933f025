"""Binary cross-entropy from a logit: hard, soft and saturated, each mistake by hand, and targets at their edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.bce_from_logits.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Variant
from quiz_bank.variants import explicit


def problem(logit: object, target: object) -> Variant[Parameters]:
    return explicit(FAMILY, 1, {"logit": logit, "target": target})


@pytest.mark.parametrize(
    ("logit", "target", "nats"),
    [
        ("2", 1, 0.126928011043),  # the three labels of the articles' multi-label example
        ("1.5", 1, 0.201413277983),
        ("-1", 0, 0.313261687518),
        ("0", "0.3", 0.693147180560),  # ln 2, whatever the target
        ("1.5", "0.9", 0.351413277983),  # 0.201413 + 0.1 · 1.5
        ("-1000000", 1, 1000000.0),
    ],
)
def test_the_loss_of_hard_and_soft_labels(logit: str, target: object, nats: float) -> None:
    assert problem(logit, target).truths["loss"] == pytest.approx(nats, abs=1e-12)


def test_a_sure_and_right_prediction_keeps_the_digits_of_its_small_loss() -> None:
    assert problem("40", 1).truths["loss"] == pytest.approx(4.248354255292e-18, rel=1e-12)  # e^-40


@pytest.mark.parametrize(
    ("target", "answer", "code"),
    [
        ("1", "-0.201", "sign-flipped"),
        ("1", "0.2906", "wrong-log-base-2"),  # 0.201413 / ln 2
        ("1", "1.701", "label-flipped"),  # ln(1 + e^1.5)
        ("1", "0.3657", "sigmoid-twice"),  # ln(1 + e^-0.817574)
        ("1", "-0.405", "logit-as-probability"),  # -ln 1.5
        ("1", "0.182", "complement"),  # 1 - 0.817574
        ("1", "0", "linear-part-only"),
        ("0", "1.50", "linear-part-only"),
        ("0.9", "0.1813", "one-term-only"),  # 0.9 · 0.201413
        ("0.9", "0.1701", "one-term-only"),  # 0.1 · 1.701413
    ],
)
def test_each_mistake_is_named(target: str, answer: str, code: str) -> None:
    part = grade(problem("1.5", target), {"loss": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


def test_texts_follow_logits_far_beyond_the_reach_of_the_exponential() -> None:
    assert "= 900000 nats" in rendering.solution(problem("-900000", 1), "en").text


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("target", "1.2", "probability-range"), ("target", "-0.1", "probability-range"), ("logit", "2e6", "number-too-large")],
)
def test_what_does_not_fit_is_refused(field: str, value: object, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"logit": "2", "target": 1, field: value})
    assert (caught.value.pointer, caught.value.code) == (f"/{field}", code)
