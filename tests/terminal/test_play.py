"""Drills played against the real service: what is asked, what is shown, and what is stored."""

from __future__ import annotations

import json

import pytest

from app.terminal.errors import RefusedError, TerminalError
from tests.terminal.conftest import Play, Stored

ONE = {"length": 1, "families": ["cross-entropy-one-hot"], "levels": [1]}
TWO = {**ONE, "length": 2}
VECTOR = {"length": 1, "families": ["softmax"], "levels": [1]}


def test_a_right_answer_leads_to_the_report(play: Play, stored: Stored) -> None:
    played = play(stored.right, blueprint=ONE)
    assert "✓ right" in played.text
    assert "1 of 1 points (100 %)" in played.text
    assert not played.session.is_unfinished


def test_a_wrong_answer_is_asked_for_again(play: Play, stored: Stored) -> None:
    played = play(stored.wrong, stored.right, blueprint=ONE)
    assert stored.verdicts() == ["wrong", "right"]
    assert played.text.index("✗ not right") < played.text.index("✓ right")


def test_a_known_mistake_is_shown_with_its_why_at_once_and_in_the_report(play: Play, stored: Stored) -> None:
    played = play(lambda: repr(-next(iter(stored.truth().values()))), "n", blueprint={**ONE, "tries": 1})
    (row,) = stored.rows("SELECT misconception FROM judgements")
    assert row == ("sign-flipped",)
    verdict, report = played.text.split("Report")
    assert "sign" in verdict
    assert "What went wrong, and why" in report
    assert "What to practise next" in report
    assert "crossdrill drill --family cross-entropy-one-hot" in report


def test_after_the_report_the_solution_of_any_problem_can_be_read(play: Play, stored: Stored) -> None:
    played = play(stored.wrong, "1", "7", "", blueprint={**ONE, "feedback": "at-end"})
    _, report = played.text.split("Report")
    assert "1. Right would be: loss = " in report
    assert "\n1. " in report
    assert len(played.asked) == 4


def test_an_unreadable_answer_is_not_stored_and_stands_there_to_be_edited(play: Play, stored: Stored) -> None:
    played = play("0,357", stored.right, blueprint=ONE)
    assert "   ^\n" in played.text
    assert played.asked[1][1] == "0,357"
    assert stored.verdicts() == ["right"]


def test_a_coarse_answer_stands_there_to_be_made_finer(play: Play, stored: Stored) -> None:
    def coarse() -> str:
        return f"{float(stored.right()):.2g}"

    played = play(coarse, stored.right, blueprint=ONE)
    assert stored.verdicts() == ["too_coarse", "right"]
    assert "… too coarse" in played.text
    assert [default for _, default in played.asked[:2]] == ["", coarse()]


def test_an_expression_is_shown_with_the_number_that_was_read(play: Play) -> None:
    assert "-ln(0.5)*9 → 6.238" in play("-ln(0.5)*9", blueprint=ONE).text


def test_a_vector_is_typed_in_one_line(play: Play, stored: Stored) -> None:
    play(lambda: ", ".join(map(repr, stored.truth()["probabilities"])), blueprint=VECTOR)
    assert stored.verdicts() == ["right"]


def test_a_vector_is_typed_one_component_after_another(play: Play, stored: Stored) -> None:
    first, *others = [lambda at=at: repr(stored.truth()["probabilities"][at]) for at in range(3)]
    played = play(first, *others, blueprint=VECTOR)
    assert stored.verdicts() == ["right"]
    assert [question for question, _ in played.asked[1:3]] == ["Probabilities [2/3]", "Probabilities [3/3]"]


def test_the_components_that_are_wrong_are_marked(play: Play, stored: Stored) -> None:
    def half_right() -> str:
        return f"{stored.truth()['probabilities'][0]!r} 77 78"

    assert "✗ 77   ✗ 78" in play(half_right, blueprint=VECTOR).text


def test_of_several_parts_only_those_that_are_not_right_are_asked_again(play: Play, stored: Stored) -> None:
    def part(name: str, off: float = 0) -> str:
        return repr(stored.truth()[name] + off)

    lines = [lambda: part("loss"), lambda: part("perplexity", 1000), lambda: part("perplexity")]
    played = play(*lines, blueprint={"length": 1, "families": ["token-perplexity"], "levels": [1]})
    assert stored.verdicts() == ["partly_right", "right"]
    assert [question[:3] for question, _ in played.asked[:3]] == ["(a)", "(b)", "(b)"]


def test_a_hint_is_shown_and_recorded(play: Play, stored: Stored) -> None:
    assert "Hint: " in play("h", stored.right, blueprint=ONE).text
    assert stored.rows("SELECT hints_taken FROM problems") == [(1,)]


