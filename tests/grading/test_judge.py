"""What an answer gets: right, too coarse, wrong, partly right, and what a unit, an infinity or an earlier part does to it."""

from __future__ import annotations

import math

import pytest

from quiz_bank.grading.errors import UnreadableAnswersError
from quiz_bank.grading.judge import grade
from quiz_bank.problem import Identity, Misconception, PartSpec, PartVerdict, components
from quiz_bank.variants import build
from tests.grading import toy


def mark(answer: object, **problem: object) -> PartVerdict:
    """Return the verdict on the single part of a scalar problem."""
    (part,) = grade(toy.scalar(**problem), {"loss": answer}).parts  # type: ignore[arg-type]
    return part


@pytest.mark.parametrize(
    "answer", ["0.357", "0.356", "0.3567", "0.35667494", "-ln(0.7)", "０.３５７", "35.7%", 0.357, "3.57e-1"]
)
def test_rounding_truncating_and_more_digits_are_all_right(answer: object) -> None:
    assert mark(answer).result == "right"


@pytest.mark.parametrize("answer", ["0.358", "0.355", "0.36", "0.35767495", "0.3556749"])
def test_one_unit_of_the_last_place_away_is_not_right(answer: str) -> None:
    assert mark(answer).result != "right"


@pytest.mark.parametrize(("truth", "answer"), [(0.5, "0.499"), (0.501, "0.500"), (0.7, "0.699"), (1.1, "1.09"), (0.8, "0.801")])
def test_exactly_one_unit_away_is_wrong_whatever_binary_arithmetic_makes_of_it(truth: float, answer: str) -> None:
    assert mark(answer, truth=truth).result == "wrong"


@pytest.mark.parametrize("answer", ["0.36", "0.35", "0.4", ".4", "36%", "4e-1"])
def test_too_few_digits_of_the_truth_are_too_coarse_and_not_wrong(answer: str) -> None:
    assert mark(answer).result == "too_coarse"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("0.3", "it is what a misconception gives: 1 - 0.7"),
        ("0", "it has no significant digit"),
        ("0.37", "the truth doesn't round to it"),
        ("2/5", "an expression is never coarse"),
        ("0.360", "it has as many digits as are asked for"),
    ],
)
def test_what_is_not_too_coarse_is_wrong(answer: str, why: str) -> None:
    assert mark(answer).result == "wrong", why


def test_trailing_zeros_of_an_integer_are_no_digits() -> None:
    assert mark("300", truth=302.6).result == "too_coarse"
    assert mark("300.0", truth=302.6).result == "wrong"


@pytest.mark.parametrize("answer", ["0.5146 bits", "0.515 比特", "0.1549 dits", "0.357 nats", "0.155 ban"])
def test_another_unit_is_right_where_the_converted_truth_is(answer: str) -> None:
    assert mark(answer).result == "right"


def test_the_digits_of_another_unit_are_counted_in_that_unit() -> None:
    """1.32 bits is 0.915 nats, more than a thousandth away from 0.916291 and yet right to three digits."""
    part = mark("1.32 bits", truth=0.916290731874155)
    assert (part.result, part.other_unit) == ("right", "bits")
    assert mark("0.357 nats").other_unit is None


def test_a_number_in_the_wrong_unit_is_wrong() -> None:
    part = mark("0.357 bits")
    assert part.result == "wrong"
    assert part.diagnosis is not None
    assert part.diagnosis.code == "wrong-log-base-e"


def test_a_part_can_insist_on_its_unit() -> None:
    with pytest.raises(UnreadableAnswersError, match="unit-fixed"):
        mark("0.5146 bits", unit_fixed=True)
    assert mark("0.357 nats", unit_fixed=True).result == "right"


@pytest.mark.parametrize(
    ("truth", "answer", "result"),
    [
        (math.inf, "inf", "right"),
        (math.inf, "∞", "right"),
        (math.inf, "-inf", "wrong"),
        (math.inf, "1e308", "wrong"),
        (1.5, "inf", "wrong"),
        (0.0, "0", "right"),
        (0.0, "-0.0", "right"),
        (0.0, "0.0009", "right"),
        (0.0, "0.001", "wrong"),
    ],
)
def test_infinities_compare_by_equality_and_zero_has_a_tolerance(truth: float, answer: str, result: str) -> None:
    assert mark(answer, truth=truth).result == result


def test_nan_is_right_only_for_nan() -> None:
    assert mark("nan", truth=math.nan, special=True).result == "right"
    assert mark("nan", truth=1.0, special=True).result == "wrong"
    assert mark("1", truth=math.nan, special=True).result == "wrong"


def test_each_component_of_a_vector_is_judged_and_the_share_is_the_credit() -> None:
    verdict = grade(toy.vector(0.659, 0.242, 0.0986), {"p": ["0.659", "0.3", "0.099"]})
    assert verdict.parts[0].states == ("right", "wrong", "right")
    assert verdict.result == "partly_right"
    assert verdict.credit == pytest.approx(2 / 3)


