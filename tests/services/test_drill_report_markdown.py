"""The report as Markdown, read back by a parser of CommonMark with tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from sqlalchemy import Connection

from app.services import practice, shelf
from app.services.plans import PlanItem
from app.services.reports import texts
from app.services.reports.document import markdown
from app.services.reports.markdown import clock, code, inline, pace, points, quoted
from app.storage import follow_ups
from app.storage.ids import LOCAL_LEARNER
from app.storage.models import follow_ups as follow_up_table
from quiz_bank.problem import Family, Language
from quiz_bank.registry import UnknownFamilyError
from tests.services.drilling import MOCK, PITCH, START, Candidate, begun, examined
from tests.storage.connected import connected

PARSER = MarkdownIt("commonmark").enable("table")
NASTY = [
    "*bold* _and_ `code` <b>html</b> | cell | [link](https://example.org) ![image](x) ~~no~~",
    "$x$ &amp; \\ # heading",
    "``` fence ```",
    "a|b",
    "`",
    "``a` b",
    "<!-- comment -->",
    "ends in \\",
]
STARTS = ["# heading", "- item", "+ item", "1. item", "2) item", "=====", "---", "> quote", "| a | b |", "    code", "\t- x"]


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connected(database_url) as opened:
        yield opened


def shown(block: str) -> str:
    """Return what a reader of some Markdown sees, where it is one paragraph of plain text."""
    tokens = PARSER.parse(block)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "code_inline", "softbreak"}
    return "".join(child.content for child in children)


def texts_of(tokens: list[Token], kind: str) -> list[str]:
    """Return the content of every heading, cell or other block of a kind."""
    return [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == f"{kind}_open"]


@pytest.mark.parametrize("typed", NASTY)
def test_what_was_typed_is_read_as_typed_within_a_line(typed: str) -> None:
    assert shown(f"Answer: {inline(typed)}") == f"Answer: {typed}"


@pytest.mark.parametrize("typed", NASTY)
def test_what_was_typed_is_read_as_typed_as_code(typed: str) -> None:
    assert shown(f"Answer: {code(typed)}") == f"Answer: {typed}"


@pytest.mark.parametrize("typed", NASTY)
def test_what_was_typed_stays_in_its_cell(typed: str) -> None:
    tokens = PARSER.parse(f"| a | b |\n| --- | --- |\n| {inline(typed)} | 2 |")
    assert len(texts_of(tokens, "td")) == 2
    assert texts_of(tokens, "td")[1] == "2"


@pytest.mark.parametrize("typed", [*NASTY, *STARTS])
def test_no_line_of_a_quotation_is_anything_but_text(typed: str) -> None:
    tokens = PARSER.parse(quoted(f"first\n{typed}\n\n{typed}"))
    kinds = [token.type for token in tokens if not token.type.endswith("_close")]
    assert kinds == ["blockquote_open", "paragraph_open", "inline", "paragraph_open", "inline"]
    assert not [child.type for token in tokens for child in token.children or [] if child.type not in ("text", "softbreak")]


def test_line_breaks_of_every_kind_are_spaces_within_a_line() -> None:
    assert inline("a\nb\r\nc\x0bd\u2028e") == "a b c d e"


def test_numbers_are_short() -> None:
    assert (clock(None), clock(42.4), clock(750), clock(3723)) == ("–", "0:42", "12:30", "1:02:03")
    assert (points(1), points(2 / 3), points(0.5)) == ("1", "0.67", "0.5")
    assert (pace(None), pace(1.04), pace(12.0)) == ("–", "1.0×", "12.0×")


def test_every_text_is_there_in_both_languages() -> None:
    for words in texts._TEXTS.values():
        assert set(words) == {"en", "zh"}
        assert all(words.values())


def test_the_report_has_its_parts_in_order(connection: Connection) -> None:
    tokens = PARSER.parse(markdown(examined(connection).report(at=700)))
    assert texts_of(tokens, "heading") == [
        "Drill report: screen-15min",
        "By topic",
        "By family",
        "Problem by problem",
        "1. Cross-entropy of a one-hot target",
        "2. Softmax of logits",
        "3. Cross-entropy of a one-hot target",
        "4. Cross-entropy of a one-hot target",
        "5. Entropy, cross-entropy and KL divergence",
        "6. Softmax of logits",
        "Mistakes",
        "What to practise next",
        "Beside earlier drills",
        "How well you knew what you know",
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "**2.17 of 7** (31%)",
                "- Right 1 · partly right 1 · wrong 1 · too few digits 1 · unanswered 3",
                "- Never reached: 1; they count as unanswered.",
                "- Answers after the end: 1; they were judged and don't count.",
                "- Time: 10:00 of 10:00",
                "| Cross-entropy | 4 | 1.5 | 1 | 0.7× |",
                "| 3 | Cross-entropy of a one-hot target | 2 | wrong | 0 | 1 | 0 | 0:30 | 1:00 |",
                "- Answer 1: `0.5146` – wrong",
                "- Answer 1: `[0.659, 0.242, 0.0986]` – right (after the end, doesn't count)",
                "- The right answer: `0.356675`",
                "- No answer.",
                "- You were 90% sure.",
                "This is the first one.",
            ],
        ),
        (
            "zh",
            [
                "# 练习报告：screen-15min",
                "**2.17 / 7**（31%）",
                "- 正确 1 · 部分正确 1 · 错误 1 · 位数不足 1 · 未作答 3",
                "- 没有做到的题目：1 道，按未作答计。",
                "- 结束后提交的答案：1 个，已判定，但不计分。",
                "- 用时：10:00，限时 10:00",
                "| 交叉熵 | 4 | 1.5 | 1 | 0.7× |",
                "- 第 1 次作答：`0.5146`——错误",
                "- 正确答案：`0.356675`",
                "- 没有作答。",
                "- 你的把握：90%。",
                "这是第一次练习。",
            ],
        ),
    ],
)
def test_the_report_says_what_the_numbers_say(connection: Connection, language: Language, said: list[str]) -> None:
    lines = markdown(examined(connection).report(at=700, language=language)).splitlines()
    assert [line for line in said if line not in lines] == []


def test_a_mistake_is_explained_with_its_problem_and_listed_with_its_places(connection: Connection) -> None:
    report = examined(connection).report(at=700)
    document = markdown(report)
    problem = document.partition("### 3. ")[2].partition("### 4. ")[0]
    mistakes = document.partition("## Mistakes")[2].partition("## ")[0]
    assert report.mistakes[0].why is not None
    assert f"- **wrong-log-base-2**\n\n  {report.mistakes[0].why.markdown}" in problem
    assert "A classifier predicts the probabilities $q = [0.1, 0.2, 0.7]$." in problem
    assert "- **wrong-log-base-2** – Cross-entropy of a one-hot target: problem 3" in mistakes


def test_what_there_was_to_pick_from_stands_apart_from_what_came_of_it(connection: Connection) -> None:
    candidate = begun(connection, [PlanItem("where-is-it-used", 1, "seed")])
    candidate.take()
    candidate.finish(20)
    report = candidate.report()
    [choices] = report.problems[0].choices
    document = markdown(report).partition("### 1. ")[2].partition("## Mistakes")[0]
    assert all(f"{number}. {each.markdown}" in document for number, each in enumerate(choices.items, start=1))
    assert all(f"- **{option.letter}** {option.text.markdown}" in document for option in choices.options)
    lists = [token.type for token in PARSER.parse(document) if token.type in ("ordered_list_open", "bullet_list_open")]
    assert lists == ["ordered_list_open", "bullet_list_open", "bullet_list_open"]


def test_what_to_practise_comes_with_bodies_to_send(connection: Connection) -> None:
    document = markdown(examined(connection).report(at=700))
    assert 'One of its problems: `POST /v1/problems` with `{"family": "softmax", "level": 2}`' in document
    assert 'As a drill: `POST /v1/drills` with `{"blueprint": {"topics": ["logits"], "length": 10}}`' in document


def test_where_nothing_was_weak_a_good_next_problem_is_advised(connection: Connection) -> None:
    candidate = begun(connection, [MOCK])
    candidate.take()
    candidate.answer("0.357", 20)
    candidate.finish(20)
    document = markdown(candidate.report())
    assert "Nothing stands out." in document
    assert "No answer shows a known mistake." in document
    assert "How well you knew" not in document


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Your log loss is infinite, for an answer that you were certain about was not right; always saying 0%"),
        ("zh", "你的对数损失为无穷大，因为有一次你完全有把握，却没有答对；若每次都说 0%"),
    ],
)
def test_an_infinite_loss_says_where_it_comes_from(connection: Connection, language: Language, said: str) -> None:
    candidate = begun(connection, [MOCK])
    candidate.take()
    candidate.answer("0.5146", 20, confidence=1)
    assert said in markdown(candidate.report(language=language))


@pytest.mark.parametrize(("language", "said"), [("en", "- You asked for the solution."), ("zh", "- 你查看了解答。")])
def test_whoever_asked_for_the_solution_reads_that_they_did(connection: Connection, language: Language, said: str) -> None:
    candidate = begun(connection, [MOCK])
    problem = candidate.take()
    assert said not in markdown(candidate.report(language=language))
    practice.reveal(connection, candidate.shelf, LOCAL_LEARNER, problem.id, START)
    assert said in markdown(candidate.report(language=language))


def test_earlier_drills_stand_in_a_table_below_this_one(connection: Connection) -> None:
    examined(connection).report(at=700)
    document = markdown(examined(connection).report(at=700))
    table = document.partition("same preset:")[2]
    assert "| This one | 31% | 0.5× |\n| 2026-11-21 09:00 screen-15min | 31% | 0.5× |" in table
    assert "Trend: +0.0 percentage points a drill." in table


def test_a_running_drill_says_so(connection: Connection) -> None:
    assert "still running" in markdown(begun(connection, [MOCK]).report())


def test_a_drill_without_a_problem_has_no_tables(connection: Connection) -> None:
    candidate = begun(connection, [MOCK], length=None, minutes=1.0)
    candidate.finish(5)
    document = markdown(candidate.report())
    assert "No problem was handed out." in document
    assert "|" not in document


def interviewed(connection: Connection, said: str, remark: str) -> Candidate:
    """Give the finished interview of a candidate who said something, to a coach who remarked something."""
    candidate = begun(connection, [MOCK, PITCH], interview=True)
    problem = candidate.take()
    follow_ups.answer(connection, problem.id, LOCAL_LEARNER, said, START)
    connection.execute(follow_up_table.update().values(mark=0.75, remark=remark))
    candidate.take()
    candidate.answer({"talk": {"text": said, "points": ["a", "c"]}}, 30)
    candidate.finish(40)
    return candidate


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_candidates_and_coaches_wrote_changes_nothing_of_the_document(connection: Connection, language: Language) -> None:
    def blocks(said: str) -> list[str]:
        document = markdown(interviewed(connection, said, said).report(language=language))
        before, _, _ = document.partition(texts.text("compared", language))  # there the first drill stands below the second
        return [token.type for token in PARSER.parse(before)]

    assert blocks("\n".join([*NASTY, *STARTS])) == blocks("just words")


def test_an_interview_shows_the_question_the_answer_and_the_mark(connection: Connection) -> None:
    document = markdown(interviewed(connection, "By its\ndenominator.", "Shorter!").report())
    assert "- Then asked: The loss looks only at the probability of the true class." in document
    assert "- Said to it:\n\n  > By its\n  > denominator.\n" in document
    assert "- The coach's mark: 0.75\n- The coach's remark:\n\n  > Shorter\\!\n" in document


def test_a_pitch_is_labelled_as_self_assessed_with_its_prose(connection: Connection) -> None:
    document = markdown(interviewed(connection, "By its\ndenominator.", "Shorter!").report())
    assert "- You assessed this one yourself.\n- Answer 1: `[a, c]` – partly right\n\n  > By its\n  > denominator." in document


def test_parts_are_told_one_by_one(connection: Connection) -> None:
    candidate = examined(connection)
    candidate.answer({"entropy": "0.0560", "cross_entropy": "9", "kl": "9"}, 700, to=5)
    assert "(entropy right, cross\\_entropy wrong, kl wrong)" in markdown(candidate.report(at=700))


def test_a_family_that_is_gone_still_has_a_report(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    candidate = interviewed(connection, "a", "b")

    def family(slug: str) -> Family[Any]:
        raise UnknownFamilyError(slug)

    monkeypatch.setattr(shelf, "family", family)
    candidate.shelf = shelf.Shelf()
    document = markdown(candidate.report())
    assert "### 1. cross-entropy-one-hot" in document
    assert "- A follow-up question was asked." in document
