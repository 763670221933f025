"""The floor of binary cross-entropy: a smoothed label by hand, the identity, and each mistake."""

import pytest

from quiz_bank.families.soft_label_bce_floor.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Variant
from quiz_bank.variants import explicit

RIGHT: dict[str, object] = {"loss": "0.4414", "floor": "0.3251", "excess": "0.1163"}


def problem(**given: object) -> Variant[Parameters]:
    return explicit(FAMILY, 1, {"target": "0.9", "probability": "0.7", **given})


def test_the_loss_is_the_floor_and_what_is_above_it() -> None:
    truths = problem().truths
    assert truths["loss"] == pytest.approx(0.441404729977, abs=1e-12)  # -(0.9 ln 0.7 + 0.1 ln 0.3)
    assert truths["floor"] == pytest.approx(0.325082973391, abs=1e-12)  # -(0.9 ln 0.9 + 0.1 ln 0.1)
    assert truths["excess"] == pytest.approx(0.116321756586, abs=1e-12)


def test_a_hard_label_has_the_floor_zero_and_a_perfect_prediction_no_excess() -> None:
    assert problem(target="1").truths["floor"] == 0
    assert problem(probability="0.9").truths["excess"] == 0


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("loss", "0.6368", "wrong-log-base-2"),
        ("loss", "1.119", "label-flipped"),  # -(0.1 ln 0.7 + 0.9 ln 0.3)
        ("loss", "0.7645", "arguments-swapped"),  # -(0.7 ln 0.9 + 0.3 ln 0.1)
        ("loss", "0.321", "one-term-only"),  # -0.9 ln 0.7
        ("floor", "0", "zero-floor"),
        ("floor", "0.6109", "entropy-of-the-prediction"),
        ("floor", "0.693", "maximum-entropy"),
        ("floor", "0.0948", "one-term-only"),  # -0.9 ln 0.9
        ("floor", "0.2303", "one-term-only"),  # -0.1 ln 0.1
        ("excess", "0.4414", "zero-floor"),
        ("excess", "0.1537", "arguments-swapped"),  # 0.7645 - 0.6109
        ("excess", "0.200", "difference-of-probabilities"),
        ("excess", "-0.1163", "sign-flipped"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    (found,) = (each for each in grade(problem(), RIGHT | {part: answer}).parts if each.name == part)
    assert found.diagnosis is not None
    assert (found.result, found.diagnosis.code) == ("wrong", code)


def test_the_excess_is_credited_where_it_follows_from_a_wrong_floor() -> None:
    excess = grade(problem(), {"loss": "0.4414", "floor": "0", "excess": "0.4414"}).parts[2]
    assert (excess.result, excess.carried_from) == ("right", ("loss", "floor"))


def test_an_excess_that_does_not_add_up_is_told_so() -> None:
    excess = grade(problem(), RIGHT | {"excess": "0.2"}).parts[2]
    assert excess.identity is not None
    assert (excess.identity[0], round(excess.identity[1], 3)) == ("loss-is-floor-and-excess", -0.084)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("target", "1.1", "probability-range"),
        ("probability", "-0.1", "probability-range"),
        ("log_base", "3", "log-base-expected"),
    ],
)
def test_what_does_not_fit_is_refused(field: str, value: object, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        problem(**{field: value})
    assert (caught.value.pointer, caught.value.code) == (f"/{field}", code)
