"""`crossdrill learners`, `crossdrill token` and `crossdrill audit`."""

from __future__ import annotations

import csv
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.commands.console import read_only
from app.services.accounts import digest
from app.settings import Settings
from app.storage import audit, learners, tokens
from app.storage.learners import LearnerRow
from tests.commands.conftest import Run

LIST = "name,id\nAda,1\nBo,2\n"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    file = tmp_path / "class.csv"
    file.write_text(LIST, "utf-8")
    return file


def everybody() -> list[str]:
    found = read_only(Settings(), lambda connection: learners.page(connection, limit=100))
    return sorted(each.row.name for each in found)


def whose(token: str) -> LearnerRow | None:
    now = datetime.now(UTC)

    def find(connection: Connection) -> LearnerRow | None:
        found = tokens.find_learner_by_digest(connection, digest(token), now)
        return None if found is None else learners.get(connection, found.id)

    return read_only(Settings(), find)


def acts() -> list[tuple[str, str]]:
    rows = read_only(Settings(), lambda connection: audit.page(connection, limit=100))
    return [(row.actor_role, row.action) for row in rows]


def made(run: Run, name: str, role: str = "learner") -> tuple[str, str]:
    """Return the id and the token of a new learner."""
    token = run("token", "create", "--name", name, "--role", role).out.strip()
    learner = whose(token)
    assert learner is not None
    return str(learner.id), token


def test_a_class_is_imported_with_tokens_for_the_owner_of_the_file_alone(
    run: Run, on_sqlite: str, roster: Path, tmp_path: Path
) -> None:
    file = tmp_path / "tokens.csv"
    ended = run("learners", "import", str(roster), "--tokens", str(file))
    assert (ended.status, ended.out) == (0, "")
    assert "Enrolled: 2. Here already: 0." in ended.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert [(row["name"], row["known_as"]) for row in rows] == [("Ada", "id:1"), ("Bo", "id:2")]
    assert [str(learner.id) for row in rows if (learner := whose(row["token"]))] == [row["learner"] for row in rows]
    assert acts() == [("operator", "learners.imported")]


def test_without_a_file_the_tokens_are_printed(run: Run, on_sqlite: str, roster: Path) -> None:
    rows = list(csv.DictReader(run("learners", "import", str(roster)).out.splitlines()))
    assert [learner.name for row in rows if (learner := whose(row["token"]))] == ["Ada", "Bo"]


def test_the_same_list_may_come_again(run: Run, on_sqlite: str, roster: Path) -> None:
    run("learners", "import", str(roster))
    ended = run("learners", "import", str(roster), "--no-tokens")
    assert (ended.status, ended.out) == (0, "")
    assert "Enrolled: 0. Here already: 2." in ended.err
    assert everybody() == ["Ada", "Bo", "local"]


def test_every_problem_is_told_by_line_and_nobody_is_enrolled(run: Run, on_sqlite: str, roster: Path, tmp_path: Path) -> None:
    roster.write_text("name,id,role\nAda,1,\nBo,1,\nCy,3,boss\n", "utf-8")
    ended = run("learners", "import", str(roster), "--tokens", str(tmp_path / "tokens.csv"))
    assert ended.status == 1
    assert "class.csv, line 3: The id “1” is in line 2 already." in ended.err
    assert "class.csv, line 4: “boss” is no role." in ended.err
    assert "2 problems in class.csv. Nothing was changed." in ended.err
    assert everybody() == ["local"]
    assert not (tmp_path / "tokens.csv").exists()


def test_what_only_the_database_knows_to_be_wrong_is_told_by_line_too(
    run: Run, on_sqlite: str, roster: Path, tmp_path: Path
) -> None:
    run("learners", "import", str(roster))
    roster.write_text("name,id,reference\nEve,3,\nAda,1,x\n", "utf-8")
    run("learners", "import", str(roster))
    roster.write_text("name,id,reference\nCy,4,\nBo,2,x\n", "utf-8")
    for words in (("--dry-run",), ("--tokens", str(tmp_path / "tokens.csv"))):
        ended = run("learners", "import", str(roster), *words)
        assert ended.status == 1
        assert "class.csv, line 3: " in ended.err
    assert everybody() == ["Ada", "Bo", "Eve", "local"]
    assert not (tmp_path / "tokens.csv").exists()


def test_a_dry_run_says_what_it_would_do_and_does_nothing(run: Run, on_sqlite: str, roster: Path) -> None:
    ended = run("learners", "import", str(roster), "--dry-run")
    assert "Would be enrolled: 2. Here already: 0." in ended.err
    assert everybody() == ["local"]


