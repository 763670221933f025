from __future__ import annotations

import doctest
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import mastery as module
from app.services.mastery import MASTERED, Skill, mastery, topic_mastery

ANSWERS = st.lists(st.booleans(), max_size=8)
SKILLS = st.builds(
    Skill, known=st.floats(0.01, 0.9), learn=st.floats(0.01, 0.5), guess=st.floats(0.01, 0.5), slip=st.floats(0.01, 0.4)
)


def textbook(answers: Sequence[bool], skill: Skill) -> Fraction:
    """Give Corbett and Anderson's equations as they stand, in exact arithmetic."""
    known, learn, guess, slip = map(Fraction, (skill.known, skill.learn, skill.guess, skill.slip))
    for right in answers:
        if_known, if_not = (1 - slip, guess) if right else (slip, 1 - guess)
        seen = known * if_known / (known * if_known + (1 - known) * if_not)
        known = seen + (1 - seen) * learn
    return known


@pytest.mark.parametrize(
    ("answers", "known"),
    [
        ([], 0.2),
        ([True], 93 / 110),  # 0.2·0.9/(0.18 + 0.8·0.05) = 9/11, and 9/11 + 2/11·0.15
        ([False], 6.7 / 39),  # 0.2·0.1/(0.02 + 0.8·0.95) = 1/39, and 1/39 + 38/39·0.15
        ([True, True], 83.8275 / 84.55),  # 93·0.9/(83.7 + 17·0.05) = 83.7/84.55, and 0.85/84.55·0.15 more
    ],
)
def test_the_first_steps_are_those_worked_by_hand(answers: list[bool], known: float) -> None:
    assert mastery(answers) == pytest.approx(known, rel=1e-14)


def test_two_right_first_tries_are_mastery_and_a_wrong_one_takes_it_back() -> None:
    assert mastery([True]) < MASTERED <= mastery([True, True])
    assert mastery([True, True, False]) < MASTERED


@given(ANSWERS, SKILLS)
def test_any_sequence_agrees_with_the_published_equations(answers: list[bool], skill: Skill) -> None:
    assert mastery(answers, skill) == pytest.approx(float(textbook(answers, skill)), rel=1e-12)


@given(st.lists(st.booleans(), max_size=5), SKILLS)
def test_mastery_lies_strictly_between_0_and_1(answers: list[bool], skill: Skill) -> None:
    assert 0 < mastery(answers, skill) < 1


@given(st.lists(st.booleans(), max_size=5), SKILLS)
def test_one_more_right_answer_says_more_than_one_more_wrong_answer(answers: list[bool], skill: Skill) -> None:
    assert mastery([*answers, True], skill) > mastery([*answers, False], skill)


@given(ANSWERS, SKILLS)
def test_a_right_answer_never_lowers_mastery(answers: list[bool], skill: Skill) -> None:
    assert mastery([*answers, True], skill) >= mastery(answers, skill)


@given(st.lists(st.booleans(), min_size=1), SKILLS)
def test_after_a_problem_mastery_is_at_least_what_a_problem_teaches(answers: list[bool], skill: Skill) -> None:
    assert skill.learn * (1 - 1e-12) <= mastery(answers, skill) <= 1


def test_a_right_answer_that_could_be_guessed_says_less() -> None:
    assert mastery([True], Skill(guess=1 / 2)) < mastery([True], Skill(guess=1 / 4)) < mastery([True])


def test_certainty_that_rounds_to_1_is_not_final() -> None:
    assert mastery([True] * 1000) == 1
    assert mastery([True] * 1000 + [False] * 2000) == pytest.approx(mastery([False] * 2000))


@pytest.mark.parametrize("name", ["known", "learn", "guess", "slip"])
@pytest.mark.parametrize("chance", [0.0, 1.0, -0.1, float("nan")])
def test_a_skill_is_made_of_chances_strictly_between_0_and_1(name: str, chance: float) -> None:
    with pytest.raises(ValueError, match="strictly between"):
        Skill(**{name: chance})


def test_a_skill_in_which_a_right_answer_speaks_against_knowing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"guess \+ slip"):
        Skill(guess=0.5, slip=0.5)


def test_a_topic_is_the_mean_of_its_families_and_those_never_met_count_with_the_prior() -> None:
    assert topic_mastery({"entropy": 1.0, "surprisal": 0.6}, ["entropy", "surprisal", "perplexity"]) == pytest.approx(0.6)


def test_a_family_outside_the_topic_says_nothing_about_it() -> None:
    assert topic_mastery({"softmax": 1.0}, {"entropy"}) == pytest.approx(0.2)


def test_a_topic_has_families() -> None:
    with pytest.raises(ValueError, match="at least one"):
        topic_mastery({}, ())


def test_the_example_in_the_docstring_runs_as_it_is_printed() -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
