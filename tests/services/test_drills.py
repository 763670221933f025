"""Drills on both databases: their problems, their clock to the second, and their end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection

from app.errors import (
    AnswerFirstError,
    DrillCompleteError,
    DrillFinishedError,
    DrillPausedError,
    DrillRunningError,
    HintsOffError,
    NotFoundError,
    PauseNotAllowedError,
    UnsatisfiableBlueprintError,
    WithheldError,
)
from app.services import drills, follow_ups, practice
from app.services.blueprints import Blueprint
from app.services.plans import PlanItem, freeze, planned, variant_of
from app.services.practice import Attempt, Submission
from app.services.shelf import Shelf
from app.storage import attempts, learners, outcomes, problems
from app.storage import drills as stored_drills
from app.storage.drills import DrillRow
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.learners import LearnerRow
from app.storage.outcomes import OutcomeRow
from app.storage.problems import ProblemRow
from tests.storage.connected import connected

START = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)
MOCK = PlanItem("cross-entropy-one-hot", 1, None, "mock-question")  # the loss of [0.7, 0.2, 0.1], which is 0.356675
PANDA = PlanItem("surprisal", 1, None, "panda")
RIGHT, WRONG, COARSE = "0.357", "0.5146", "0.36"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@dataclass
class Desk:
    """One learner at one drill of two problems."""

    connection: Connection
    drill_id: UUID
    shelf: Shelf

    @property
    def drill(self) -> DrillRow:
        return drills.find(self.connection, LOCAL_LEARNER, self.drill_id).row

    def locked(self, seconds: float) -> DrillRow:
        return drills.locked(self.connection, LOCAL_LEARNER, self.drill_id, at(seconds))

    def next(self, seconds: float = 0) -> ProblemRow:
        return drills.hand_out(self.connection, self.shelf, self.locked(seconds), at(seconds))

    def answer(self, problem: ProblemRow, text: str, seconds: float) -> Attempt:
        submission = Submission({"loss": text}, "en")
        return practice.submit(self.connection, self.shelf, LOCAL_LEARNER, problem.id, submission, at(seconds))

    def pause(self, seconds: float) -> DrillRow:
        return drills.pause(self.connection, self.locked(seconds), at(seconds))

    def resume(self, seconds: float) -> DrillRow:
        return drills.resume(self.connection, self.locked(seconds), at(seconds))

    def finish(self, seconds: float) -> DrillRow:
        return drills.finish(self.connection, self.locked(seconds), at(seconds))

    def problem(self, problem: ProblemRow) -> ProblemRow:
        found = problems.get(self.connection, LOCAL_LEARNER, problem.id)
        assert found is not None
        return found

    def outcome(self, problem: ProblemRow) -> OutcomeRow | None:
        return outcomes.get(self.connection, problem.id)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connected(database_url) as connection:
        yield connection


def seated(connection: Connection, blueprint: Blueprint, plan: tuple[PlanItem, ...] = (MOCK, PANDA)) -> Desk:
    drill = drills.start(connection, LOCAL_LEARNER, blueprint, plan, preset=None, room_id=None, language="zh", now=START)
    return Desk(connection, drill.id, Shelf())


@pytest.fixture
def exam(connection: Connection) -> Desk:
    """Give a desk in a drill of a minute that tells at its end."""
    return seated(connection, Blueprint(length=2, minutes=1, feedback="at-end"))


@pytest.fixture
def training(connection: Connection) -> Desk:
    """Give a desk in a drill without a clock that tells at once, with two tries for each problem."""
    return seated(connection, Blueprint(length=2, tries=2))


def test_problems_come_one_after_the_other_in_the_drills_language(exam: Desk) -> None:
    first, second = exam.next(), exam.next(1)
    assert [(p.family, p.preset, p.position, p.language, p.drill_id) for p in (first, second)] == [
        ("cross-entropy-one-hot", "mock-question", 1, "zh", exam.drill_id),
        ("surprisal", "panda", 2, "zh", exam.drill_id),
    ]
    assert exam.drill.shown == 2


def test_after_the_last_problem_there_is_none(exam: Desk) -> None:
    exam.next()
    exam.next()
    with pytest.raises(DrillCompleteError):
        exam.next()


GONE = PlanItem("bygone", 1, "8c1f")


def test_a_problem_whose_family_is_gone_is_passed_over(connection: Connection) -> None:
    desk = seated(connection, Blueprint(length=4), (GONE, MOCK, GONE, PANDA))
    assert [(problem.family, problem.position) for problem in (desk.next(), desk.next())] == [
        ("cross-entropy-one-hot", 2),
        ("surprisal", 4),
    ]
    assert desk.drill.shown == 4


def test_where_all_that_is_left_is_gone_there_is_no_next_problem(connection: Connection) -> None:
    desk = seated(connection, Blueprint(length=2), (MOCK, GONE))
    desk.next()
    with pytest.raises(DrillCompleteError):
        desk.next()


def test_a_frozen_problem_is_handed_out_as_it_was_frozen(connection: Connection) -> None:
    item = PlanItem("softmax", 2, "8c1f")
    desk = seated(connection, Blueprint(length=1), (freeze(variant_of(item), item.seed, None),))
    problem = desk.next()
    assert (problem.seed, problem.level) == ("8c1f", 2)
    assert desk.shelf.kept(connection, LOCAL_LEARNER, problem.id).variant == variant_of(item)


@pytest.mark.parametrize(("seconds", "late"), [(59.999999, False), (60, True), (60.000001, True)])
def test_the_end_itself_is_the_first_instant_that_is_late(exam: Desk, seconds: float, late: bool) -> None:
    attempt = exam.answer(exam.next(), RIGHT, seconds)
    assert (attempt.row.late, attempt.row.counted, attempt.row.withheld) == (late, not late, not late)


def test_a_late_answer_is_judged_and_changes_nothing(exam: Desk) -> None:
    problem = exam.next()
    attempt = exam.answer(problem, RIGHT, 61)
    assert attempt.row.judgement.verdict == "right"
    assert (exam.problem(problem).state, exam.problem(problem).tries) == ("expired", 0)
    outcome = exam.outcome(problem)
    assert outcome is not None
    assert (outcome.credit, outcome.first_verdict) == (0.0, None)


def test_a_drill_whose_time_is_over_ends_at_its_end_and_not_when_that_is_noticed(exam: Desk) -> None:
    assert exam.locked(500).finished_at == at(60)


def test_a_drill_that_is_over_hands_out_no_more(exam: Desk) -> None:
    with pytest.raises(DrillFinishedError):
        exam.next(60)


@pytest.mark.parametrize(
    ("texts", "state", "credit"),
    [
        ((WRONG, RIGHT), "solved", 1.0),
        ((RIGHT, WRONG), "expired", 0.0),
        ((RIGHT, COARSE), "expired", 0.5),
        ((), "expired", 0.0),
    ],
)
def test_the_last_answer_before_the_end_is_the_one_that_is_judged(
    exam: Desk, texts: tuple[str, ...], state: str, credit: float
) -> None:
    problem = exam.next()
    for text in texts:
        exam.answer(problem, text, 10)
    assert (exam.problem(problem).state, exam.problem(problem).tries) == ("open", len(texts))
    assert exam.outcome(problem) is None
    exam.finish(30)
    outcome = exam.outcome(problem)
    assert outcome is not None
    assert (exam.problem(problem).state, outcome.credit) == (state, credit)
    assert not exam.problem(problem).withheld


def test_where_tries_are_bounded_the_last_of_them_is_judged_at_the_end(connection: Connection) -> None:
    desk = seated(connection, Blueprint(length=2, feedback="at-end", tries=1))
    problem = desk.next()
    counted = [desk.answer(problem, text, 10).row.counted for text in (WRONG, RIGHT)]
    desk.finish(20)
    assert (counted, desk.problem(problem).state) == ([True, False], "expired")


def test_out_of_tries_a_problem_expires_at_once_where_feedback_is_at_once(training: Desk) -> None:
    problem = training.next()
    counted = [training.answer(problem, text, 10).row.counted for text in (WRONG, COARSE, WRONG, RIGHT)]
    assert counted == [True, False, True, False]
    assert training.problem(problem).state == "expired"


def test_earlier_problems_stay_answerable(training: Desk) -> None:
    problem = training.next()
    training.next()
    training.answer(problem, RIGHT, 10)
    assert training.problem(problem).state == "solved"


def test_the_end_leaves_a_solved_problem_as_it_is(training: Desk) -> None:
    first, second = training.next(), training.next()
    training.answer(first, RIGHT, 10)
    training.finish(20)
    assert [training.problem(p).state for p in (first, second)] == ["solved", "expired"]
    assert training.problem(first).closed_at == at(10)


def test_a_solution_is_given_where_feedback_is_at_once_and_withheld_until_the_end_elsewhere(training: Desk, exam: Desk) -> None:
    problem = training.next()
    assert practice.reveal(training.connection, training.shelf, LOCAL_LEARNER, problem.id, at(1)).row.state == "revealed"
    problem = exam.next()
    with pytest.raises(WithheldError):
        practice.reveal(exam.connection, exam.shelf, LOCAL_LEARNER, problem.id, at(1))
    exam.finish(2)
    assert practice.reveal(exam.connection, exam.shelf, LOCAL_LEARNER, problem.id, at(3)).row.state == "expired"


def test_hints_are_off_where_the_blueprint_says_so_until_the_drill_has_ended(connection: Connection) -> None:
    desk = seated(connection, Blueprint(length=2, hints=False))
    problem = desk.next()
    with pytest.raises(HintsOffError):
        practice.take_hint(connection, desk.shelf, LOCAL_LEARNER, problem.id, at(1))
    desk.finish(2)
    assert practice.take_hint(connection, desk.shelf, LOCAL_LEARNER, problem.id, at(3))[1] == 1


def test_a_pause_moves_the_end_by_as_long_as_it_took(exam: Desk) -> None:
    assert exam.pause(20).ends_at == at(60)
    resumed = exam.resume(320.5)
    assert (resumed.ends_at, resumed.paused_seconds, resumed.paused_at) == (at(360.5), 300.5, None)
    exam.pause(330)
    assert (exam.resume(340).ends_at, exam.drill.paused_seconds) == (at(370.5), 310.5)


def test_the_time_left_stands_still_in_a_pause_and_is_none_without_a_limit(exam: Desk, training: Desk) -> None:
    assert [drills.remaining_seconds(exam.drill, at(s)) for s in (0, 20, 59.5, 60, 61)] == [60, 40, 0.5, 0, 0]
    exam.pause(20)
    assert drills.remaining_seconds(exam.drill, at(500)) == 40
    exam.finish(510)
    assert drills.remaining_seconds(exam.drill, at(510)) == 0
    assert drills.remaining_seconds(training.drill, at(500)) is None


def test_a_pause_outlives_the_end_that_it_moves(exam: Desk) -> None:
    exam.pause(59)
    assert exam.locked(1000).state == "paused"


def test_nothing_can_be_asked_answered_or_hinted_in_a_pause(exam: Desk) -> None:
    problem = exam.next()
    exam.pause(10)
    with pytest.raises(DrillPausedError):
        exam.next(11)
    with pytest.raises(DrillPausedError):
        exam.answer(problem, RIGHT, 11)
    with pytest.raises(DrillPausedError):
        practice.take_hint(exam.connection, exam.shelf, LOCAL_LEARNER, problem.id, at(11))
    assert attempts.page_of_problem(exam.connection, LOCAL_LEARNER, problem.id, limit=1) == []


def test_a_drill_is_paused_once_and_resumed_only_from_a_pause(exam: Desk) -> None:
    with pytest.raises(DrillRunningError):
        exam.resume(1)
    exam.pause(2)
    with pytest.raises(DrillPausedError):
        exam.pause(3)


def test_a_blueprint_can_rule_out_pauses(connection: Connection) -> None:
    with pytest.raises(PauseNotAllowedError):
        seated(connection, Blueprint(length=2, pause=False)).pause(1)


def test_after_the_end_there_is_neither_pause_nor_resumption(exam: Desk) -> None:
    exam.finish(1)
    with pytest.raises(DrillFinishedError):
        exam.pause(2)
    with pytest.raises(DrillFinishedError):
        exam.resume(2)


def test_ending_a_drill_twice_is_ending_it_once(exam: Desk) -> None:
    assert exam.finish(10) == exam.finish(20)


def test_a_paused_drill_can_be_ended(exam: Desk) -> None:
    exam.pause(10)
    ended = exam.finish(20)
    assert (ended.state, ended.finished_at, ended.paused_at) == ("finished", at(20), None)


def test_the_pause_in_which_a_drill_ended_is_no_time_that_it_took(exam: Desk) -> None:
    exam.pause(10)
    exam.resume(15)
    exam.pause(20)
    assert exam.finish(50).paused_seconds == 35


def test_a_clock_that_was_set_back_breaks_nothing(exam: Desk) -> None:
    assert drills.remaining_seconds(exam.drill, at(-100)) == 60
    exam.pause(10)
    assert exam.resume(-100).ends_at == at(60)
    assert exam.finish(-100).finished_at == START


def test_anothers_drill_is_as_good_as_none(exam: Desk) -> None:
    ada = LearnerRow(new_id(), "Ada", "learner", "en", START)
    learners.add(exam.connection, ada)
    for learner_id, drill_id in ((ada.id, exam.drill_id), (LOCAL_LEARNER, new_id())):
        with pytest.raises(NotFoundError):
            drills.find(exam.connection, learner_id, drill_id)
        with pytest.raises(NotFoundError):
            drills.locked(exam.connection, learner_id, drill_id, START)


def test_a_drill_is_due_from_its_end_on_while_it_runs(exam: Desk, training: Desk) -> None:
    def due(seconds: float) -> list[UUID]:
        assert stored_drills.due_of(exam.connection, LOCAL_LEARNER, at(seconds)) == stored_drills.due(
            exam.connection, at(seconds), 10
        )
        return stored_drills.due(exam.connection, at(seconds), 10)

    assert [due(59), due(60)] == [[], [exam.drill_id]]
    drills.settle(exam.connection, exam.drill_id, at(61))
    assert (due(61), exam.drill.state, exam.drill.finished_at) == ([], "finished", at(60))
    drills.settle(training.connection, training.drill_id, at(10**7))
    assert training.drill.state == "running"


WEEK = 7 * 24 * 3600


def left(desk: Desk, seconds: float) -> bool:
    """Return whether the drill is ended as one that was left."""
    drills.end_abandoned(desk.connection, at(seconds), 10)
    return desk.drill.state == "finished"


def test_a_drill_without_a_clock_ends_a_week_after_its_start(training: Desk) -> None:
    assert [left(training, WEEK - 1), left(training, WEEK + 1)] == [False, True]


def test_a_problem_or_an_answer_shows_that_a_drill_is_not_left(training: Desk) -> None:
    problem = training.next(1000)
    assert not left(training, WEEK + 999)
    training.answer(problem, WRONG, 2000)
    assert [left(training, WEEK + 1999), left(training, WEEK + 2001)] == [False, True]


def test_a_drill_is_kept_paused_for_a_week(exam: Desk) -> None:
    exam.pause(10)
    assert [left(exam, WEEK + 9), left(exam, WEEK + 11)] == [False, True]


def test_the_time_of_a_pause_does_not_count_as_being_left(training: Desk) -> None:
    training.pause(10)
    training.resume(WEEK - 10)
    assert [left(training, 2 * WEEK - 30), left(training, 2 * WEEK)] == [False, True]


def test_what_was_missed_can_be_asked_for_again_until_it_is_right(training: Desk) -> None:
    wanted = Blueprint(length=2, missed_only=True)

    def again() -> set[str]:
        plan = planned(training.connection, LOCAL_LEARNER, wanted, "1")
        return {item.family for item in plan}

    with pytest.raises(UnsatisfiableBlueprintError):
        again()
    training.answer(training.next(), WRONG, 10)
    assert again() == {"cross-entropy-one-hot"}
    other = seated(training.connection, Blueprint(length=2))
    other.answer(other.next(20), RIGHT, 30)
    with pytest.raises(UnsatisfiableBlueprintError):
        again()
    training.next(40)
    training.finish(50)
    assert again() == {"surprisal"}


@pytest.fixture
def interview(connection: Connection) -> Desk:
    return seated(connection, Blueprint(length=2, minutes=1, feedback="at-end", interview=True))


def test_the_question_after_a_problem_comes_once_it_was_answered(interview: Desk) -> None:
    problem = interview.next()
    with pytest.raises(AnswerFirstError):
        follow_ups.find(interview.connection, interview.shelf, LOCAL_LEARNER, problem.id)
    interview.answer(problem, WRONG, 10)
    assert follow_ups.find(interview.connection, interview.shelf, LOCAL_LEARNER, problem.id).row is None


def test_the_last_answer_to_a_question_is_kept_until_the_end(interview: Desk) -> None:
    def say(text: str, seconds: float) -> str | None:
        given = (interview.connection, interview.shelf, LOCAL_LEARNER, problem.id, text, at(seconds))
        row = follow_ups.answer(*given).row
        assert row is not None
        return row.answer

    problem = interview.next()
    interview.answer(problem, WRONG, 10)
    assert [say("Perhaps …", 20), say("Through the softmax.", 30)] == ["Perhaps …", "Through the softmax."]
    with pytest.raises(DrillFinishedError):
        say("Too late.", 60)


def test_no_question_follows_outside_of_interviews(exam: Desk) -> None:
    problem = exam.next()
    exam.answer(problem, RIGHT, 1)
    with pytest.raises(NotFoundError):
        follow_ups.find(exam.connection, exam.shelf, LOCAL_LEARNER, problem.id)


def test_what_is_stored_of_a_drill_is_what_was_started(exam: Desk) -> None:
    [listed] = stored_drills.page(exam.connection, LOCAL_LEARNER, limit=10)
    assert listed == exam.drill
