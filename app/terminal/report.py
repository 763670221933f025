"""The report at the end of a drill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from app.terminal.clock import minutes
from app.terminal.layout import Passage, formatted
from app.terminal.report_documents import Calibration, Group, Item, Mistake, Report, Score
from app.terminal.screen import MARKS, STYLES, Screen, number
from app.terminal.texts import Language, say

WIDE: Final = 60
"""The columns from which on there is room for words beside the marks."""


def show_report(screen: Screen, report: Report, command: str) -> None:
    """Print the report: the score, each problem, the topics, the mistakes with their why, and how to practise what is weak."""
    language = screen.language
    screen.console.print()
    screen.console.print(Rule(Text(say("report", language), style="bold"), align="left"))
    for sentence in _score(report.score, language):
        screen.line(sentence)
    if report.items:
        screen.console.print()
        screen.console.print(_items(report.items, language, is_wide=screen.console.width >= WIDE))
        _truths(screen, report.items)
        screen.console.print()
        screen.console.print(_topics(report.topics, language))
    _mistakes(screen, report.mistakes)
    if report.weak:
        screen.console.print()
        screen.say("next", "bold")
    for family, title in report.weak.items():
        screen.line(f"· {title}")
        screen.copyable(f"  {command} --family {family}", "cyan")
    for sentence in _compared(report.change, report.calibration, language):
        screen.line(f"\n{sentence}")


def _score(score: Score, language: Language) -> Iterator[str]:
    share = "–" if score.share is None else f"{score.share * 100:.0f} %"
    yield say("score", language, credit=f"{score.credit:.3g}", possible=score.possible, share=share)
    counted = [*score.counts.items(), ("late-count", score.late)]
    yield " · ".join(f"{say(name, language)} {count}" for name, count in counted if count)
    used = minutes(score.seconds)
    if score.seconds_allowed is None:
        yield say("took", language, used=used)
    else:
        yield say("took-of", language, used=used, allowed=minutes(score.seconds_allowed))


def _items(items: Iterable[Item], language: Language, *, is_wide: bool) -> Table:
    grid = _table(say("problem", language), "", say("time", language))
    for item in items:
        result = Text(MARKS.get(item.verdict, "–"), STYLES.get(item.verdict, "dim"))
        if is_wide:
            result.append(f" {say(item.verdict, language)}")
        seconds = "–" if item.seconds is None else minutes(item.seconds)
        grid.add_row(Passage(Text(f"{item.position}. {item.title}")), result, f"{seconds} / {minutes(item.expected_seconds)}")
    return grid


def _truths(screen: Screen, items: Iterable[Item]) -> None:
    """Print the right numbers of what wasn't right; what is answered with letters has none."""
    for item in items:
        numbers = {name: _numbers(value) for name, value in item.truth.items()}
        told = ", ".join(f"{name} = {text}" for name, text in numbers.items() if text)
        if told and item.verdict != "right":
            screen.say("truth", "dim", position=item.position, truth=told)


def _numbers(value: Any) -> str:  # noqa: ANN401 - as JSON has it
    if isinstance(value, list):
        inner = [_numbers(each) for each in value]
        return f"[{', '.join(inner)}]" if all(inner) else ""
    return number(value) if isinstance(value, int | float) or value in {"inf", "-inf", "nan"} else ""


def _topics(topics: Iterable[Group], language: Language) -> Table:
    grid = _table(say("topic", language), say("credit", language), say("first", language))
    for topic in topics:
        counts = (f"{topic.credit:.3g}/{topic.problems}", f"{topic.first_right}/{topic.problems}")
        grid.add_row(Passage(Text(topic.title)), *counts)
    return grid


def _table(*headings: str) -> Table:
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    grid.add_column(headings[0], overflow="fold")
    for heading in headings[1:]:
        grid.add_column(heading, no_wrap=True)
    return grid


def _mistakes(screen: Screen, mistakes: Iterable[Mistake]) -> None:
    for index, mistake in enumerate(mistakes):
        if not index:
            screen.console.print()
            screen.say("mistakes", "bold")
        screen.line(f"✗ {mistake.title}{f' ×{mistake.problems}' if mistake.problems > 1 else ''}", "red")
        if mistake.why:
            screen.console.print(Padding(Passage(formatted(mistake.why)), (0, 2)))


def _compared(change: float | None, calibration: Calibration, language: Language) -> Iterator[str]:
    if change is not None:
        yield say("compared", language, change=f"{change * 100:+.0f}".replace("-", "−"))
    if calibration.count:
        scores = {"log_loss": number(calibration.log_loss), "brier": number(calibration.brier)}
        yield say("calibrated", language, count=calibration.count, **scores)
