"""Why a number is wrong: misconceptions by their value, in the family's order, alone or with a wrong sign or base."""

from __future__ import annotations

import math

import pytest

from quiz_bank.grading.judge import grade
from quiz_bank.misconceptions import SIGN_FLIPPED
from quiz_bank.problem import Diagnosis, Misconception, PartSpec
from quiz_bank.variants import build
from tests.grading import toy


def diagnosis(answer: str) -> Diagnosis | None:
    return grade(toy.scalar(), {"loss": answer}).parts[0].diagnosis


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("0.5146", "wrong-log-base-2"),
        ("0.155", "wrong-log-base-10"),
        ("-0.357", "sign-flipped"),
        ("ln(0.7)", "sign-flipped"),
        ("0.3", "complement"),
        ("-0.3", "sign-flipped+complement"),
        ("0.4328", "wrong-log-base-2+complement"),
        ("-0.5146", "wrong-log-base-2+sign-flipped"),
        ("log(0.7)/log(2)", "wrong-log-base-2+sign-flipped"),
    ],
)
def test_a_wrong_number_names_its_mistake(answer: str, code: str) -> None:
    found = diagnosis(answer)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("answer", ["0.9", "12", "inf"])
def test_a_number_that_no_mistake_gives_has_no_diagnosis(answer: str) -> None:
    assert diagnosis(answer) is None


@pytest.mark.parametrize("answer", ["0.357", "0.36"])
def test_right_and_coarse_answers_have_no_diagnosis(answer: str) -> None:
    assert diagnosis(answer) is None


def test_the_familys_order_decides_and_the_others_are_listed() -> None:
    def twice(_: toy.Parameters) -> float:
        return 2.0

    parts = (PartSpec("loss"),)
    misconceptions = (Misconception("first", twice, "loss"), Misconception("second", twice, "loss"))
    problem = build(toy.family(parts, {"loss": 1.0}, misconceptions=misconceptions), 1, toy.Parameters())
    found = grade(problem, {"loss": "2"}).parts[0].diagnosis
    assert found == Diagnosis("first", ("second",))


def test_a_mistake_with_several_values_is_found_by_each_of_them() -> None:
    def wrong_class(_: toy.Parameters) -> list[float]:
        return [1.609, 2.303]

    family = toy.family(
        (PartSpec("loss"),), {"loss": 0.357}, misconceptions=(Misconception("wrong-class", wrong_class, "loss"),)
    )
    problem = build(family, 1, toy.Parameters())
    for answer in ("1.61", "2.30"):
        found = grade(problem, {"loss": answer}).parts[0].diagnosis
        assert found is not None
        assert found.code == "wrong-class"


def test_a_vector_is_diagnosed_as_a_whole() -> None:
    problem = toy.vector(-0.341, 0.242, 0.0986, misconceptions=(SIGN_FLIPPED,))
    assert grade(problem, {"p": ["0.341", "-0.242", "-0.0986"]}).parts[0].diagnosis == Diagnosis("sign-flipped")
    assert grade(problem, {"p": ["0.341", "-0.242", "0.5"]}).parts[0].diagnosis is None


def test_a_misconception_that_gives_the_truth_plays_no_part() -> None:
    def nearly_the_truth(_: toy.Parameters) -> float:
        return 1.015

    misconceptions = (Misconception("same", nearly_the_truth, "loss"),)
    problem = build(toy.family((PartSpec("loss"),), {"loss": 1.0}, misconceptions=misconceptions), 1, toy.Parameters())
    assert problem.wrong == ()


def test_a_misconception_that_leads_nowhere_plays_no_part() -> None:
    def divides_by_zero(_: toy.Parameters) -> float:
        return 1 / 0

    def endless(_: toy.Parameters) -> float:
        return math.inf

    misconceptions = (
        Misconception("nowhere", divides_by_zero, "loss"),
        Misconception("endless", endless, "loss"),
    )
    problem = build(toy.family((PartSpec("loss"),), {"loss": 1.0}, misconceptions=misconceptions), 1, toy.Parameters())
    assert problem.wrong == ()