def test_a_vector_is_measured_by_its_largest_component() -> None:
    verdict = grade(toy.vector(0.9954, 0.0041, 0.0005), {"p": ["0.995", "0.004", "0.001"]})
    assert verdict.result == "right"


def test_only_right_and_coarse_components_make_too_coarse() -> None:
    assert grade(toy.vector(0.659, 0.242, 0.0986), {"p": ["0.66", "0.242", "0.0986"]}).result == "too_coarse"


@pytest.mark.parametrize("answer", [["inf", "-inf", "0"], ["1e308", "1e308", "1"]])
def test_numbers_that_have_no_sum_are_wrong_without_naming_the_identity(answer: list[str]) -> None:
    exactly: Identity[toy.Parameters] = Identity("sums-to-one", ("p",), lambda _, own: math.fsum(components(own["p"])) - 1)
    (part,) = grade(toy.vector(0.7, 0.2, 0.1, identities=(exactly,)), {"p": answer}).parts
    assert (part.result, part.identity) == ("wrong", None)


def test_a_coarse_component_is_no_mistake_where_the_mistake_has_the_truth_there() -> None:
    """Forgetting the target changes one component of p - y only; the others are as right in two digits as ever."""

    def probabilities_only(_: toy.Parameters) -> tuple[float, ...]:
        return (0.659, 0.2424, 0.0986)

    problem = toy.vector(-0.341, 0.2424, 0.0986, misconceptions=(Misconception("probabilities-only", probabilities_only, "p"),))
    verdict = grade(problem, {"p": ["-0.341", "0.24", "0.0986"]})
    assert verdict.result == "too_coarse"
    assert grade(problem, {"p": ["0.66", "0.242", "0.0986"]}).parts[0].states == ("wrong", "right", "right")


def test_a_broken_identity_is_named_where_a_component_is_wrong() -> None:
    problem = toy.vector(0.7, 0.2, 0.1, identities=(toy.sums_to_one(),))
    (part,) = grade(problem, {"p": ["0.7", "0.3", "0.1"]}).parts
    assert part.identity is not None
    assert part.identity[0] == "sums-to-one"
    assert part.identity[1] == pytest.approx(0.1)
    (kept,) = grade(problem, {"p": ["0.6", "0.3", "0.1"]}).parts
    assert kept.identity is None


def test_a_part_that_follows_from_a_wrong_one_has_its_credit() -> None:
    verdict = grade(toy.two_parts(), {"single": "3.00", "double": "6.00"})
    assert [part.result for part in verdict.parts] == ["wrong", "right"]
    assert verdict.parts[1].carried_from == ("single",)
    assert (verdict.result, verdict.credit) == ("partly_right", 0.5)


def test_a_part_that_follows_from_a_rounded_one_is_right() -> None:
    verdict = grade(toy.two_parts(), {"single": "3.15", "double": "6.30"})
    assert verdict.result == "right"
    assert verdict.parts[1].carried_from == ("single",)


def test_nothing_is_carried_where_the_part_is_right_by_itself() -> None:
    assert grade(toy.two_parts(), {"single": "1", "double": "6.28"}).parts[1].carried_from == ()


def test_credit_is_the_mean_over_the_parts() -> None:
    assert grade(toy.two_parts(), {"single": "3.14", "double": "1"}).credit == 0.5


@pytest.mark.parametrize(
    ("answers", "pointer", "code"),
    [
        ({}, "/answers/p", "missing-part"),
        ({"p": ["1", "2"], "q": "1"}, "/answers/q", "unknown-part"),
        ({"p": "1"}, "/answers/p", "list-expected"),
        ({"p": ["1"]}, "/answers/p", "list-length"),
        ({"p": ["1", ["2"]]}, "/answers/p/1", "number-expected"),
        ({"p": ["1", True]}, "/answers/p/1", "number-expected"),
        ({"p": ["1", None]}, "/answers/p/1", "number-expected"),
        ({"p": ["1", "abc"]}, "/answers/p/1", "unknown-name"),
    ],
)
def test_what_is_no_answer_says_which_field_and_why_in_both_languages(
    answers: dict[str, object], pointer: str, code: str
) -> None:
    with pytest.raises(UnreadableAnswersError) as caught:
        grade(toy.vector(1.0, 2.0), answers)
    (error,) = caught.value.errors
    assert (error.pointer, error.code) == (pointer, code)
    assert error.detail("en") != error.detail("zh")


def test_all_fields_at_fault_are_named_at_once() -> None:
    with pytest.raises(UnreadableAnswersError) as caught:
        grade(toy.vector(1.0, 2.0), {"p": ["x", "1 2"]})
    assert [(error.pointer, error.position) for error in caught.value.errors] == [("/answers/p/0", 0), ("/answers/p/1", 2)]


def test_components_in_different_units_are_refused() -> None:
    spec = PartSpec("terms", "vector", in_log_units=True)
    problem = build(toy.family((spec,), {"terms": (1.0, 2.0)}), 1, toy.Parameters())
    with pytest.raises(UnreadableAnswersError, match="mixed-units"):
        grade(problem, {"terms": ["1 nats", "2"]})
    assert grade(problem, {"terms": ["1.443 bits", "2.885 bits"]}).result == "right"
