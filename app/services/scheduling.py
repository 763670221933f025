"""When a family comes back: spaced repetition by FSRS, and what a solved or unsolved problem is rated.

The model is FSRS 6 with its published weights, as the `fsrs` package computes it. A card is one family of one learner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, cast

import fsrs

Rating = Literal["again", "hard", "good", "easy"]

SLOW: Final = 2.0  # times the expected seconds; beyond, the method had to be worked out anew
FAST: Final = 0.5  # times the expected seconds; below, it was known by heart

# FSRS's own default. In a simulated year 0.95 takes 1.7 times as many reviews; at 0.8 each fifth one fails, which discourages.
DESIRED_RETENTION: Final = 0.9
# A review takes a minute or two, and interviews come about yearly: none should meet a family unseen for longer.
MAXIMUM_INTERVAL: Final = 365

_SCHEDULER: Final = fsrs.Scheduler(
    desired_retention=DESIRED_RETENTION,
    learning_steps=(),  # a fresh problem minutes later would test the memory of its solution, so every interval is whole days
    relearning_steps=(),
    maximum_interval=MAXIMUM_INTERVAL,
    enable_fuzzing=False,  # the same history must always give the same day
)
_RATINGS: Final[dict[Rating, fsrs.Rating]] = {
    "again": fsrs.Rating.Again,
    "hard": fsrs.Rating.Hard,
    "good": fsrs.Rating.Good,
    "easy": fsrs.Rating.Easy,
}
_ANY_ID: Final = 0  # without an id fsrs makes one from the clock, and sleeps so that it is unique


@dataclass(frozen=True, slots=True)
class Solve:
    """How one problem went: counted tries, hints taken, and the time where it is known."""

    solved: bool
    tries: int
    hints: int
    seconds: float | None
    expected_seconds: int


@dataclass(frozen=True, slots=True)
class Card:
    """What FSRS remembers of a family, times in UTC.

    `stability` is in days, after which recall has fallen to 0.9; `difficulty` lies in [1, 10].
    """

    stability: float
    difficulty: float
    due: datetime
    last_review: datetime


def rating_of(solve: Solve) -> Rating:
    """Rate a problem by how it went, so that nobody has to rate themselves.

    Unsolved is "again". A hint, a second try or more than `SLOW` times the expected time is "hard". Otherwise less than
    `FAST` times the expected time is "easy", and the rest "good". An unknown time is neither slow nor fast.
    """
    if not solve.solved:
        return "again"
    seconds = solve.expected_seconds if solve.seconds is None else solve.seconds
    if solve.hints > 0 or solve.tries > 1 or seconds > SLOW * solve.expected_seconds:
        return "hard"
    return "easy" if seconds < FAST * solve.expected_seconds else "good"


def review(card: Card | None, rating: Rating, now: datetime) -> Card:
    """Return the card after a review; None is a family met for the first time.

    Parameters
    ----------
    card
        As the last review left it. A review before it is due counts for less, a late one for more, as FSRS has it.
    rating
        From `rating_of`.
    now
        The time of the review, in UTC.

    Returns
    -------
    Card
        Due a whole number of days later, from 1 to `MAXIMUM_INTERVAL`.

    Raises
    ------
    ValueError
        Where `now` is not in UTC.
    """
    known = fsrs.Card(_ANY_ID, due=now) if card is None else _as_fsrs(card)
    reviewed, _ = _SCHEDULER.review_card(known, _RATINGS[rating], now)
    stability, difficulty = cast(
        "tuple[float, float]", (reviewed.stability, reviewed.difficulty)
    )  # None before a first review only
    return Card(stability, difficulty, reviewed.due, now)


def retrievability(card: Card, now: datetime) -> float:
    """Return the probability in (0, 1] of recalling the family at `now`; as in FSRS only whole days since the review count."""
    return _SCHEDULER.get_card_retrievability(_as_fsrs(card), now)


def _as_fsrs(card: Card) -> fsrs.Card:
    return fsrs.Card(_ANY_ID, fsrs.State.Review, None, card.stability, card.difficulty, card.due, card.last_review)
