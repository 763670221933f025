"""Learners over ninety days, drawn from seeds, who always take what comes next: held against `fsrs` itself, run beside them."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

import fsrs
import pytest
from sqlalchemy import Connection

from app.services import practice, reviews, skills
from app.services.mastery import MASTERED
from app.services.practice import Submission
from app.services.problems import Wish, pose
from app.services.shelf import Shelf, truths_to_json
from app.storage.ids import LOCAL_LEARNER
from app.storage.problems import ProblemRow
from app.storage.reviews import of_learner
from quiz_bank.problem import ChoicePart, Part
from quiz_bank.registry import FAMILIES
from tests.storage.connected import connected

START = datetime(2026, 8, 3, 18, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS, EACH_DAY = 90, 5
HARD_TOPIC, HARD_FOR = "cross-entropy", 15
"""A topic in which the first so many answers are wrong."""

SCHEDULER = fsrs.Scheduler(
    desired_retention=0.9, learning_steps=(), relearning_steps=(), maximum_interval=365, enable_fuzzing=False
)


@dataclass(frozen=True)
class Asked:
    """What came next, and what was known before: the retrievability of each family due, the mastery of each weak topic."""

    at: datetime
    family: str
    due: dict[str, float]
    weak: dict[str, float]
    recalled: float | None
    right: bool


@dataclass
class Simulated:
    """A learner who forgets as FSRS has it, and finds one topic hard; what they do is kept in books of their own."""

    connection: Connection
    random: Random
    shelf: Shelf = field(default_factory=Shelf)
    cards: dict[str, fsrs.Card] = field(default_factory=dict)
    tries: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    asked: list[Asked] = field(default_factory=list)
    hard: int = HARD_FOR

    def live(self) -> None:
        """Practise for a while on five days of seven."""
        for number in range(DAYS):
            if number % 7 < 5:
                for problem in range(EACH_DAY):
                    self._practise(START + number * DAY + problem * timedelta(minutes=10))

    def _practise(self, now: datetime) -> None:
        row = pose(self.connection, self.shelf, LOCAL_LEARNER, Wish("en"), now=now, new_seed=f"{self.random.random()}")
        card = self.cards.get(row.family)
        recalled = None if card is None else SCHEDULER.get_card_retrievability(card, now)
        right = self._knows(row, recalled)
        due = {slug: SCHEDULER.get_card_retrievability(each, now) for slug, each in self.cards.items() if each.due <= now}
        self.asked.append(Asked(now, row.family, due, self._weak_topics(), recalled, right))
        rating = self._solve(row, now, right=right)
        self.cards[row.family], _ = SCHEDULER.review_card(card or fsrs.Card(0, due=now), rating, now)
        self.tries[row.family].append(right)

    def _knows(self, row: ProblemRow, recalled: float | None) -> bool:
        if row.topic == HARD_TOPIC and self.hard > 0:
            self.hard -= 1
            return False
        return self.random.random() < (0.8 if recalled is None else recalled)

    def _solve(self, row: ProblemRow, now: datetime, *, right: bool) -> fsrs.Rating:
        """Answer in the time that is expected; after a wrong answer try once more, or ask for the solution."""
        self._answer(row, now, right=right)
        if right:
            return fsrs.Rating.Good
        if self.random.random() < 0.5:
            self._answer(row, now, right=True)
            return fsrs.Rating.Hard
        practice.reveal(self.connection, self.shelf, LOCAL_LEARNER, row.id, now)
        return fsrs.Rating.Again

    def _answer(self, row: ProblemRow, now: datetime, *, right: bool) -> None:
        variant = self.shelf.kept(self.connection, LOCAL_LEARNER, row.id).variant
        truths = truths_to_json(variant.truths)
        answers = {part.name: _answer_to(part, truths, right=right) for part in variant.parts}
        submission = Submission(answers, "en", duration_ms=row.expected_seconds * 1000)
        attempt = practice.submit(self.connection, self.shelf, LOCAL_LEARNER, row.id, submission, now)
        assert (attempt.row.judgement.verdict == "right") is right

    def _weak_topics(self) -> dict[str, float]:
        """Return the mean mastery of the families that were tried, for each topic in which one isn't mastered."""
        topics: dict[str, list[float]] = defaultdict(list)
        for slug, tries in self.tries.items():
            topics[FAMILIES[slug].topic].append(skills.known(slug, tries))
        return {topic: fmean(known) for topic, known in topics.items() if min(known) < MASTERED}


