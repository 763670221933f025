from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from app.cli import INTERRUPTED
from app.commands.console import read_only, written
from app.services import problem_reports
from app.services import regrade as service
from app.services.regrade import begin, carry_on, look
from app.services.replay import Review
from app.services.shelf import Shelf
from app.settings import Settings
from app.storage import attempts
from app.storage.attempts import NewAttempt
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.models import judgements, regrades
from tests.commands.conftest import Run
from tests.services.mending import IN_BITS, IN_NATS, NOW, SLUG, Bank, Practice


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """Return the registry of this test, whose family has a wrong key."""
    bank = Bank(monkeypatch)
    bank.breaks()
    return bank


@pytest.fixture
def file(on_sqlite: str) -> Path:
    """Return the database that the settings name."""
    return Path(on_sqlite.removeprefix("sqlite:///"))


def answered(*values: str) -> UUID:
    """Return a problem that was answered so."""

    def work(connection: Connection) -> UUID:
        learner = Practice(connection, Shelf())
        problem_id = learner.problem()
        learner.answer(problem_id, *values)
        return problem_id

    return written(Settings(), work)


def verdicts() -> list[str]:
    """Return all verdicts, the oldest first."""
    query = select(judgements.c.verdict).order_by(judgements.c.id)
    return read_only(Settings(), lambda connection: list(connection.scalars(query)))


def regrades_finished() -> list[bool]:
    query = select(regrades.c.finished_at.is_not(None))
    return read_only(Settings(), lambda connection: list(connection.scalars(query)))


def test_a_dry_run_shows_what_would_change_and_writes_nothing(run: Run, file: Path, bank: Bank) -> None:
    answered(IN_NATS, IN_BITS, "7")
    bank.mends()
    before = blake2b(file.read_bytes()).digest()
    ended = run("regrade", "--family", SLUG, "--dry-run")
    assert ended.status == 0
    assert "would change" in ended.out
    assert 'key: {"loss": 0.5145731728297583} → {"loss": 0.3566749439387324}' in ended.out
    assert "verdict: wrong → right" in ended.out
    assert blake2b(file.read_bytes()).digest() == before
    assert verdicts() == ["wrong", "right", "wrong"]


def test_it_asks_before_it_writes_and_a_no_writes_nothing(
    run: Run, on_sqlite: str, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(IN_NATS)
    bank.mends()
    monkeypatch.setattr("typer.confirm", lambda _: False)
    ended = run("regrade", "--family", SLUG)
    assert (ended.status, ended.err.strip()) == (1, "crossdrill: Nothing was written.")
    assert verdicts() == ["wrong"]


def test_with_yes_it_writes_and_says_what_changed(run: Run, on_sqlite: str, bank: Bank) -> None:
    answered(IN_NATS)
    bank.mends()
    ended = run("regrade", "--family", SLUG, "--yes")
    assert ended.status == 0
    assert "Attempts that changed" in ended.out
    assert verdicts() == ["wrong", "right"]
    assert regrades_finished() == [True]


@pytest.mark.usefixtures("on_sqlite")
def test_where_nothing_would_change_it_says_so_and_asks_nothing(run: Run, bank: Bank) -> None:
    answered(IN_NATS)
    ended = run("regrade", "--family", SLUG)
    assert ended.status == 0
    assert "Nothing would change." in ended.out
    assert regrades_finished() == []


def test_a_stopped_regrade_is_finished_by_the_same_command(run: Run, on_sqlite: str, bank: Bank) -> None:
    for _ in range(3):
        answered(IN_NATS)
    bank.mends()

    def one_batch(connection: Connection) -> None:
        carry_on(connection, begin(connection, SLUG, NOW), look(connection, SLUG, None, NOW, 2), NOW)

    written(Settings(), one_batch)
    run("regrade", "--family", SLUG, "--yes")
    assert verdicts() == ["wrong"] * 3 + ["right"] * 3
    assert regrades_finished() == [True]


def test_one_that_was_stopped_with_nothing_left_to_change_is_finished_without_asking(
    run: Run, on_sqlite: str, bank: Bank
) -> None:
    answered(IN_NATS)
    written(Settings(), lambda connection: begin(connection, SLUG, NOW))
    assert run("regrade", "--family", SLUG).status == 0
    assert regrades_finished() == [True]


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(
    run: Run, on_sqlite: str, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        answered(IN_NATS)
    bank.mends()

    def interrupted(connection: Connection, slug: str, after: UUID | None, now: datetime, limit: int = 0) -> list[Review]:
        if after is not None and limit:
            raise KeyboardInterrupt
        return look(connection, slug, after, now, 2)

    monkeypatch.setattr(service, "look", interrupted)
    ended = run("regrade", "--family", SLUG, "--yes")
    assert ended.status == INTERRUPTED
    assert "goes on from there" in ended.err
    assert verdicts() == ["wrong"] * 3 + ["right"] * 2
    monkeypatch.setattr(service, "look", look)
    assert run("regrade", "--family", SLUG, "--yes").status == 0
    assert verdicts() == ["wrong"] * 3 + ["right"] * 3


def test_a_problem_report_names_the_family(run: Run, on_sqlite: str, bank: Bank) -> None:
    problem_id = answered(IN_NATS)
    report = written(
        Settings(), lambda connection: problem_reports.file(connection, LOCAL_LEARNER, problem_id, "In bits?", NOW)
    )
    bank.mends()
    assert run("regrade", "--report", str(report.id), "--yes").status == 0
    assert verdicts() == ["wrong", "right"]


def test_all_takes_every_family_there_is_and_names_those_that_are_gone(run: Run, on_sqlite: str, bank: Bank) -> None:
    answered(IN_NATS)
    written(Settings(), lambda connection: Practice(connection, Shelf()).problem("entropy-or-cross-entropy"))
    bank.withdraws()
    ended = run("regrade", "--all")
    assert f"not installed: {SLUG}." in ended.out
    assert "entropy-or-cross-entropy" in ended.out
    bank.mends()
    run("regrade", "--all", "--yes")
    assert verdicts() == ["wrong", "right"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Name what to regrade"),
        (("--all", "--family", SLUG), "only one of the three"),
        (("--family", "entropi"), "There is no family entropi. Did you mean entropy"),
        (("--report", str(new_id())), "There is no problem report"),
    ],
)
@pytest.mark.usefixtures("on_sqlite")
def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, arguments: tuple[str, ...], said: str) -> None:
    ended = run("regrade", *arguments)
    assert ended.status == 1
    assert said in ended.err


def test_attempts_that_cannot_be_read_and_problems_left_alone_are_told(run: Run, on_sqlite: str, bank: Bank) -> None:
    problem_id = answered(IN_NATS)
    older = NewAttempt(new_id(), problem_id, LOCAL_LEARNER, '{"loss": "0,357"}', False, None, None, NOW)
    [attempt] = read_only(Settings(), lambda connection: attempts.page(connection, LOCAL_LEARNER, limit=1))
    written(Settings(), lambda connection: attempts.add(connection, older, replace(attempt.judgement, id=new_id())))
    bank.mends()
    ended = run("regrade", "--family", SLUG, "--dry-run")
    assert "1 attempts can't be read today" in ended.out
    assert f"{older.id}  /answers/loss comma" in ended.out
    bank.publish(levels={})
    assert "1 problems are left alone: the family can't restore them" in run("regrade", "--family", SLUG).out
