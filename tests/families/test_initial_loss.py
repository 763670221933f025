"""The loss of an untrained classifier: known data sets, each mistake by hand, and the loss that follows from the accuracy."""

import pytest

from quiz_bank.families.initial_loss.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

RIGHT = {"accuracy": "0.1", "loss": "ln(10)"}


@pytest.mark.parametrize(
    ("name", "accuracy", "nats"),
    [
        ("digits", 0.1, 2.302585092994),  # ln 10
        ("imagenet", 0.001, 6.907755278982),  # ln 1000
        ("vocabulary", 1 / 50257, 10.824905119702),  # ln 50257
    ],
)
def test_presets_have_the_right_values(name: str, accuracy: float, nats: float) -> None:
    truths = preset(FAMILY, name).truths
    assert truths["accuracy"] == accuracy
    assert truths["loss"] == pytest.approx(nats, abs=1e-11)


def test_a_power_of_two_has_a_whole_number_of_bits() -> None:
    assert explicit(FAMILY, 1, {"classes": 1024, "log_base": "2"}).truths["loss"] == 10.0


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("accuracy", "0.9", "error-rate"),
        ("accuracy", "10", "percent-as-a-number"),
        ("accuracy", "0.5", "coin-flip"),
        ("loss", "1.00", "wrong-log-base-10"),
        ("loss", "3.32", "wrong-log-base-2"),
        ("loss", "-2.30", "sign-flipped"),
        ("loss", "0.900", "error-rate"),
        ("loss", "0.100", "chance-for-loss"),
        ("loss", "0.230", "mean-over-classes"),
        ("loss", "6.93", "binary-losses-summed"),  # 10 ln 2
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(preset(FAMILY, "digits"), RIGHT | {part: answer})
    (marked,) = (each for each in verdict.parts if each.name == part)
    assert marked.diagnosis is not None
    assert (marked.result, marked.diagnosis.code) == ("wrong", code)


def test_a_loss_that_follows_from_a_wrong_accuracy_has_its_credit() -> None:
    loss = grade(preset(FAMILY, "digits"), {"accuracy": "0.5", "loss": "0.693"}).parts[1]
    assert (loss.result, loss.carried_from) == ("right", ("accuracy",))


def test_a_single_class_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"classes": 1})
    assert (caught.value.pointer, caught.value.code) == ("/classes", "classes-expected")