def test_a_file_of_tokens_is_never_written_over(run: Run, on_sqlite: str, roster: Path, tmp_path: Path) -> None:
    file = tmp_path / "tokens.csv"
    file.write_text("of last year", "utf-8")
    ended = run("learners", "import", str(roster), "--tokens", str(file))
    assert (ended.status, file.read_text("utf-8")) == (1, "of last year")
    assert everybody() == ["local"]


def test_columns_that_mean_nothing_are_named(run: Run, on_sqlite: str, roster: Path) -> None:
    roster.write_text("name,Group\nAda,A\n", "utf-8")
    assert "Columns that mean nothing here: Group." in run("learners", "import", str(roster)).err


def test_learners_are_listed_and_found(run: Run, on_sqlite: str, roster: Path) -> None:
    run("learners", "import", str(roster))
    ada, _ = made(run, "[bold]Adam", "coach")
    listed = run("learners", "list", "--find", "ada").out
    assert "[bold]Adam" in listed
    assert ada in listed
    assert "Bo" not in listed
    assert "Ada" in run("learners", "list", "--find", "id:1").out
    assert "Bo" not in run("learners", "list", "--role", "coach").out


def test_a_role_is_given_unless_nobody_else_is_an_admin(run: Run, on_sqlite: str, roster: Path) -> None:
    run("learners", "import", str(roster))
    root, _ = made(run, "Root", "admin")
    assert "Give somebody else the role first" in run("learners", "role", root, "learner").err
    assert run("learners", "role", "1", "admin").status == 0
    assert run("learners", "role", root, "learner").status == 0
    assert acts()[:2] == [("operator", "role.changed")] * 2


@pytest.mark.parametrize("text", ["nobody", "01990b7e-3c00-7000-8000-000000000000"])
def test_who_there_is_not_is_told(run: Run, on_sqlite: str, text: str) -> None:
    for words in (("learners", "role", text, "coach"), ("learners", "erase", text, "--yes"), ("token", "replace", text)):
        ended = run(*words)
        assert ended.status == 1
        assert f"There is no learner {text}." in ended.err


def test_what_is_said_of_two_names_nobody(run: Run, on_sqlite: str, roster: Path) -> None:
    run("learners", "import", str(roster))
    roster.write_text("name,reference\nEve,1\n", "utf-8")
    run("learners", "import", str(roster))
    ended = run("learners", "erase", "1", "--yes")
    assert ended.status == 1
    assert "1 is said of 2 people" in ended.err


def test_erasing_asks_first_unless_told_not_to(run: Run, on_sqlite: str, roster: Path) -> None:
    run("learners", "import", str(roster))
    assert run("learners", "erase", "1").status == 1  # nobody answers
    assert everybody() == ["Ada", "Bo", "local"]
    assert run("learners", "erase", "1", "--yes").status == 0
    assert everybody() == ["Bo", "local"]
    assert acts()[0] == ("operator", "learner.erased")


def test_a_lost_token_is_replaced(run: Run, on_sqlite: str) -> None:
    ada, lost = made(run, "Ada")
    kept = run("token", "replace", ada, "--keep").out.strip()
    assert whose(kept) == whose(lost)
    new = run("token", "replace", ada).out.strip()
    assert [whose(token) is not None for token in (lost, kept, new)] == [False, False, True]


def test_tokens_are_revoked_by_how_they_start_or_all(run: Run, on_sqlite: str) -> None:
    ada, first = made(run, "Ada")
    second, third = (run("token", "replace", ada, "--keep").out.strip() for _ in range(2))
    assert "Ended: 1." in run("token", "revoke", ada, "--prefix", second[:17]).out
    assert [whose(token) is not None for token in (first, second, third)] == [True, False, True]
    assert run("token", "revoke", ada, "--prefix", "crossdrill_%").status == 1
    assert "Ended: 2." in run("token", "revoke", ada).out
    assert run("token", "revoke", ada).status == 1
    assert acts()[:2] == [("operator", "token.revoked")] * 2


def test_the_audit_trail_is_shown_an_act_a_line_the_newest_first(run: Run, on_sqlite: str) -> None:
    ada, bo = made(run, "Ada", "coach")[0], made(run, "Bo")[0]
    [first, second] = run("audit").out.splitlines()
    assert first.split()[1:5] == ["operator", "-", "learner.created", bo]
    assert second.split(maxsplit=5)[4:] == [ada, '{"role": "coach"}']
    assert run("audit", "--subject", ada).out.splitlines() == [second]
