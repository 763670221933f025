"""`crossdrill drill` at a pseudo-terminal, as a learner has it."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable

import httpx2
import pytest

from tests.terminal.conftest import Open, Server, Stored
from tests.terminal.pseudo import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")

QUICK = ("drill", "--preset", "sprint-60s", "--minutes", "10", "--family", "surprisal")
THREE = (*QUICK, "--length", "3")
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7])(?:;\d+)*m")


def leave_report(terminal: Terminal) -> None:
    """Press Enter where solutions can be read, and see the program end."""
    terminal.expect("shows its solution")
    terminal.type("")
    assert terminal.end() == 0


def test_a_sprint_is_played_with_right_wrong_and_unreadable_answers(open_terminal: Open, stored: Stored) -> None:
    terminal = open_terminal("drill", "--preset", "sprint-60s", "--family", "surprisal")
    terminal.expect("sprint-60s: 1:00 left")
    terminal.expect("Problem 1/10")
    terminal.expect("›")
    terminal.type(stored.right())
    terminal.expect("✓ right")
    terminal.expect("Problem 2/10")
    terminal.expect("›")
    terminal.type("0,5")
    terminal.expect("^")
    terminal.expect("0,5")
    terminal.press("\x15")  # the line as it stood there is cleared
    terminal.type(stored.wrong())
    terminal.expect("✗ not right")
    terminal.expect("Enter goes on")
    terminal.type("")
    terminal.expect("Problem 3/10")
    terminal.expect("›")
    terminal.type("h")
    terminal.expect("gives no hints")
    terminal.expect("›")
    terminal.type("q")
    terminal.expect("Type y for yes")
    terminal.type("y")
    terminal.expect("Report")
    terminal.expect("1 of 3 points (33 %)")
    leave_report(terminal)
    assert stored.verdicts() == ["right", "wrong"]
    assert COLOUR.search(terminal.raw)


def test_the_bottom_line_shows_the_time_that_is_left_and_when_it_is_over_enter_shows_the_report(
    open_terminal: Open, stored: Stored
) -> None:
    terminal = open_terminal(*THREE)
    terminal.expect(" 1/3 · ")
    terminal.expect(" left · ? help")
    stored.rows("UPDATE drills SET ends_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', '+6 seconds')")
    terminal.type(stored.right())
    terminal.expect(" 2/3 · ")
    terminal.expect("(Enter: report)")
    terminal.type("")
    terminal.expect("Report")
    leave_report(terminal)


def test_ctrl_d_leaves_too_and_the_unfinished_drill_is_offered_at_the_next_start(open_terminal: Open) -> None:
    first = open_terminal(*THREE)
    first.expect("Problem 1/3")
    first.expect("›")
    first.press("\x04")
    assert first.end() == 0
    assert "crossdrill drill --resume" in first.text
    second = open_terminal("drill", "--preset", "warm-up")
    second.expect("You have an unfinished drill (sprint-60s).")
    second.expect("›")
    second.type("")
    second.expect("Problem 1/3")


def test_ctrl_c_leaves_with_everything_kept_and_the_terminal_as_it_was(open_terminal: Open, stored: Stored) -> None:
    terminal = open_terminal(*THREE)
    terminal.expect("Problem 1/3")
    terminal.expect("›")
    terminal.type(stored.right())
    terminal.expect("Problem 2/3")
    terminal.expect("›")
    terminal.press("0.12\x03")
    assert terminal.end() == 130
    assert terminal.attributes == terminal.before
    assert "Everything that you sent is kept. To go on:\n  crossdrill drill --resume\n" in terminal.text
    assert "Traceback" not in terminal.text
    assert stored.verdicts() == ["right"]
    again = open_terminal("drill", "--resume")
    again.expect("Problem 2/3")
    again.expect("›")
    again.type("q")
    again.expect("Type y for yes")
    again.type("y")
    again.expect("1 of 3 points")
    leave_report(again)


def test_a_signal_to_end_leaves_the_terminal_as_it_was(open_terminal: Open) -> None:
    terminal = open_terminal(*THREE)
    terminal.expect("Problem 1/3")
    terminal.expect("›")
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end() == 128 + signal.SIGTERM
    assert terminal.attributes == terminal.before
    assert "crossdrill drill --resume" in terminal.text
    assert "Traceback" not in terminal.text


def test_a_closed_window_ends_the_program_and_not_the_drill(open_terminal: Open, stored: Stored) -> None:
    terminal = open_terminal(*THREE)
    terminal.expect("Problem 1/3")
    terminal.expect("›")
    terminal.type(stored.right())
    terminal.expect("Problem 2/3")
    assert terminal.hang_up() != 0
    assert stored.verdicts() == ["right"]
    assert stored.rows("SELECT state FROM drills") == [("running",)]


def test_a_chinese_drill_at_a_narrow_terminal(open_terminal: Open, stored: Stored) -> None:
    terminal = open_terminal(*QUICK, "--length", "1", "--language", "zh", columns=40)
    terminal.expect("第 1/1 题")
    terminal.expect("›")
    terminal.type(stored.right())
    terminal.expect("✓ 正确")
    terminal.expect("报告")
    terminal.expect("得分 1/1（100 %）")
    terminal.expect("回车结束")
    terminal.type("")
    assert terminal.end() == 0


def test_no_color_is_honoured(open_terminal: Open, stored: Stored) -> None:
    terminal = open_terminal(*QUICK, "--length", "1", NO_COLOR="1")
    terminal.expect("Problem 1/1")
    terminal.expect("›")
    terminal.type(stored.right())
    leave_report(terminal)
    assert not COLOUR.search(terminal.raw)


def test_a_drill_at_a_server_that_goes_away_and_comes_back_loses_nothing(
    open_terminal: Open, server: Server, token_of: Callable[[str], str], stored: Stored
) -> None:
    terminal = open_terminal(*QUICK, "--length", "1", "--url", server.url, CROSSDRILL_TOKEN=token_of("learner"))
    terminal.expect("Problem 1/1")
    terminal.expect("›")
    server.stop()
    terminal.type(stored.right())
    terminal.expect("can't be reached")
    server.start()
    terminal.type("")
    terminal.expect("✓ right")
    terminal.expect("1 of 1 points (100 %)")
    leave_report(terminal)
    assert stored.verdicts() == ["right"]


def test_a_candidate_joins_a_room_by_name_and_is_told_how_to_come_back(
    open_terminal: Open, server: Server, token_of: Callable[[str], str], stored: Stored
) -> None:
    headers = {"authorization": f"Bearer {token_of('coach')}"}
    body = {"blueprint": {"length": 2, "families": ["surprisal"]}}
    code = httpx2.post(f"{server.url}/v1/rooms", json=body, headers=headers, timeout=60).json()["code"]
    terminal = open_terminal("drill", "--url", server.url, "--room", code, "--name", "Ada")
    terminal.expect("Your token, shown this once")
    terminal.expect("Problem 1/2")
    terminal.expect("›")
    terminal.type(stored.right())
    terminal.expect("Problem 2/2")
    terminal.press("\x03")
    assert terminal.end() == 130
    found = re.search(r"CROSSDRILL_TOKEN=(\S+) crossdrill drill --url \S+ --resume\n", terminal.text)
    assert found is not None
    again = open_terminal("drill", "--resume", "--url", server.url, CROSSDRILL_TOKEN=found[1])
    again.expect("Problem 2/2")
    again.expect("›")
    again.type(stored.right())
    again.expect("2 of 2 points")