def test_a_key_that_the_drill_does_not_allow_says_so_and_asks_again(play: Play, stored: Stored) -> None:
    played = play("h", "p", stored.right, blueprint={**ONE, "hints": False, "pause": False})
    assert "This drill gives no hints" in played.text
    assert "This drill can't be paused" in played.text
    assert stored.verdicts() == ["right"]


def test_the_solution_ends_a_problem_for_credit(play: Play, stored: Stored) -> None:
    played = play("s", "", stored.right, blueprint=TWO)
    assert stored.rows("SELECT state FROM problems ORDER BY id") == [("revealed",), ("solved",)]
    assert "1 of 2 points (50 %)" in played.text


def test_a_problem_can_be_skipped_and_counts_as_unanswered(play: Play, stored: Stored) -> None:
    played = play("n", stored.right, blueprint=TWO)
    assert "right 1 · unanswered 1" in played.text


def test_a_pause_stops_the_clock_until_enter(play: Play, stored: Stored) -> None:
    states: list[tuple[str]] = []

    def look() -> str:
        states.extend(stored.rows("SELECT state FROM drills"))
        return ""

    play("p", look, stored.right, blueprint={**ONE, "minutes": 5})
    assert states == [("paused",)]
    assert stored.verdicts() == ["right"]


def test_q_ends_the_drill_once_it_is_confirmed(play: Play) -> None:
    played = play("q", "no", "q", "y", blueprint=TWO)
    assert "unanswered 2" in played.text
    assert not played.session.is_unfinished


@pytest.mark.parametrize(("language", "key", "said"), [("en", "?", "a hint"), ("zh", "？", "提示")])
def test_help_lists_the_keys(play: Play, language: str, key: str, said: str) -> None:
    assert said in play(key, blueprint=ONE, language=language).text


def test_where_a_letter_is_an_option_a_colon_makes_it_a_key(play: Play, stored: Stored) -> None:
    play(":h", blueprint={"length": 1, "families": ["properties"]})
    assert stored.rows("SELECT hints_taken FROM problems") == [(1,)]


def test_letters_are_picked_in_any_width(play: Play, stored: Stored) -> None:
    play("Ａ，ｂ", blueprint={"length": 1, "families": ["properties"]}, language="zh")
    assert stored.rows("SELECT answers FROM attempts") == [('{"statements": "Ａ，ｂ"}',)]


def test_a_pitch_is_said_first_and_its_points_are_ticked_then(play: Play, stored: Stored) -> None:
    played = play("It compares two distributions.", "a", blueprint={"length": 1, "families": ["one-minute-pitch"]})
    ((answers,),) = stored.rows("SELECT answers FROM attempts")
    assert json.loads(answers)["talk"] == {"text": "It compares two distributions.", "points": "a"}
    assert [question for question, _ in played.asked[:2]] == [
        "What you covered (in your own words)",
        "Letters of what you covered (Enter: none)",
    ]


def test_whoever_assesses_themselves_is_not_asked_how_sure_they_are(play: Play) -> None:
    played = play("It is a sum.", "a", blueprint={"length": 1, "families": ["one-minute-pitch"]}, confidence=True)
    assert not [question for question, _ in played.asked if "How sure" in question]


def test_with_results_at_the_end_an_answer_is_only_noted(play: Play, stored: Stored) -> None:
    played = play(stored.wrong, stored.right, blueprint={**TWO, "feedback": "at-end"})
    before, report = played.text.split("Report")
    assert before.count("· noted") == 2
    assert "wrong" not in before
    assert "1 of 2 points (50 %)" in report
    assert "✗ not right" in report


def test_an_answer_after_the_end_is_said_to_be_late_and_does_not_count(play: Play, stored: Stored) -> None:
    def late() -> str:
        stored.end_time()
        return stored.right()

    played = play(late, blueprint={**TWO, "minutes": 5})
    assert "Late: it came after the end." in played.text
    assert stored.rows("SELECT counted, late FROM attempts") == [(0, 1)]
    assert "Report" in played.text


def test_an_interviewer_asks_on_and_the_answer_is_kept(play: Play, stored: Stored) -> None:
    played = play(stored.right, "Because of the softmax.", blueprint={**ONE, "interview": True})
    assert "And then an interviewer asks:" in played.text
    assert stored.rows("SELECT answer FROM follow_ups") == [("Because of the softmax.",)]


def test_an_interviewers_question_may_be_left_unanswered(play: Play, stored: Stored) -> None:
    played = play(stored.right, "", blueprint={**ONE, "interview": True})
    assert stored.rows("SELECT answer FROM follow_ups WHERE answer IS NOT NULL") == []
    assert "Report" in played.text


