"""What the repositories promise, on either engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, StatementError

from app.storage import attempts, learners, problems, tokens
from app.storage.attempts import JudgementRow, NewAttempt
from app.storage.engines import Purpose, make_engine, parse_url
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.learners import LearnerRow
from app.storage.problems import ProblemRow, Progress


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with make_engine(parse_url(database_url), Purpose.WRITE).begin() as opened:
        yield opened


def test_ids_sort_by_the_time_they_were_made_in_python_and_in_the_database(
    connection: Connection, make_problem: Callable[..., ProblemRow]
) -> None:
    made = [make_problem() for _ in range(50)]
    for problem in reversed(made):
        problems.add(connection, problem)
    ids = [problem.id for problem in made]
    assert ids == sorted(ids)
    assert [row.id for row in problems.page(connection, LOCAL_LEARNER, limit=100)] == ids[::-1]


def test_a_time_keeps_its_instant_and_its_microseconds_and_comes_back_in_utc(
    connection: Connection, make_learner: Callable[..., LearnerRow]
) -> None:
    shanghai = datetime(2026, 11, 21, 5, 16, 0, 1, tzinfo=timezone(timedelta(hours=8)))
    learner = replace(make_learner(), created_at=shanghai)
    learners.add(connection, learner)
    read = learners.get(connection, learner.id)
    assert read is not None
    assert (read.created_at, read.created_at.tzinfo) == (shanghai, UTC)


def test_a_time_without_a_zone_is_refused(connection: Connection, make_learner: Callable[..., LearnerRow]) -> None:
    naive = replace(make_learner(), created_at=datetime(2026, 11, 21))  # noqa: DTZ001 - this is the point
    with pytest.raises((ValueError, StatementError), match="time zone"):
        learners.add(connection, naive)


def test_a_learner_is_found_and_changed_where_something_is_given(
    connection: Connection, make_learner: Callable[..., LearnerRow]
) -> None:
    ada = make_learner()
    learners.add(connection, ada)
    assert learners.update(connection, ada.id) == ada
    assert learners.update(connection, ada.id, language="zh") == replace(ada, language="zh")
    assert learners.update(connection, ada.id, name="Countess") == replace(ada, language="zh", name="Countess")
    assert learners.update(connection, new_id(), name="nobody") is None


def test_a_token_leads_to_its_learner_until_it_expires_or_is_revoked(connection: Connection, now: datetime) -> None:
    def add(digest: str, expires_at: datetime | None) -> tokens.TokenRow:
        return tokens.add(connection, LOCAL_LEARNER, name=digest, prefix="cd_12", digest=digest, now=now, expires_at=expires_at)

    lasting, brief = add("a" * 64, None), add("b" * 64, now + timedelta(hours=1))
    found = tokens.find_learner_by_digest(connection, "a" * 64, now)
    assert found is not None
    assert found.id == LOCAL_LEARNER
    assert tokens.find_learner_by_digest(connection, "b" * 64, now) == found
    assert tokens.find_learner_by_digest(connection, "b" * 64, now + timedelta(hours=1)) is None
    assert tokens.find_learner_by_digest(connection, "c" * 64, now) is None
    assert tokens.revoke(connection, LOCAL_LEARNER, lasting.id, now)
    assert tokens.find_learner_by_digest(connection, "a" * 64, now) is None
    assert tokens.all_of(connection, LOCAL_LEARNER) == [brief, replace(lasting, revoked_at=now)]


def test_a_token_is_revoked_once_and_by_its_owner_alone(connection: Connection, now: datetime) -> None:
    token = tokens.add(connection, LOCAL_LEARNER, name="laptop", prefix="cd_12", digest="a" * 64, now=now)
    owners = (new_id(), LOCAL_LEARNER, LOCAL_LEARNER)
    assert [tokens.revoke(connection, owner, token.id, now) for owner in owners] == [False, True, False]


def test_two_tokens_never_share_a_digest(connection: Connection, now: datetime) -> None:
    tokens.add(connection, LOCAL_LEARNER, name="one", prefix="cd_12", digest="a" * 64, now=now)
    with pytest.raises(IntegrityError):
        tokens.add(connection, LOCAL_LEARNER, name="two", prefix="cd_12", digest="a" * 64, now=now)


def test_a_problem_comes_back_as_it_was_stored_and_to_its_learner_alone(
    connection: Connection, make_problem: Callable[..., ProblemRow]
) -> None:
    problem = make_problem()
    problems.add(connection, problem)
    assert problems.get(connection, LOCAL_LEARNER, problem.id) == problem
    assert problems.get(connection, new_id(), problem.id) is None
    assert problems.lock(connection, new_id(), problem.id) is None


def test_progress_is_recorded_and_read_back(
    connection: Connection, now: datetime, make_problem: Callable[..., ProblemRow]
) -> None:
    problem = make_problem()
    problems.add(connection, problem)
    assert problems.lock(connection, LOCAL_LEARNER, problem.id) == Progress(
        "open", 0, 0, withheld=False, corrected_at=None, attempts=0
    )
    problems.record(connection, problem.id, state="solved", tries=2, closed_at=now)
    solved = replace(problem, state="solved", tries=2, closed_at=now)
    assert problems.get(connection, LOCAL_LEARNER, problem.id) == solved


def test_an_open_problem_is_ended_once(connection: Connection, now: datetime, make_problem: Callable[..., ProblemRow]) -> None:
    problem = make_problem()
    problems.add(connection, problem)
    ended = [problems.set_state(connection, LOCAL_LEARNER, problem.id, "revealed", now) for _ in range(2)]
    assert ended == [True, False]
    assert problems.get(connection, LOCAL_LEARNER, problem.id) == replace(problem, state="revealed", closed_at=now)


def test_hints_are_counted_up_to_what_there_is(connection: Connection, make_problem: Callable[..., ProblemRow]) -> None:
    problem = make_problem()
    problems.add(connection, problem)
    taken = [problems.take_hint(connection, LOCAL_LEARNER, problem.id, 2) for _ in range(3)]
    assert taken == [1, 2, None]
    assert problems.take_hint(connection, new_id(), problem.id, 3) is None


def test_pages_of_problems_neither_skip_nor_repeat_while_new_ones_arrive(
    connection: Connection, make_problem: Callable[..., ProblemRow]
) -> None:
    made = [make_problem() for _ in range(7)]
    for problem in made:
        problems.add(connection, problem)
    seen: list[UUID] = []
    before: UUID | None = None
    while page := problems.page(connection, LOCAL_LEARNER, before=before, limit=3):
        seen += [problem.id for problem in page]
        before = page[-1].id
        problems.add(connection, make_problem())
    assert seen == [problem.id for problem in reversed(made)]


def test_problems_are_filtered_by_state_and_family(
    connection: Connection, now: datetime, make_problem: Callable[..., ProblemRow]
) -> None:
    softmax, open_one, solved = make_problem(family="softmax"), make_problem(), make_problem()
    for problem in (softmax, open_one, solved):
        problems.add(connection, problem)
    problems.record(connection, solved.id, state="solved", tries=1, closed_at=now)

    def ids(state: str | None = None, family: str | None = None) -> list[UUID]:
        return [row.id for row in problems.page(connection, LOCAL_LEARNER, state=state, family=family, limit=9)]

    assert ids(state="open") == [open_one.id, softmax.id]
    assert ids(family=solved.family) == [solved.id, open_one.id]
    assert ids(state="solved", family="softmax") == []


def test_each_family_has_the_time_when_it_was_asked_last(
    connection: Connection, now: datetime, make_problem: Callable[..., ProblemRow]
) -> None:
    later = now + timedelta(days=1)
    made = [make_problem(family="b"), replace(make_problem(family="b"), created_at=later), make_problem(family="a")]
    for problem in made:
        problems.add(connection, problem)
    assert problems.last_asked(connection, LOCAL_LEARNER) == {"a": now, "b": later}
    assert problems.last_asked(connection, new_id()) == {}


@pytest.fixture
def answered(
    connection: Connection,
    make_problem: Callable[..., ProblemRow],
    make_attempt: Callable[..., NewAttempt],
    make_judgement: Callable[..., JudgementRow],
) -> Callable[..., NewAttempt]:
    """Store one more attempt, on a problem of its own unless one is given."""

    def answer(
        problem: ProblemRow | None = None,
        *,
        family: str = "softmax",
        at: datetime | None = None,
        judgement: JudgementRow | None = None,
    ) -> NewAttempt:
        if problem is None:
            problem = make_problem(family=family)
            problems.add(connection, problem)
        attempt = make_attempt(problem, at) if at is not None else make_attempt(problem)
        attempts.add(connection, attempt, judgement or make_judgement())
        return attempt

    return answer


def test_attempts_are_numbered_within_their_problem_and_come_back_in_that_order(
    connection: Connection, make_problem: Callable[..., ProblemRow], answered: Callable[..., NewAttempt]
) -> None:
    problem = make_problem()
    problems.add(connection, problem)
    answered()
    made = [answered(problem) for _ in range(4)]
    rows = attempts.page_of_problem(connection, LOCAL_LEARNER, problem.id, after=1, limit=2)
    assert [(row.id, row.number) for row in rows] == [(made[1].id, 2), (made[2].id, 3)]
    assert attempts.page_of_problem(connection, new_id(), problem.id, limit=9) == []


def test_an_attempt_comes_back_as_submitted_with_its_judgement_and_to_its_learner_alone(
    connection: Connection, make_judgement: Callable[..., JudgementRow], answered: Callable[..., NewAttempt]
) -> None:
    judgement = make_judgement()
    attempt = answered(judgement=judgement)
    row = attempts.get(connection, LOCAL_LEARNER, attempt.id)
    assert row is not None
    assert {name: getattr(row, name) for name in NewAttempt.__slots__} == {
        name: getattr(attempt, name) for name in NewAttempt.__slots__
    }
    assert (row.number, row.family, row.judgement) == (1, "softmax", judgement)
    assert attempts.get(connection, new_id(), attempt.id) is None


def test_the_latest_judgement_counts_and_the_earlier_one_stays(
    connection: Connection, make_judgement: Callable[..., JudgementRow], answered: Callable[..., NewAttempt]
) -> None:
    attempt = answered()
    mended = make_judgement("right", misconception=None)
    attempts.add_judgement(connection, attempt.id, mended)
    row = attempts.get(connection, LOCAL_LEARNER, attempt.id)
    assert row is not None
    assert row.judgement == mended
    assert connection.scalar(text("SELECT count(*) FROM judgements")) == 2
    assert attempts.page(connection, LOCAL_LEARNER, verdict="wrong", limit=9) == []
    assert attempts.page(connection, LOCAL_LEARNER, misconception="wrong-log-base-2", limit=9) == []


def test_attempts_are_filtered_and_paged_newest_first(
    connection: Connection,
    now: datetime,
    make_judgement: Callable[..., JudgementRow],
    answered: Callable[..., NewAttempt],
) -> None:
    first = answered(at=now - timedelta(days=2))
    second = answered(family="entropy", at=now, judgement=make_judgement("right", None))
    third = answered(at=now, judgement=make_judgement("wrong", "sign-flipped"))

    def ids(**filters: object) -> list[UUID]:
        given: dict[str, object] = {"limit": 9, **filters}
        return [row.id for row in attempts.page(connection, LOCAL_LEARNER, **given)]  # type: ignore[arg-type]  # any filter

    assert ids() == [third.id, second.id, first.id]
    assert ids(family="softmax") == [third.id, first.id]
    assert ids(verdict="right") == [second.id]
    assert ids(misconception="sign-flipped") == [third.id]
    assert ids(since=now) == [third.id, second.id]
    assert ids(until=now) == [first.id]
    assert ids(before=third.id, limit=1) == [second.id]
