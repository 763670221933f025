"""Two logits or one: the same model twice, each mistake by hand, and what are no two logits."""

import pytest

from quiz_bank.families.two_class_equivalence.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

RIGHT = {"logit": "1.5", "probability": "0.818", "loss": "0.201"}


def test_both_forms_agree_on_the_preset() -> None:
    truths = preset(FAMILY, "one-and-a-half").truths
    assert truths["logit"] == 1.5
    assert truths["probability"] == pytest.approx(0.817574476194, abs=1e-11)  # sigmoid(1.5)
    assert truths["loss"] == pytest.approx(0.201413277983, abs=1e-11)  # -ln of it


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("logit", "-1.50", "sign-flipped"),
        ("logit", "2.00", "logit-of-class-one"),
        ("logit", "2.50", "sum-of-logits"),
        ("probability", "0.182", "difference-reversed"),
        ("probability", "0.881", "logit-of-class-one"),  # sigmoid(2)
        ("probability", "0.924", "sum-of-logits"),  # sigmoid(2.5)
        ("probability", "0.800", "normalised-logits"),  # 2 / 2.5
        ("loss", "1.701", "wrong-class"),  # 0.201 + 1.5
        ("loss", "1.101", "two-sigmoids"),  # ln(1 + e^-2) + ln(1 + e^0.5)
        ("loss", "0.182", "complement"),
        ("loss", "0.291", "wrong-log-base-2"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(preset(FAMILY, "one-and-a-half"), RIGHT | {part: answer})
    (marked,) = (each for each in verdict.parts if each.name == part)
    assert marked.diagnosis is not None
    assert (marked.result, marked.diagnosis.code) == ("wrong", code)


def test_what_follows_from_a_reversed_difference_has_its_credit() -> None:
    verdict = grade(preset(FAMILY, "one-and-a-half"), {"logit": "-1.5", "probability": "0.182", "loss": "1.70"})
    assert [part.carried_from for part in verdict.parts] == [(), ("logit",), ("probability",)]
    assert [part.result for part in verdict.parts] == ["wrong", "right", "right"]


def test_the_loss_of_class_zero_counts_the_other_side() -> None:
    truths = explicit(FAMILY, 1, {"logits": ["0.5", "2"], "target": 0}).truths
    assert truths["loss"] == pytest.approx(1.701413277983, abs=1e-11)  # ln(1 + e^1.5)


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"logits": ["1", "2", "3"], "target": 1}, "/logits", "two-logits-expected"),
        ({"logits": ["1", "2"], "target": 2}, "/target", "label-expected"),
    ],
)
def test_what_is_no_choice_between_two_is_refused(given: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, given)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
