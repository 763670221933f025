from __future__ import annotations

import pytest

from app.services.mastery import TYPICAL, mastery
from app.services.skills import known, skill_of
from app.storage.outcomes import MOST_FIRST_TRIES
from quiz_bank.registry import FAMILIES


@pytest.mark.parametrize(
    ("slug", "guess"),
    [
        ("entropy-or-cross-entropy", 1 / 4),  # one of four
        ("properties", 1 / 16),  # any of four
        ("order-the-derivation", 0.05),  # 24 orders of four
        ("where-is-it-used", 0.05),  # one of five for each of five
        ("one-minute-pitch", 0.05),  # one's own words
        ("which-forecaster", 0.05),  # one of two, and a number
        ("softmax", 0.05),  # a number
        ("gone", 0.05),
    ],
)
def test_a_family_is_guessed_as_easily_as_it_has_few_answers(slug: str, guess: float) -> None:
    assert skill_of(slug).guess == guess


@pytest.mark.parametrize("slug", FAMILIES)
def test_a_right_answer_speaks_for_knowing_every_family(slug: str) -> None:
    assert known(slug, [False]) < known(slug, []) < known(slug, [True])


def test_the_last_fifty_first_tries_alone_count() -> None:
    long_ago, lately = [True] * 1000, [False] * MOST_FIRST_TRIES
    assert known("softmax", long_ago + lately) == mastery(lately, TYPICAL) < 0.2
