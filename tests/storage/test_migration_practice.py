"""The second migration, on databases that hold what the first version wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from app.storage import attempts, drills, learners, migrate, outcomes, problems, tokens
from app.storage.attempts import JudgementRow, NewAttempt
from app.storage.drills import DrillRow
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.learners import LearnerRow
from app.storage.problems import ProblemRow
from tests.storage.connected import connected

FIRST_VERSION = {
    "problems": "id, learner_id, family, family_version, topic, level, language, parameters, convention, truth, shown, "
    "state, tries, hints_taken, created_at, closed_at, engine_version",
    "attempts": "id, problem_id, learner_id, number, answers, counted, confidence, duration_ms, submitted_at",
    "judgements": "id, attempt_id, verdict, credit, misconception, parts, family_version, engine_version, grader_version, "
    "judged_at",
}


def insert(connection: Connection, table: str, **given: object) -> None:
    """Insert as the first version did, which knew these columns alone."""
    names = FIRST_VERSION[table].split(", ")
    as_written = {name: _written(connection, given.get(name)) for name in names}
    columns, values = ", ".join(names), ", ".join(f":{name}" for name in names)
    connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), as_written)  # noqa: S608 - names above


def _written(connection: Connection, value: object) -> object:
    if connection.dialect.name == "sqlite" and isinstance(value, UUID):
        return value.hex
    if connection.dialect.name == "sqlite" and isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ")
    return value


def practised_before(connection: Connection, now: datetime) -> dict[str, UUID]:
    """Store a problem solved at the second try with one judgement renewed, one revealed unanswered, and one just shown."""
    common = {
        "learner_id": LOCAL_LEARNER,
        "family": "entropy",
        "family_version": 1,
        "topic": "information",
        "level": 2,
        "language": "en",
        "parameters": "{}",
        "convention": "{}",
        "truth": "{}",
        "shown": '{"prompt": {}, "expected_seconds": 90}',
        "hints_taken": 1,
        "created_at": now,
        "engine_version": "1",
    }
    ids = {name: new_id() for name in ("solved", "revealed", "open")}
    later = now + timedelta(minutes=3)
    insert(connection, "problems", **common, id=ids["solved"], state="solved", tries=2, closed_at=later)
    insert(connection, "problems", **common, id=ids["revealed"], state="revealed", tries=0, closed_at=later)
    insert(connection, "problems", **common, id=ids["open"], state="open", tries=0)
    versions = {"parts": "{}", "family_version": 1, "engine_version": "1", "grader_version": "1", "judged_at": now}
    for number, verdicts in enumerate([["partly_right", "wrong"], ["right"]], start=1):
        attempt = {"id": new_id(), "problem_id": ids["solved"], "learner_id": LOCAL_LEARNER, "number": number}
        when = now + timedelta(minutes=number)
        insert(connection, "attempts", **attempt, answers="{}", counted=True, duration_ms=41000, submitted_at=when)
        for verdict in verdicts:
            said = {"verdict": verdict, "credit": float(verdict == "right"), "misconception": None}
            if verdict == "wrong":
                said["misconception"] = "sign-flipped"
            insert(connection, "judgements", id=new_id(), attempt_id=attempt["id"], **said, **versions)
    return ids


def test_what_was_practised_before_has_the_outcomes_that_it_would_have_now(empty_url: str, now: datetime) -> None:
    migrate.upgrade(empty_url, "0001")
    with connected(empty_url) as connection:
        ids = practised_before(connection, now)
    migrate.upgrade(empty_url)
    with connected(empty_url) as connection:
        carried_over = {name: outcomes.get(connection, problem_id) for name, problem_id in ids.items()}
        for problem_id in ids.values():
            outcomes.refresh(connection, problem_id)
        computed = {name: outcomes.get(connection, problem_id) for name, problem_id in ids.items()}
    solved, revealed = carried_over["solved"], carried_over["revealed"]
    assert solved is not None
    assert (solved.first_verdict, solved.misconception, solved.solved, solved.tries) == ("wrong", "sign-flipped", True, 2)
    assert (solved.seconds, solved.expected_seconds, solved.hints) == (41.0, 90, 1)
    assert revealed is not None
    assert (revealed.first_verdict, revealed.solved, revealed.credit) == (None, False, 0.0)
    assert carried_over["open"] is None
    assert computed == carried_over


def test_going_back_keeps_what_was_answered_and_takes_the_rights_of_guests(
    empty_url: str,
    now: datetime,
    make_problem: Callable[..., ProblemRow],
    make_attempt: Callable[..., NewAttempt],
    make_judgement: Callable[..., JudgementRow],
) -> None:
    migrate.upgrade(empty_url)
    with connected(empty_url) as connection:
        room = new_id()
        columns = "id, owner_id, code, title, blueprint, plan, created_at"
        values = {name: _written(connection, value) for name, value in (("id", room), ("owner", LOCAL_LEARNER), ("now", now))}
        connection.execute(text(f"INSERT INTO rooms ({columns}) VALUES (:id, :owner, 'CODE', 't', '{{}}', '[]', :now)"), values)  # noqa: S608
        guest = LearnerRow(new_id(), "Guest", "learner", "en", now, room_id=room)
        learners.add(connection, guest)
        tokens.add(connection, guest.id, name="room", prefix="crossdrill_x", digest="d", now=now)
        drill = DrillRow(new_id(), guest.id, room, None, "{}", "[]", "en", "running", 1, now, None, None, 0.0, None)
        drills.add(connection, drill)
        problem = make_problem(guest.id)
        problems.add(connection, problem)
        attempts.add(connection, make_attempt(problem), make_judgement())
        outcomes.refresh(connection, problem.id)
    migrate.downgrade(empty_url, "0001")
    with connected(empty_url) as connection:
        counts = [
            connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - the names stand in the line below
            for table in ("learners", "problems", "attempts", "judgements", "tokens")
        ]
    migrate.upgrade(empty_url)
    with connected(empty_url) as connection:
        kept = attempts.page(connection, guest.id, limit=9)
    assert counts == [2, 1, 1, 1, 0]
    assert [attempt.problem_id for attempt in kept] == [problem.id]
