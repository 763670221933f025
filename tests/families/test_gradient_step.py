"""One step of gradient descent: the articles' logits at η = 2, what follows from what, and each mistake by hand."""

import pytest

from quiz_bank.families.gradient_step.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Variant
from quiz_bank.variants import explicit

AFTER = (2.681997722228, 0.515134058591, -0.097131780819)  # [2, 1, 0.1] - 2 [-0.341, 0.2424, 0.0986]
RIGHT: dict[str, object] = {"logits_after": ["2.682", "0.5151", "-0.0971"], "loss_after": "0.16265"}


def problem(**given: object) -> Variant[Parameters]:
    return explicit(FAMILY, 1, {"logits": ["2", "1", "0.1"], "target": 0, "learning_rate": "2", **given})


def test_the_step_and_the_loss_after_it() -> None:
    truths = problem().truths
    assert truths["logits_after"] == pytest.approx(AFTER, abs=1e-12)
    assert truths["loss_after"] == pytest.approx(0.162653412092, abs=1e-12)


def test_a_step_from_equal_logits_is_exact() -> None:
    assert problem(logits=["0", "0"], learning_rate="1").truths["logits_after"] == (0.5, -0.5)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("logits_after", ["1.318", "1.485", "0.297"], "ascent"),
        ("logits_after", ["2.341", "0.758", "0.0014"], "learning-rate-forgotten"),
        ("logits_after", ["3.364", "0.030", "-0.294"], "learning-rate-twice"),
        ("logits_after", ["0.682", "0.515", "-0.0971"], "target-forgotten"),
        ("logits_after", ["0.682", "-0.485", "-0.197"], "update-only"),
        ("logits_after", ["1.341", "-0.242", "-0.0986"], "step-on-probabilities"),
        ("loss_after", "0.933", "ascent"),
        ("loss_after", "0.417", "loss-before-the-step"),
        ("loss_after", "0.2636", "learning-rate-forgotten"),
        ("loss_after", "0.0596", "learning-rate-twice"),
        ("loss_after", "0.0475", "linear-estimate"),  # 0.41703 - 2 · 0.18477
        ("loss_after", "0.2347", "wrong-log-base-2"),
        ("loss_after", "-0.1627", "sign-flipped"),
    ],
)
def test_each_mistake_is_named(part: str, answer: object, code: str) -> None:
    (found,) = (each for each in grade(problem(), RIGHT | {part: answer}).parts if each.name == part)
    assert found.diagnosis is not None
    assert found.diagnosis.code == code


def test_the_loss_is_credited_where_it_follows_from_wrong_logits() -> None:
    step, loss = grade(problem(), {"logits_after": ["1.318", "1.485", "0.297"], "loss_after": "0.9329"}).parts
    assert step.result == "wrong"
    assert (loss.result, loss.carried_from) == ("right", ("logits_after",))


def test_logits_whose_sum_has_changed_break_the_identity() -> None:
    part = grade(problem(), RIGHT | {"logits_after": ["0.682", "0.515", "-0.0971"]}).parts[0]
    assert part.identity is not None
    assert (part.identity[0], round(part.identity[1], 3)) == ("sum-unchanged", -2.0)


def test_a_learning_rate_of_one_can_be_neither_forgotten_nor_taken_twice() -> None:
    codes = {wrong.code for wrong in problem(learning_rate=1).wrong}
    assert not {"learning-rate-forgotten", "learning-rate-twice"} & codes


@pytest.mark.parametrize(
    ("field", "value", "code"), [("learning_rate", 0, "positive-expected"), ("target", 3, "index-out-of-range")]
)
def test_what_does_not_fit_is_refused(field: str, value: object, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        problem(**{field: value})
    assert (caught.value.pointer, caught.value.code) == (f"/{field}", code)
