from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from random import Random
from typing import get_args

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.mastery import MASTERED, TYPICAL, mastery
from app.services.scheduling import (
    DESIRED_RETENTION,
    MAXIMUM_INTERVAL,
    Card,
    Rating,
    Solve,
    rating_of,
    retrievability,
    review,
)

START = datetime(2026, 11, 20, 21, 16, tzinfo=UTC)
RATINGS: tuple[Rating, ...] = get_args(Rating)
CLEAN = Solve(solved=True, tries=1, hints=0, seconds=60.0, expected_seconds=60)
HISTORIES = st.lists(st.tuples(st.sampled_from(RATINGS), st.integers(0, 500)), min_size=1, max_size=8)
PY_FSRS = fsrs.Scheduler(
    desired_retention=0.9, learning_steps=(), relearning_steps=(), maximum_interval=365, enable_fuzzing=False
)


def interval(card: Card) -> int:
    """Give the days from the review to the next, which are whole."""
    days, rest = divmod(card.due - card.last_review, timedelta(days=1))
    assert not rest
    return days


def after(history: list[tuple[Rating, int]]) -> Card:
    """Give the card after these ratings, each so many days after the one before."""
    card, now = review(None, history[0][0], START), START
    for rating, days in history[1:]:
        now += timedelta(days=days)
        card = review(card, rating, now)
    return card


@pytest.mark.parametrize(
    ("solve", "rating"),
    [
        (CLEAN, "good"),
        (replace(CLEAN, solved=False), "again"),
        (replace(CLEAN, solved=False, seconds=1.0), "again"),
        (replace(CLEAN, hints=1), "hard"),
        (replace(CLEAN, tries=2), "hard"),
        (replace(CLEAN, hints=1, seconds=10.0), "hard"),
        (replace(CLEAN, tries=2, seconds=None), "hard"),
        (replace(CLEAN, seconds=120.0), "good"),
        (replace(CLEAN, seconds=120.1), "hard"),
        (replace(CLEAN, seconds=30.0), "good"),
        (replace(CLEAN, seconds=29.9), "easy"),
        (replace(CLEAN, seconds=None), "good"),
    ],
)
def test_a_problem_is_rated_by_how_it_went(solve: Solve, rating: Rating) -> None:
    assert rating_of(solve) == rating


@pytest.mark.parametrize(
    ("rating", "stability", "difficulty", "days"),
    [
        # The published weights of FSRS 6: stability is w0 … w3, difficulty w4 − e^(w5·(G − 1)) + 1 within [1, 10].
        ("again", 0.212, 6.4133, 1),  # 6.4133 − 1 + 1; 0.212 days round to 0, and a day is the least
        ("hard", 1.2931, 5.1121707, 1),  # 6.4133 − e^0.8334 + 1
        ("good", 2.3065, 2.1181040, 2),  # 6.4133 − e^1.6668 + 1
        ("easy", 8.2956, 1.0, 8),  # 6.4133 − e^2.5002 + 1 is below 1
    ],
)
def test_a_first_review_starts_from_the_published_weights(
    rating: Rating, stability: float, difficulty: float, days: int
) -> None:
    card = review(None, rating, START)
    assert card.stability == pytest.approx(stability, rel=1e-7)
    assert card.difficulty == pytest.approx(difficulty, rel=1e-7)
    assert (card.last_review, card.due) == (START, START + timedelta(days=days))


def test_recall_falls_to_nine_tenths_after_as_many_days_as_the_stability() -> None:
    card = Card(stability=30.0, difficulty=5.0, due=START, last_review=START)
    assert retrievability(card, START) == 1
    assert retrievability(card, START + timedelta(days=30)) == pytest.approx(0.9, rel=1e-12)


def test_recall_follows_the_power_law_of_fsrs_6() -> None:
    """With w20 = 0.1542, (1 + (0.9^(−1/w20) − 1)·t/S)^(−w20) at t = 3·S, by mpmath with 30 digits."""
    card = Card(stability=10.0, difficulty=5.0, due=START, last_review=START)
    assert retrievability(card, START + timedelta(days=30)) == pytest.approx(0.8093881035731708, rel=1e-12)


@given(HISTORIES)
def test_every_history_comes_out_as_from_the_library_itself(history: list[tuple[Rating, int]]) -> None:
    theirs, now = fsrs.Card(1, due=START), START
    for index, (rating, days) in enumerate(history):
        now += timedelta(days=days if index else 0)
        theirs, _ = PY_FSRS.review_card(theirs, fsrs.Rating[rating.title()], now)
    ours = after(history)
    assert (ours.stability, ours.difficulty, ours.due) == (theirs.stability, theirs.difficulty, theirs.due)


