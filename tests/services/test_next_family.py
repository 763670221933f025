"""What comes next: the due, then the weak, then the new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection

from app.services.next_family import next_family
from app.services.problems import SOLVED_PER_LEVEL, Wish, pose
from app.services.shelf import Shelf
from app.storage import outcomes
from app.storage.ids import LOCAL_LEARNER
from app.storage.models import outcomes as outcomes_table
from app.storage.outcomes import MOST_FIRST_TRIES, FirstTry
from app.storage.reviews import ReviewRow, save
from quiz_bank.registry import FAMILIES
from tests.storage.connected import connected

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAY = timedelta(days=1)
BANK = list(FAMILIES)


@dataclass
class Learner:
    """The local learner, with what came of their problems put straight into the database."""

    connection: Connection
    shelf: Shelf = field(default_factory=Shelf)
    minutes: int = 0

    def asked(self, slug: str) -> UUID:
        self.minutes += 1
        now = NOW + timedelta(minutes=self.minutes)
        return pose(self.connection, self.shelf, LOCAL_LEARNER, Wish("en", family=slug), now=now, new_seed="seed").id

    def tried(self, slug: str, *tries: bool | None) -> None:
        """Answer a problem of the family for each try: right, wrong, or given up before an answer counted."""
        for right in tries:
            values = {
                "problem_id": self.asked(slug),
                "learner_id": LOCAL_LEARNER,
                "family": slug,
                "topic": FAMILIES[slug].topic,
                "level": 1,
                "happened_at": NOW + timedelta(minutes=self.minutes),
                "first_verdict": None if right is None else "right" if right else "wrong",
                "expected_seconds": 60,
                "tries": 1,
                "hints": 0,
                "solved": bool(right),
                "credit": float(bool(right)),
                "closed_at": NOW,
            }
            self.connection.execute(outcomes_table.insert().values(values))

    def remembers(self, slug: str, due: datetime) -> None:
        save(self.connection, ReviewRow(LOCAL_LEARNER, slug, 2.0, 5.0, due, due - 2 * DAY, 1))

    def next(self, *, topic: str | None = None) -> str:
        candidates = [known for known in FAMILIES.values() if topic in (None, known.topic)]
        return next_family(self.connection, LOCAL_LEARNER, candidates, NOW).slug

    def next_level(self, slug: str) -> int:
        return pose(self.connection, self.shelf, LOCAL_LEARNER, Wish("en", family=slug), now=NOW, new_seed="s").level


@pytest.fixture
def learner(database_url: str) -> Iterator[Learner]:
    with connected(database_url) as connection:
        yield Learner(connection)


def test_who_never_practised_begins_with_the_banks_first(learner: Learner) -> None:
    assert learner.next() == BANK[0]


def test_what_was_asked_already_is_not_new(learner: Learner) -> None:
    learner.asked(BANK[0])
    assert learner.next() == BANK[1]


def test_a_review_that_is_due_comes_before_the_weak_and_the_new(learner: Learner) -> None:
    learner.tried("softmax", False, False)
    learner.remembers("entropy", due=NOW)
    assert learner.next() == "entropy"


def test_a_review_that_is_not_due_yet_does_not(learner: Learner) -> None:
    learner.remembers("entropy", due=NOW + timedelta(seconds=1))
    assert learner.next() == BANK[0]


def test_of_several_reviews_that_are_due_the_longest_forgotten_comes_first(learner: Learner) -> None:
    for slug, days in (("entropy", 1), ("softmax", 5), ("surprisal", 3)):
        learner.remembers(slug, due=NOW - days * DAY)
    assert learner.next() == "softmax"


def test_the_weakest_topic_comes_before_the_new_with_its_weakest_family(learner: Learner) -> None:
    learner.tried("entropy", True, True)
    learner.tried("surprisal", False, True)
    learner.tried("softmax", False, False, False)
    learner.tried("log-softmax", False, True)
    assert learner.next() == "softmax"


def test_a_weak_family_in_a_strong_topic_waits_for_the_weak_topic(learner: Learner) -> None:
    learner.tried("surprisal", False, False)  # weaker than any other, in a topic that is known otherwise
    for slug in ("entropy", "entropy-of-coin", "perplexity-of-distribution", "nats-and-bits"):
        learner.tried(slug, True, True)
    learner.tried("softmax", False)
    assert learner.next() == "softmax"


def test_when_all_that_was_tried_is_mastered_something_new_comes(learner: Learner) -> None:
    learner.tried(BANK[0], True, True)
    assert learner.next() == BANK[1]


def test_what_was_given_up_unanswered_is_neither_weak_nor_new(learner: Learner) -> None:
    learner.tried(BANK[0], None)
    assert learner.next() == BANK[1]


def test_when_all_was_asked_the_longest_ago_of_what_was_never_answered_comes(learner: Learner) -> None:
    for slug in BANK[::-1]:
        learner.asked(slug)
    assert learner.next() == BANK[-1]
    learner.tried(BANK[-1], True, True, True)  # one of few options: two right ones may be luck
    assert learner.next() == BANK[-2]


def test_when_all_is_mastered_the_longest_ago_comes_again(learner: Learner) -> None:
    for slug in [*BANK[5:], *BANK[:5]]:
        learner.tried(slug, *[True] * 4)
    assert learner.next() == BANK[5]


def test_the_same_order_holds_within_a_topic(learner: Learner) -> None:
    learner.tried("softmax", False)
    learner.tried("kl-divergence", False)
    learner.remembers("entropy", due=NOW - DAY)
    assert learner.next(topic="cross-entropy") == "kl-divergence"
    assert learner.next(topic="information") == "entropy"
    assert learner.next(topic="gradients") == "gradient-logits"


def test_the_level_rises_with_what_was_solved_of_the_family(learner: Learner) -> None:
    assert learner.next_level("entropy") == 1
    learner.tried("entropy", *[True] * SOLVED_PER_LEVEL, False, None)
    assert learner.next_level("entropy") == 2
    assert learner.next_level("surprisal") == 1


def test_only_the_latest_first_tries_of_each_family_are_read_the_oldest_first(learner: Learner) -> None:
    learner.tried("entropy", False, *[True] * MOST_FIRST_TRIES)
    learner.tried("softmax", False, None, True)
    read = outcomes.first_tries(learner.connection, LOCAL_LEARNER)
    entropy = [each for each in read if each.family == "entropy"]
    softmax = [each for each in read if each.family == "softmax"]
    assert [each.right for each in entropy] == [True] * MOST_FIRST_TRIES
    assert [each.happened_at for each in entropy] == sorted(each.happened_at for each in entropy)
    assert [each.right for each in softmax] == [False, True]
    assert isinstance(softmax[0], FirstTry)
