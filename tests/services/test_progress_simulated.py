"""Learners over ninety days, drawn from seeds: one mistake is planted in each, and left behind after sixty."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import fmean
from uuid import UUID

import pytest
from sqlalchemy import Connection

from app.services import practice
from app.services.practice import Submission
from app.services.problems import Setting, place
from app.services.progress import Progress, progress
from app.services.shelf import Shelf
from app.storage import problems
from app.storage.ids import LOCAL_LEARNER
from app.storage.outcomes import MOST_FIRST_TRIES
from quiz_bank.problem import Variant
from quiz_bank.registry import family
from quiz_bank.variants import draw
from tests.storage.connected import connected

START = datetime(2026, 8, 3, 18, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS, CURED, KNOWN_FROM = 90, 60, 7
FAMILIES = (
    "cross-entropy",
    "cross-entropy-one-hot",
    "kl-divergence",
    "entropy",
    "surprisal",
    "softmax",
    "log-softmax",
    "ce-from-logits",
    "gradient-logits",
    "sigmoid-logit",
)
PLANTED = ("wrong-log-base-2", "softmax-twice", "arguments-swapped")


@dataclass
class Simulated:
    """A learner who makes one mistake wherever it can be made, nine times in ten, and else is right three times in four."""

    connection: Connection
    planted: str
    random: Random
    shelf: Shelf = field(default_factory=Shelf)
    first_tries: dict[str, list[bool]] = field(default_factory=dict)
    days: Counter[date] = field(default_factory=Counter)
    evenings: list[Progress] = field(default_factory=list)

    def live(self) -> None:
        """Practise on three days of four, and look at the progress every evening."""
        for number in range(DAYS):
            evening = START + number * DAY
            if self.random.random() < 0.75:
                for problem in range(self.random.randint(2, 6)):
                    self._practise(evening + problem * timedelta(minutes=5), cured=number >= CURED)
            self.evenings.append(progress(self.connection, LOCAL_LEARNER, evening + timedelta(hours=2), language="en"))

    def _practise(self, now: datetime, *, cured: bool) -> None:
        slug, seed = self.random.choice(FAMILIES), f"{self.random.random()}"
        variant = draw(family(slug), self.random.choice(list(family(slug).levels)), seed).variant
        problem = place(self.connection, self.shelf, LOCAL_LEARNER, variant, Setting("en", seed), now)
        self._answer(problem.id, self._first_answer(variant, cured=cured), now + timedelta(seconds=40))
        right = self._is_solved(problem.id)
        if not right:
            self._answer(problem.id, variant.truths, now + timedelta(seconds=80))
        self.first_tries.setdefault(slug, []).append(right)
        self.days[now.date()] += 1

    def _first_answer(self, variant: Variant[object], *, cured: bool) -> Mapping[str, object]:
        own = [wrong for wrong in variant.wrong if wrong.code == self.planted]
        others = [wrong for wrong in variant.wrong if wrong.code != self.planted]
        if own and not cured and self.random.random() < 0.9:
            return {**variant.truths, own[0].part: own[0].value}
        if self.random.random() < 0.75:
            return variant.truths
        mistake = self.random.choice(others)
        return {**variant.truths, mistake.part: mistake.value}

    def _answer(self, problem_id: UUID, answers: Mapping[str, object], now: datetime) -> None:
        practice.submit(self.connection, self.shelf, LOCAL_LEARNER, problem_id, Submission(answers, "en"), now)

    def _is_solved(self, problem_id: UUID) -> bool:
        row = problems.get(self.connection, LOCAL_LEARNER, problem_id)
        assert row is not None
        return row.state == "solved"


@pytest.fixture(scope="module", params=PLANTED)
def learner(
    request: pytest.FixtureRequest, migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Simulated]:
    file = shutil.copy(migrated_sqlite_file, tmp_path_factory.mktemp("simulated") / "crossdrill.db")
    with connected(f"sqlite:///{file}") as connection:
        simulated = Simulated(connection, request.param, Random(request.param))  # noqa: S311 - nobody's secret, and the same learner each time
        simulated.live()
        yield simulated


def codes(evening: Progress) -> tuple[list[str], list[str]]:
    return [each.code for each in evening.mistakes.persisting], [each.code for each in evening.mistakes.overcome]


def test_the_planted_mistake_is_named_first_every_evening_while_it_is_made(learner: Simulated) -> None:
    named = [codes(evening)[0][:1] for evening in learner.evenings[KNOWN_FROM:CURED]]
    assert named == [[learner.planted]] * (CURED - KNOWN_FROM)


def test_what_is_no_longer_made_is_overcome(learner: Simulated) -> None:
    for evening in (learner.evenings[CURED + 20], learner.evenings[-1]):
        persisting, overcome = codes(evening)
        assert learner.planted not in persisting
        assert learner.planted in overcome


def test_mastery_moves_as_the_model_says(learner: Simulated) -> None:
    found = {each.family: each.mastery for each in learner.evenings[-1].families}
    assert found == {slug: pytest.approx(traced(tries), abs=1e-12) for slug, tries in learner.first_tries.items()}


def traced(tries: list[bool]) -> float:
    """Return Corbett and Anderson's probability that a skill is known, written down as they have it."""
    known, learn, guess, slip = 0.2, 0.15, 0.05, 0.1
    for right in tries[-MOST_FIRST_TRIES:]:
        if_known, if_not = (1 - slip, guess) if right else (slip, 1 - guess)
        posterior = known * if_known / (known * if_known + (1 - known) * if_not)
        known = posterior + (1 - posterior) * learn
    return known


def test_families_that_invite_the_planted_mistake_are_known_better_once_it_is_gone(learner: Simulated) -> None:
    inviting = {slug for slug in FAMILIES if learner.planted in family(slug).misconception_codes}
    before, after = (
        fmean(each.mastery for each in evening.families if each.family in inviting)
        for evening in (learner.evenings[CURED - 1], learner.evenings[-1])
    )
    assert after - before > 0.2


def test_days_and_weeks_are_those_of_practice(learner: Simulated) -> None:
    last = learner.evenings[-1]
    assert dict(last.days) == dict(learner.days)
    weeks = Counter[date]()
    for day, count in learner.days.items():
        weeks[day - timedelta(days=day.weekday())] += count
    assert [week.problems for week in last.weeks] == [weeks[week.monday] for week in last.weeks]
    assert sum(week.minutes for week in last.weeks) == pytest.approx(sum(week.problems for week in last.weeks) * 40 / 60)


def test_the_same_history_gives_the_same_progress(learner: Simulated) -> None:
    evening = START + (DAYS - 1) * DAY
    again = [progress(learner.connection, LOCAL_LEARNER, evening + timedelta(hours=each), language="en") for each in (2, 4)]
    assert again == [learner.evenings[-1]] * 2