def test_confidence_is_asked_where_it_is_wanted_and_scored(play: Play, stored: Stored) -> None:
    played = play(stored.right, "sure", "８０％", blueprint=ONE, confidence=True)
    assert stored.rows("SELECT confidence FROM attempts") == [(0.8,)]
    assert "log loss 0.2231 nats" in played.text


def test_how_long_an_answer_took_is_sent(play: Play, stored: Stored) -> None:
    play(stored.right, blueprint=ONE)
    ((duration,),) = stored.rows("SELECT duration_ms FROM attempts")
    assert duration is not None


def test_a_drill_that_was_left_goes_on_where_it_was(play: Play, stored: Stored) -> None:
    left = play(stored.right, blueprint=TWO)
    assert left.session.is_unfinished
    assert left.status == 0
    again = play(stored.right, resume=True)
    assert "Problem 2/2" in again.text
    assert "Problem 1/2" not in again.text
    assert "2 of 2 points" in again.text


def test_an_answer_that_was_acknowledged_is_not_asked_again_on_the_way_back(play: Play, stored: Stored) -> None:
    play("1", blueprint={**TWO, "feedback": "at-end"})
    again = play("1", resume=True)
    assert stored.rows("SELECT COUNT(*) FROM problems") == [(2,)]
    assert "Problem 1/2" not in again.text


def test_a_drill_that_was_left_in_a_pause_runs_on(play: Play, stored: Stored) -> None:
    play("p", blueprint={**ONE, "minutes": 5})
    assert stored.rows("SELECT state FROM drills") == [("paused",)]
    assert "1 of 1 points" in play(stored.right, resume=True).text


def test_whoever_starts_anew_is_offered_the_unfinished_drill(play: Play, stored: Stored) -> None:
    play(preset="warm-up")
    again = play("", preset="sprint-60s")
    assert again.asked[0][0] == "You have an unfinished drill (warm-up). Go on with it? Type n for a new one"
    assert stored.rows("SELECT preset FROM drills") == [("warm-up",)]


def test_the_unfinished_drill_may_be_left_alone(play: Play, stored: Stored) -> None:
    play(preset="warm-up")
    play("n", preset="sprint-60s")
    assert stored.rows("SELECT preset FROM drills ORDER BY id") == [("warm-up",), ("sprint-60s",)]


def test_a_script_is_not_asked_about_an_unfinished_drill(play: Play, stored: Stored) -> None:
    play(preset="warm-up")
    assert "Report" in play(stored.right, blueprint=ONE, interactive=False).text


def test_without_an_unfinished_drill_there_is_nothing_to_go_on_with(play: Play) -> None:
    with pytest.raises(TerminalError, match=r"There is no unfinished drill\."):
        play(resume=True)


@pytest.mark.parametrize(
    ("preset", "blueprint", "told"),
    [
        ("sprint", {}, r"^--preset: There is no drill “sprint”\. The drills are: sprint-60s"),
        (None, {"families": ["nope"]}, r"^--family: There is no family “nope”"),
        (None, {"length": 0}, "^--length: "),
    ],
)
def test_what_cannot_be_is_refused_in_the_servers_words_under_its_option(
    play: Play, preset: str | None, blueprint: dict[str, object], told: str
) -> None:
    with pytest.raises(RefusedError, match=told):
        play(preset=preset, blueprint=blueprint)


def test_an_unknown_room_is_named(play: Play) -> None:
    with pytest.raises(TerminalError, match=r"There is no room ABCD-EFGH-JKMN\."):
        play(room="ABCD-EFGH-JKMN", name="Ada")


def test_a_chinese_drill_is_chinese_throughout(play: Play, stored: Stored) -> None:
    played = play(stored.wrong, stored.right, blueprint=ONE, language="zh")
    assert "第 1/1 题" in played.text
    assert "✗ 不正确" in played.text
    assert "✓ 正确" in played.text
    assert "报告" in played.text
    assert "得分 1/1（100 %）" in played.text


def test_the_language_is_the_drills_own_where_none_is_chosen(play: Play) -> None:
    play(blueprint=ONE, language="zh")
    assert "第 1/1 题" in play(resume=True).text


@pytest.mark.parametrize("columns", [40, 80])
def test_no_line_is_wider_than_the_terminal(play: Play, stored: Stored, columns: int) -> None:
    played = play("?", "h", "zzz", stored.wrong, stored.right, blueprint=ONE, columns=columns)
    assert max(map(len, played.text.splitlines())) <= columns