def _answer_to(part: Part | ChoicePart, truths: Mapping[str, Any], *, right: bool) -> object:
    if not isinstance(part, ChoicePart):
        return truths[part.name] if right else _off(truths[part.name])
    letters = {code: letter for letter, code in part.letters.items()}
    picked = [letters[code] for code in part.truth]
    if part.spec.kind == "rubric":
        return {"text": "", "points": picked if right else []}
    if right:
        return picked
    others = [letter for letter in part.letters if letter not in picked]
    return others[:1] if part.spec.kind in ("choice", "multi_select") else picked[::-1]


def _off(value: Any) -> object:  # noqa: ANN401 - JSON has no narrower type
    return [_off(item) for item in value] if isinstance(value, list) else 1e6


@pytest.fixture(scope="module", params=["Ada", "Grace"])
def learner(
    request: pytest.FixtureRequest, migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Simulated]:
    file = shutil.copy(migrated_sqlite_file, tmp_path_factory.mktemp("simulated") / "crossdrill.db")
    with connected(f"sqlite:///{file}") as connection:
        simulated = Simulated(connection, Random(request.param))  # noqa: S311 - nobody's secret, and the same learner each time
        simulated.live()
        yield simulated


def test_every_family_stands_where_fsrs_has_it_after_the_same_reviews(learner: Simulated) -> None:
    rows = {row.family: row for row in of_learner(learner.connection, LOCAL_LEARNER)}
    assert {slug: (row.stability, row.difficulty, row.due, row.last_review) for slug, row in rows.items()} == {
        slug: (card.stability, card.difficulty, card.due, card.last_review) for slug, card in learner.cards.items()
    }
    assert {slug: row.times for slug, row in rows.items()} == {slug: len(tries) for slug, tries in learner.tries.items()}


def test_what_is_due_comes_before_anything_else_and_the_least_likely_to_be_recalled_first(learner: Simulated) -> None:
    reviewed = [each for each in learner.asked if each.due]
    assert len(reviewed) > 50
    for each in reviewed:
        assert each.due[each.family] == min(each.due.values())


def test_with_nothing_due_the_weakest_topic_comes_next(learner: Simulated) -> None:
    weak = [each for each in learner.asked if not each.due and each.weak]
    assert len(weak) > 50
    for each in weak:
        assert each.weak[FAMILIES[each.family].topic] == min(each.weak.values())


def test_a_topic_that_is_hard_is_asked_until_it_is_mastered(learner: Simulated) -> None:
    struggling = [number for number, each in enumerate(learner.asked) if FAMILIES[each.family].topic == HARD_TOPIC][:HARD_FOR]
    between = learner.asked[struggling[0] : struggling[-1]]
    assert {FAMILIES[each.family].topic for each in between if not each.due} == {HARD_TOPIC}
    assert any(HARD_TOPIC not in each.weak for each in learner.asked[struggling[-1] :])


def test_something_new_comes_only_when_nothing_is_due_or_weak(learner: Simulated) -> None:
    new = [each for each in learner.asked if each.recalled is None]
    assert len(new) > 20
    assert [(each.due, each.weak) for each in new] == [({}, {})] * len(new)


def test_a_family_that_is_always_known_comes_back_at_ever_longer_intervals(learner: Simulated) -> None:
    times: dict[str, list[datetime]] = defaultdict(list)
    for each in learner.asked:
        if each.family in each.due and all(learner.tries[each.family]):
            times[each.family].append(each.at)
    gaps = [[later - earlier for earlier, later in pairwise(those)] for those in times.values() if len(those) > 2]
    assert gaps
    assert all(shorter < longer for those in gaps for shorter, longer in pairwise(those))


def test_who_forgets_as_fsrs_has_it_recalls_about_nine_of_ten_reviews(learner: Simulated) -> None:
    reviewed = [each.right for each in learner.asked if each.due and FAMILIES[each.family].topic != HARD_TOPIC]
    assert fmean(reviewed) == pytest.approx(0.9, abs=0.06)


def test_the_list_of_reviews_tells_the_same_as_fsrs_at_the_end(learner: Simulated) -> None:
    end = START + DAYS * DAY
    listed = reviews.of_learner(learner.connection, LOCAL_LEARNER, end)
    assert {each.family: each.retrievability for each in listed} == {
        slug: SCHEDULER.get_card_retrievability(card, end) for slug, card in learner.cards.items()
    }
    assert {each.family for each in listed if each.is_due} == {slug for slug, card in learner.cards.items() if card.due <= end}
