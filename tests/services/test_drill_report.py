"""The report of a drill, from real answers on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from math import inf
from typing import Any

import pytest
from sqlalchemy import Connection

from app.errors import WithheldError
from app.services import shelf
from app.services.reports.model import DrillReport, Group
from app.storage import follow_ups, outcomes
from app.storage.ids import LOCAL_LEARNER
from app.storage.models import follow_ups as follow_up_table
from quiz_bank.problem import Family
from quiz_bank.registry import UnknownFamilyError
from tests.services.drilling import COIN, FOREST, MOCK, PITCH, SOFTMAX, START, begun, examined
from tests.storage.connected import connected

CREDITS = (1, 2 / 3, 0, 0.5, 0, 0)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connected(database_url) as opened:
        yield opened


@pytest.fixture
def report(connection: Connection) -> DrillReport:
    return examined(connection).report(at=700)


def test_the_score_is_the_credit_of_all_problems_of_the_drill(report: DrillReport) -> None:
    assert report.score.credit == pytest.approx(13 / 6)
    assert report.score.possible == 7
    assert report.score.share == pytest.approx(13 / 42)


def test_every_verdict_is_counted_and_what_was_never_reached_is_unanswered(report: DrillReport) -> None:
    score = report.score
    assert (score.right, score.partly_right, score.wrong, score.too_coarse) == (1, 1, 1, 1)
    assert (score.unanswered, score.never_reached, score.late) == (3, 1, 1)
    assert report.unanswered == (5, 6)


def test_the_time_is_that_of_the_clock(report: DrillReport) -> None:
    assert (report.score.seconds, report.score.seconds_allowed) == (600, 600)
    assert report.finished_at == START + timedelta(seconds=600)
    assert report.final


def test_each_problem_has_its_verdict_credit_and_time(report: DrillReport) -> None:
    verdicts = ("right", "partly_right", "wrong", "too_coarse", None, None)
    assert tuple(item.verdict for item in report.problems) == verdicts
    assert [item.credit for item in report.problems] == pytest.approx(list(CREDITS))
    assert [item.seconds for item in report.problems] == [30, 60, 30, 60, None, None]
    assert [item.expected_seconds for item in report.problems] == [60, 120, 60, 60, 120, 120]
    assert [item.state for item in report.problems] == ["solved", *["expired"] * 5]
    assert [item.hints for item in report.problems] == [0, 0, 0, 0, 1, 0]
    assert [item.tries for item in report.problems] == [1, 1, 1, 1, 0, 0]


def test_it_agrees_with_what_is_remembered_of_each_problem(connection: Connection) -> None:
    for item in examined(connection).report(at=700).problems:
        outcome = outcomes.get(connection, item.problem_id)
        assert outcome is not None
        assert outcome.credit == pytest.approx(item.credit)
        assert (outcome.tries, outcome.hints) == (item.tries, item.hints)
        assert outcome.seconds == (None if item.seconds is None else pytest.approx(item.seconds, abs=0.01))
        assert (outcome.confidence, outcome.first_verdict == "right") == (item.confidence, item.first_right)


def test_a_late_answer_is_listed_with_its_verdict_and_counts_for_nothing(report: DrillReport) -> None:
    late = report.problems[5]
    [answer] = late.answers
    assert late.late == (answer,)
    assert (answer.verdict, answer.counted, answer.late) == ("right", False, True)
    assert (late.verdict, late.credit, late.confidence) == (None, 0, None)


def test_the_answers_are_as_they_were_typed_beside_the_question_and_the_truth(report: DrillReport) -> None:
    assert "[0.7, 0.2, 0.1]" in report.problems[0].prompt.text
    assert report.problems[1].answers[0].submitted == {"probabilities": ["0.659", "0.242", "0.5"]}
    assert report.problems[0].truth == {"loss": pytest.approx(0.356675, abs=1e-6)}
    assert report.problems[4].truth is not None
    assert report.problems[4].solution == f"/v1/problems/{report.problems[4].problem_id}/solution"


def test_a_mistake_is_named_with_the_reason_and_counted(report: DrillReport) -> None:
    [mistake] = report.problems[2].mistakes
    [count] = [count for count in report.mistakes if count.code == "wrong-log-base-2"]
    assert (mistake.code, mistake.part) == ("wrong-log-base-2", "loss")
    assert (count.family, count.problems, count.positions) == ("cross-entropy-one-hot", 1, (3,))
    assert count.why == mistake.why
    assert count.why is not None
    assert "2" in count.why.text


def test_topics_and_families_add_up_what_was_handed_out(report: DrillReport) -> None:
    one_hot = Group("cross-entropy-one-hot", "Cross-entropy of a one-hot target", 3, 1.5, 1, 120.0, 180)
    softmax = Group("softmax", report.problems[1].title, 2, pytest.approx(2 / 3), 0, 60.0, 120)  # type: ignore[arg-type]
    assert report.families[:2] == (one_hot, softmax)
    assert one_hot.share == 0.5
    assert one_hot.pace == pytest.approx(2 / 3)
    assert [(topic.name, topic.problems) for topic in report.topics] == [("cross-entropy", 4), ("logits", 2)]


def test_a_family_of_which_no_time_is_known_has_no_pace(report: DrillReport) -> None:
    assert report.families[2].name == "entropy-ce-kl-identity"
    assert report.families[2].pace is None


def test_confidence_is_scored_by_the_first_answers(report: DrillReport) -> None:
    """Sure by 0.8 and right, by 0.9 and wrong: the losses are −ln 0.8 and −ln 0.1."""
    assert report.calibration.count == 2
    assert report.calibration.log_loss == pytest.approx((0.22314355 + 2.30258509) / 2)
    assert report.calibration.brier == pytest.approx((0.04 + 0.81) / 2)


def test_who_was_certain_and_wrong_has_an_infinite_loss(connection: Connection) -> None:
    candidate = begun(connection, [MOCK])
    candidate.take()
    candidate.answer("2", 10, confidence=1.0)
    candidate.finish(20)
    assert candidate.report().calibration.log_loss == inf


def test_with_feedback_at_the_end_there_is_no_report_before(connection: Connection) -> None:
    candidate = begun(connection, [MOCK], feedback="at-end")
    candidate.take()
    with pytest.raises(WithheldError):
        candidate.report()


def test_a_coach_sees_how_things_stand_before_the_end(connection: Connection) -> None:
    candidate = begun(connection, [MOCK, SOFTMAX], feedback="at-end")
    candidate.take()
    candidate.answer("0.357", 30)
    report = candidate.report(at=50, for_coach=True)
    assert (report.final, report.score.right, report.score.possible, report.score.never_reached) == (False, 1, 1, 0)
    assert report.problems[0].truth is not None


def test_with_feedback_at_once_a_running_drill_tells_no_truth_of_a_problem_that_is_open(connection: Connection) -> None:
    candidate = begun(connection, [MOCK, FOREST])
    candidate.take()
    candidate.answer("0.357", 20)
    candidate.take(20)
    candidate.answer("0.5146", 40)
    report = candidate.report(at=50)
    assert [item.state for item in report.problems] == ["solved", "open"]
    assert report.problems[0].truth is not None
    assert (report.problems[1].truth, report.problems[1].key, report.problems[1].solution) == (None, None, None)
    assert (report.final, report.score.possible, report.score.seconds) == (False, 2, 50)


def test_the_last_answer_counts_and_the_first_one_is_timed(connection: Connection) -> None:
    candidate = begun(connection, [MOCK])
    candidate.take()
    candidate.answer("0.5146", 20, confidence=0.9)
    candidate.answer("0.357", 50, confidence=0.6)
    candidate.finish(60)
    [item] = candidate.report().problems
    assert (item.verdict, item.credit, item.tries, item.seconds, item.confidence) == ("right", 1, 2, 20, 0.9)
    assert not item.first_right
    assert [mistake.code for mistake in item.mistakes] == ["wrong-log-base-2"]


def test_a_coarse_answer_that_was_asked_for_again_counts_for_nothing(connection: Connection) -> None:
    candidate = begun(connection, [MOCK])
    candidate.take()
    candidate.answer("0.4", 20)
    candidate.finish(60)
    report = candidate.report()
    assert (report.problems[0].verdict, report.problems[0].credit, report.score.unanswered) == (None, 0, 1)
    assert [(answer.verdict, answer.counted, answer.late) for answer in report.problems[0].answers] == [
        ("too_coarse", False, False)
    ]


@pytest.mark.parametrize("after", [601, -5])
def test_who_was_away_or_whose_clock_was_set_back_has_no_time(connection: Connection, after: float) -> None:
    candidate = begun(connection, [MOCK])
    candidate.take()
    candidate.answer("0.357", after)
    assert candidate.report(at=700).problems[0].seconds is None


def test_a_drill_of_minutes_alone_lacks_nothing_that_did_not_fit(connection: Connection) -> None:
    candidate = begun(connection, [MOCK, FOREST, SOFTMAX], length=None, minutes=1.0)
    candidate.take()
    candidate.answer("0.357", 30)
    candidate.finish(45)
    score = candidate.report(at=90).score
    assert (score.possible, score.never_reached, score.share, score.seconds, score.seconds_allowed) == (1, 0, 1, 45, 60)


def test_a_drill_that_was_never_begun_has_no_share(connection: Connection) -> None:
    candidate = begun(connection, [MOCK], length=None, minutes=1.0)
    candidate.finish(5)
    report = candidate.report()
    assert (report.score.possible, report.score.share, report.problems) == (0, None, ())


def test_parts_have_verdicts_of_their_own(connection: Connection) -> None:
    candidate = begun(connection, [COIN])
    candidate.take()
    candidate.answer({"entropy": "0.0560", "cross_entropy": "9", "kl": "9"}, 30)
    candidate.finish(40)
    [item] = candidate.report().problems
    assert item.answers[0].parts == {"entropy": "right", "cross_entropy": "wrong", "kl": "wrong"}
    assert item.credit == pytest.approx(1 / 3)


def test_an_interview_tells_its_questions_and_what_was_said_and_marked(connection: Connection) -> None:
    candidate = begun(connection, [MOCK, FOREST], interview=True)
    for said in ("By the softmax's denominator.", None):
        problem = candidate.take()
        if said:
            follow_ups.answer(connection, problem.id, LOCAL_LEARNER, said, START)
    marked = follow_up_table.c.problem_id == candidate.problems[0].id
    connection.execute(follow_up_table.update().where(marked).values(mark=0.75, remark="Say it shorter."))
    candidate.finish(60)
    talk, silence = (item.follow_up for item in candidate.report(language="zh").problems)
    assert talk is not None
    assert talk.question is not None
    assert "梯度" in talk.question.text
    assert (talk.answer, talk.mark, talk.remark) == ("By the softmax's denominator.", 0.75, "Say it shorter.")
    assert silence == replace(talk, answer=None, mark=None, remark=None)


def test_a_drill_that_is_no_interview_asks_nothing_afterwards(report: DrillReport) -> None:
    assert {item.follow_up for item in report.problems} == {None}


def test_what_learners_assess_themselves_is_labelled(connection: Connection) -> None:
    candidate = begun(connection, [PITCH, MOCK])
    candidate.take()
    candidate.answer({"talk": {"text": "It measures surprise.", "points": ["a", "b"]}}, 30)
    candidate.take(30)
    candidate.finish(60)
    pitch, mock = candidate.report().problems
    assert (pitch.self_assessed, mock.self_assessed) == (True, False)
    assert (pitch.verdict, pitch.credit) == ("partly_right", 0.5)
    assert pitch.key == {"talk": ["a", "b", "c", "d"]}


def test_titles_and_reasons_are_in_the_language_that_is_asked_for(connection: Connection) -> None:
    report = examined(connection).report(at=700, language="zh")
    assert (report.problems[0].title, report.topics[0].title) == ("独热目标的交叉熵", "交叉熵")
    assert report.mistakes[0].why is not None
    assert "对数" in report.mistakes[0].why.text


def test_a_family_that_is_gone_leaves_codes_in_place_of_its_texts(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate = examined(connection)
    before = candidate.report(at=700)

    def family(slug: str) -> Family[Any]:
        raise UnknownFamilyError(slug)

    monkeypatch.setattr(shelf, "family", family)
    candidate.shelf = shelf.Shelf()
    after = candidate.report(at=700)
    assert after.score == before.score
    assert {item.title for item in after.problems} == {item.family for item in before.problems}
    assert [(count.code, count.why) for count in after.mistakes] == [(count.code, None) for count in before.mistakes]
    assert [item.truth for item in after.problems] == [item.truth for item in before.problems]