@given(HISTORIES, st.integers(0, 500), st.integers(0, 86_399))
def test_the_better_rating_never_gives_the_shorter_interval(history: list[tuple[Rating, int]], days: int, seconds: int) -> None:
    card, now = after(history), after(history).last_review + timedelta(days, seconds)
    again, hard, good, easy = (interval(review(card, rating, now)) for rating in RATINGS)
    assert 1 <= again <= hard <= good <= easy <= MAXIMUM_INTERVAL


@given(HISTORIES)
def test_good_reviews_on_the_day_lengthen_the_interval_up_to_the_longest(history: list[tuple[Rating, int]]) -> None:
    card = after(history)
    for _ in range(6):
        following = review(card, "good", card.due)
        assert following.stability > card.stability
        assert interval(following) >= interval(card)
        card = following


def test_good_reviews_alone_reach_the_longest_interval_and_stay_there() -> None:
    card = review(None, "good", START)
    days = [interval(card)]
    while len(days) < 7:
        card = review(card, "good", card.due)
        days.append(interval(card))
    assert days == [2, 11, 46, 163, MAXIMUM_INTERVAL, MAXIMUM_INTERVAL, MAXIMUM_INTERVAL]  # as py-fsrs 6.3 gives them


@given(HISTORIES, st.integers(0, 500))
def test_forgetting_loses_stability_and_never_lengthens_the_interval(history: list[tuple[Rating, int]], days: int) -> None:
    card = after(history)
    forgotten = review(card, "again", card.last_review + timedelta(days))
    assert forgotten.stability < card.stability or card.stability == pytest.approx(0.001)
    assert interval(forgotten) <= interval(card)


@given(HISTORIES, st.integers(-3, 40_000))
def test_recall_is_a_probability_at_any_time(history: list[tuple[Rating, int]], days: int) -> None:
    card = after(history)
    assert 0 < retrievability(card, card.last_review + timedelta(days)) <= 1


def test_the_card_that_is_reviewed_stays_as_it_was() -> None:
    card = review(None, "good", START)
    kept = replace(card)
    review(card, "again", card.due)
    assert card == kept


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=8))])
def test_a_review_needs_a_time_in_utc(zone: timezone | None) -> None:
    with pytest.raises(ValueError, match="UTC"):
        review(None, "good", START.replace(tzinfo=zone))


def simulate(seed: int) -> tuple[list[Card], list[bool], list[float]]:
    """Let a learner who recalls as the model says practise on each due day of 90; give the cards, answers and recall."""
    random, card = Random(seed), review(None, "good", START)  # noqa: S311 - a simulation, nothing secret
    cards, answers, recalls = [card], [True], [1.0]
    while card.due < START + timedelta(days=90):
        recall = retrievability(card, card.due)
        right = random.random() < recall
        card = review(card, "good" if right else "again", card.due)
        cards.append(card)
        answers.append(right)
        recalls.append(recall)
    return cards, answers, recalls


@pytest.mark.parametrize("seed", range(20))
def test_over_90_days_intervals_move_as_the_library_moves_them(seed: int) -> None:
    cards, answers, _ = simulate(seed)
    theirs = fsrs.Card(1, due=START)
    for card, right in zip(cards, answers, strict=True):
        theirs, _ = PY_FSRS.review_card(theirs, fsrs.Rating.Good if right else fsrs.Rating.Again, card.last_review)
        assert (card.due, card.stability, card.difficulty) == (theirs.due, theirs.stability, theirs.difficulty)


@pytest.mark.parametrize("seed", range(20))
def test_over_90_days_right_answers_space_the_reviews_out_and_wrong_ones_bring_them_closer(seed: int) -> None:
    cards, answers, _ = simulate(seed)
    for (before, card), right in zip(pairwise(cards), answers[1:], strict=True):
        assert (card.stability > before.stability) is right
        assert interval(card) >= interval(before) if right else interval(card) <= interval(before)


def test_over_90_days_a_learner_recalls_about_as_often_as_is_desired() -> None:
    """Some 1,000 due reviews: three standard errors at 0.9 are 0.03, and rounding to whole days shifts recall by as much."""
    recalls, answers = [], []
    for seed in range(200):
        _, right, recall = simulate(seed)
        answers += right[1:]
        recalls += recall[1:]
    assert sum(recalls) / len(recalls) == pytest.approx(DESIRED_RETENTION, abs=0.03)
    assert sum(answers) / len(answers) == pytest.approx(DESIRED_RETENTION, abs=0.06)


def test_over_90_days_mastery_of_the_practised_family_rises_and_of_the_other_stays_at_the_prior() -> None:
    assert min(mastery(simulate(seed)[1]) for seed in range(20)) > MASTERED
    assert mastery([]) == pytest.approx(TYPICAL.known, rel=1e-15)
