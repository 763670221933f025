"""`crossdrill drill` with its answers piped in, as a script has it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from tests.terminal.conftest import Stored
from tests.terminal.pseudo import CROSSDRILL

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def drill(environment: dict[str, str]) -> Run:
    def run(*arguments: str, answers: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(CROSSDRILL), "drill", *arguments]
        return subprocess.run(command, input=answers, env=environment, capture_output=True, encoding="utf-8", check=False)

    return run


def test_lines_are_answers_and_the_report_follows(drill: Run, stored: Stored) -> None:
    ended = drill("--family", "surprisal", "--length", "2", "--feedback", "at-end", answers="-ln(0.5)*9\nn\n")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "-ln(0.5)*9 → 6.238" in ended.stdout
    assert ended.stdout.rstrip().endswith("crossdrill drill --family surprisal")
    assert "\x1b" not in ended.stdout
    assert stored.verdicts() == ["wrong"]


def test_where_the_lines_end_too_early_the_drill_can_be_gone_on_with(drill: Run) -> None:
    ended = drill("--family", "surprisal", "--length", "2", answers="")
    assert ended.returncode == 0
    assert ended.stdout.endswith("Everything that you sent is kept. To go on:\n  crossdrill drill --resume\n")


def test_a_refusal_is_one_sentence_under_the_option_that_was_typed(drill: Run) -> None:
    ended = drill("--length", "0")
    assert ended.returncode == 1
    assert ended.stderr.startswith("crossdrill: --length: ")
    assert ended.stderr.count("\n") == 1
