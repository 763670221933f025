"""What is remembered of a problem, from real attempts on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection

from app.errors import WithheldError
from app.services import practice
from app.services.practice import Submission
from app.services.problems import Setting, Wish, place, pose
from app.services.shelf import Shelf
from app.storage import drills, outcomes
from app.storage.drills import DrillRow
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.outcomes import OutcomeRow
from quiz_bank.registry import family
from quiz_bank.variants import preset
from tests.storage.connected import connected

START = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)
TERMS = '{"tries": null, "feedback": "at-end"}'


@dataclass
class Desk:
    """One learner with one problem: the loss of [0.7, 0.2, 0.1] against [1, 0, 0], which is 0.356675."""

    connection: Connection
    problem: UUID
    shelf: Shelf

    def answer(self, text: str, after: float, duration_ms: int | None = None, confidence: float | None = None) -> None:
        submission = Submission({"loss": text}, "en", confidence, duration_ms)
        now = START + timedelta(seconds=after)
        practice.submit(self.connection, self.shelf, LOCAL_LEARNER, self.problem, submission, now)

    def outcome(self) -> OutcomeRow:
        found = outcomes.get(self.connection, self.problem)
        assert found is not None
        return found


def seated(connection: Connection, drill_id: UUID | None = None) -> Desk:
    variant = preset(family("cross-entropy-one-hot"), "mock-question")
    setting = Setting(
        "en", preset="mock-question", drill_id=drill_id, position=1 if drill_id else None, withheld=drill_id is not None
    )
    shelf = Shelf()
    return Desk(connection, place(connection, shelf, LOCAL_LEARNER, variant, setting, START).id, shelf)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with connected(database_url) as connection:
        yield seated(connection)


@pytest.fixture
def exam(database_url: str) -> Iterator[tuple[Desk, DrillRow]]:
    """Give a desk in a drill of ten minutes that tells what answers got at its end."""
    with connected(database_url) as connection:
        ends = START + timedelta(minutes=10)
        drill = DrillRow(new_id(), LOCAL_LEARNER, None, None, TERMS, "[]", "en", "running", 1, START, ends, None, 0.0, None)
        drills.add(connection, drill)
        yield seated(connection, drill.id), drill


def test_a_problem_that_was_only_shown_has_none(desk: Desk) -> None:
    assert outcomes.get(desk.connection, desk.problem) is None


def test_the_first_answer_stays_the_first_and_the_last_decides(desk: Desk) -> None:
    desk.answer("0.5146", after=30, confidence=0.9)
    first = desk.outcome()
    desk.answer("0.357", after=70, confidence=0.4)
    then = desk.outcome()
    assert (first.first_verdict, first.solved, first.credit, first.closed_at) == ("wrong", False, 0.0, None)
    assert (then.first_verdict, then.misconception, then.confidence) == ("wrong", "wrong-log-base-2", 0.9)
    assert (then.solved, then.credit, then.tries) == (True, 1.0, 2)
    assert then.happened_at == START + timedelta(seconds=30)
    assert then.closed_at == START + timedelta(seconds=70)


def test_a_coarse_answer_is_no_first_answer(desk: Desk) -> None:
    desk.answer("0.4", after=10)
    assert outcomes.get(desk.connection, desk.problem) is None


@pytest.mark.parametrize(
    ("duration_ms", "confidence", "after"), [(None, None, 30), (12_345, 0.7, 30), (None, 0.0, 601), (601_000, 1.0, 601)]
)
def test_each_answer_makes_of_it_what_computing_it_anew_gives(
    desk: Desk, duration_ms: int | None, confidence: float | None, after: float
) -> None:
    for number, text in enumerate(("0.5146", "1.5", "0.4", "0.357", "0.1")):
        desk.answer(text, after + number, duration_ms, confidence)
        assert desk.outcome() == outcomes.refresh(desk.connection, desk.problem)


@pytest.mark.parametrize(
    ("after", "duration_ms", "seconds"),
    [(30, None, 30.0), (30, 12_500, 12.5), (599, None, 599.0), (601, None, None), (601, 601_000, 601.0), (-5, None, None)],
)
def test_time_is_what_is_said_else_what_passed_unless_the_learner_had_left_or_the_clock_was_set_back(
    desk: Desk, after: float, duration_ms: int | None, seconds: float | None
) -> None:
    desk.answer("0.357", after, duration_ms)  # 60 seconds are expected
    assert desk.outcome().seconds == (None if seconds is None else pytest.approx(seconds, abs=1e-4))


def test_revealing_ends_it_without_an_answer(desk: Desk) -> None:
    practice.reveal(desk.connection, desk.shelf, LOCAL_LEARNER, desk.problem, START + timedelta(seconds=5))
    outcome = desk.outcome()
    assert (outcome.first_verdict, outcome.solved, outcome.tries) == (None, False, 0)
    assert outcome.happened_at == START + timedelta(seconds=5)


def test_nothing_is_known_before_the_end_of_an_examination(exam: tuple[Desk, DrillRow]) -> None:
    desk, _ = exam
    desk.answer("0.357", after=60)
    outcomes.refresh(desk.connection, desk.problem)
    assert outcomes.get(desk.connection, desk.problem) is None


def test_the_last_answer_before_the_end_stands_and_a_late_one_does_not(exam: tuple[Desk, DrillRow]) -> None:
    desk, _ = exam
    desk.answer("0.5146", after=60)
    desk.answer("0.357", after=599.999999)
    desk.answer("0.1", after=600)  # the end is the first instant that is late
    outcome = desk.outcome()
    assert (outcome.first_verdict, outcome.solved, outcome.credit, outcome.tries) == ("wrong", True, 1.0, 2)
    assert outcome.closed_at == START + timedelta(minutes=10)


def test_too_few_digits_are_worth_half_where_nobody_could_ask_for_more(exam: tuple[Desk, DrillRow]) -> None:
    desk, _ = exam
    desk.answer("0.4", after=60)
    desk.answer("0.4", after=700)
    outcome = desk.outcome()
    assert (outcome.first_verdict, outcome.solved, outcome.credit, outcome.tries) == ("too_coarse", False, 0.5, 1)


def test_what_an_examination_asks_can_not_be_asked_for_beside_it(exam: tuple[Desk, DrillRow]) -> None:
    desk, _ = exam
    same = Wish("en", family="cross-entropy-one-hot", preset="mock-question")
    numbers = {"prediction": ["0.7", "0.2", "0.1"], "target": ["1", "0", "0"], "log_base": "e"}
    for wish in (same, Wish("en", family="cross-entropy-one-hot", parameters=numbers)):
        with pytest.raises(WithheldError):
            pose(desk.connection, desk.shelf, LOCAL_LEARNER, wish, now=START, new_seed="s")
    desk.answer("0.1", after=700)
    assert pose(desk.connection, desk.shelf, LOCAL_LEARNER, same, now=START, new_seed="s").preset == "mock-question"
