"""Multi-label or multi-class: both kinds of task with the same logits, and the loss that each wrong choice leads to."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.multi_label_or_multi_class.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import ChoicePart, Variant
from quiz_bank.variants import explicit, preset


def letter(variant: Variant[Parameters], code: str) -> str:
    part = variant.part("design")
    assert isinstance(part, ChoicePart)
    return next(letter for letter, each in part.letters.items() if each == code)


def test_independent_labels_need_sigmoids_and_sum_their_losses() -> None:
    truths = preset(FAMILY, "multi-label").truths
    assert truths["design"] == ("sigmoid-bce",)
    assert truths["loss"] == pytest.approx(0.641602976544, abs=1e-12)  # the articles' sum


def test_classes_that_exclude_each_other_need_a_softmax() -> None:
    truths = preset(FAMILY, "multi-class").truths
    assert truths["design"] == ("softmax-cross-entropy",)
    assert truths["loss"] == pytest.approx(0.504597202, abs=1e-6)  # ln(1 + e^-0.5 + e^-3)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [("multi-label", "sigmoid-bce", "softmax-bce"), ("multi-class", "softmax-cross-entropy", "sigmoid-bce")],
)
def test_a_wrong_design_is_explained_by_its_own_code(name: str, right: str, wrong: str) -> None:
    variant = preset(FAMILY, name)
    loss = str(variant.truths["loss"])
    assert grade(variant, {"design": letter(variant, right), "loss": loss}).result == "right"
    part = grade(variant, {"design": letter(variant, wrong), "loss": loss}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == wrong
    assert rendering.why(variant, wrong, "zh").text


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        ("multi-label", "1.509", "softmax-cross-entropy"),  # 0.5046 + 1.0046
        ("multi-label", "0.7546", "softmax-cross-entropy"),  # spread over the two labels
        ("multi-label", "1.540", "softmax-bce"),  # 1.509 + 0.0305
        ("multi-label", "0.3283", "sigmoid-positives-only"),  # 0.1269 + 0.2014
        ("multi-label", "2.25", "identity-squared-error"),  # 1 + 0.25 + 1
        ("multi-label", "0.2139", "mean-for-sum"),
        ("multi-label", "-0.6416", "sign-flipped"),
        ("multi-class", "2.1416", "sigmoid-bce"),  # 0.1269 + 1.7014 + 0.3133
        ("multi-class", "0.1269", "sigmoid-positives-only"),
        ("multi-class", "4.25", "identity-squared-error"),  # 1 + 2.25 + 1
    ],
)
def test_the_loss_of_each_wrong_choice_is_named(name: str, answer: str, code: str) -> None:
    variant = preset(FAMILY, name)
    part = grade(variant, {"design": "a", "loss": answer}).parts[1]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_a_single_label_that_is_present_does_not_make_a_task_multi_class() -> None:
    variant = explicit(FAMILY, 1, {"task": "findings", "logits": ["2", "1.5", "-1"], "labels": [1, 0, 0]})
    assert variant.truths["design"] == ("sigmoid-bce",)


def test_the_letters_of_the_options_change_from_problem_to_problem() -> None:
    tasks = [explicit(FAMILY, 1, {"task": "genres", "logits": [z, 1, 0], "labels": [1, 0, 0]}) for z in range(2, 9)]
    assert len({letter(variant, "sigmoid-bce") for variant in tasks}) > 1


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"task": "cooking"}, "/task", "choice-expected"),
        ({"labels": [1, 0]}, "/labels", "length-differs"),
        ({"task": "digit"}, "/labels", "one-hot-expected"),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"task": "genres", "logits": ["2", "1.5", "-1"], "labels": [1, 1, 0], **given})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
