"""What was acknowledged survives SIGKILL, once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.services.kill_server import Report, examine, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("killed")


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return run(3, folder)


def test_nothing_that_was_acknowledged_is_lost_or_there_twice(report: Report) -> None:
    assert report.faults == []
    assert (report.kills, report.findings.lost, report.findings.duplicated) == (3, 0, 0)
    assert report.acknowledged == report.findings.stored > 0


def test_the_server_was_killed_at_work(report: Report) -> None:
    assert report.requests > report.acknowledged


def test_a_lost_attempt_would_be_noticed(report: Report, folder: Path) -> None:
    assert examine(folder / "killed.sqlite3", {1: "0" * 32}).lost == 1


def test_a_doubled_attempt_without_a_judgement_would_be_noticed(report: Report, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "doubled.sqlite3"
    with closing(sqlite3.connect(folder / "killed.sqlite3")) as source, closing(sqlite3.connect(file)) as copy:
        source.backup(copy)
        copy.execute(
            "INSERT INTO attempts (id, problem_id, learner_id, number, answers, counted, duration_ms, submitted_at)"
            " SELECT 'copy', problem_id, learner_id, number + 1000000, answers, counted, duration_ms, submitted_at"
            " FROM attempts LIMIT 1"
        )
        copy.commit()
    found = examine(file, {})
    assert found.duplicated == 1
    assert len(found.faults) == 2
