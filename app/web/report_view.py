"""The report of a drill as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.edge.languages import Language
from app.services.reports.document import calibrated
from app.services.reports.markdown import pace, points, share
from app.services.reports.model import Answer, DrillReport, Group, Item, Mistake, MistakeCount, Past
from app.services.reports.texts import text
from app.services.reports.values import own_words, value_text
from app.web.drill_view import named
from app.web.mistakes import mended_at, named_mistake
from app.web.verdict_view import SIGNS, word_of
from app.web.words import say

DIGITS = 6
"""Significant digits of what is right: three more than answers need."""

UNANSWERED_SIGN = "○"


@dataclass(frozen=True, slots=True)
class TimeBar:
    """How long a problem took beside what was expected: both as per cents of the longest time in the report."""

    taken: float
    expected: float
    is_slow: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer: `texts` are label and value of each part, `note` says why it doesn't count, if it doesn't."""

    sign: str
    word: str
    state: str
    texts: tuple[tuple[str, str], ...]
    note: str
    own_words: str


@dataclass(frozen=True, slots=True)
class MistakeView:
    """A mistake and why it is tempting, in Markdown; `mending` is the address of the paragraph that mends it."""

    title: str
    code: str
    why: str
    mending: str
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemView:
    """A problem with what came of it; `state` is its verdict or `unanswered`, `key` what is right, part by part."""

    item: Item
    sign: str
    word: str
    state: str
    time: TimeBar | None
    pace: str
    answers: tuple[AnswerView, ...]
    mistakes: tuple[MistakeView, ...]
    key: tuple[tuple[str, str], ...]

    @property
    def address(self) -> str:
        """Where the problem is."""
        return f"/problems/{self.item.problem_id}"


@dataclass(frozen=True, slots=True)
class Count:
    """So many problems came to this."""

    sign: str
    word: str
    number: int
    state: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """A topic or a family: credit and pace as text."""

    group: Group
    credit: str
    pace: str


@dataclass(frozen=True, slots=True)
class PastView:
    """An earlier drill: what it is called, its score and pace as text."""

    past: Past
    title: str
    share: str
    pace: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report in words and signs; `trend` and `calibration` are sentences, empty where nothing can be said."""

    credit: str
    share: str
    pace: str
    counts: tuple[Count, ...]
    topics: tuple[GroupView, ...]
    families: tuple[GroupView, ...]
    items: tuple[ItemView, ...]
    mistakes: tuple[MistakeView, ...]
    earlier: tuple[PastView, ...]
    trend: str
    calibration: str


def report_view(report: DrillReport) -> ReportView:
    """Return what the page of a report shows."""
    comparison, language = report.comparison, report.language
    trend = comparison.trend
    return ReportView(
        points(report.score.credit),
        share(report.score.share),
        pace(comparison.pace),
        counts_of(report),
        _groups(report.topics),
        _groups(report.families),
        items_of(report),
        tuple(_counted(count, language) for count in report.mistakes),
        tuple(_past(past, language) for past in comparison.earlier),
        "" if trend is None else text("trend", language, points=f"{trend * 100:+.1f}"),
        calibrated(report, language) if report.calibration.count else "",
    )


def _groups(groups: Iterable[Group]) -> tuple[GroupView, ...]:
    return tuple(GroupView(group, points(group.credit), pace(group.pace)) for group in groups)


def _past(past: Past, language: Language) -> PastView:
    return PastView(past, named(past.preset, language), share(past.share), pace(past.pace))


def counts_of(report: DrillReport) -> tuple[Count, ...]:
    """Return how many problems came to what, leaving out what none came to."""
    names = ("right", "partly_right", "wrong", "too_coarse", "unanswered")
    counts = (Count(*_said(name, report.language), getattr(report.score, name), name) for name in names)
    return tuple(count for count in counts if count.number)


def _said(state: str, language: Language) -> tuple[str, str]:
    """Return the sign and the word of a verdict, or of there being none."""
    if state == "unanswered":
        return UNANSWERED_SIGN, say(language, "Unanswered")
    return SIGNS[state], word_of(state, language)


def items_of(report: DrillReport) -> tuple[ItemView, ...]:
    """Return the problems."""
    known = [seconds for item in report.problems for seconds in (item.seconds, float(item.expected_seconds)) if seconds]
    longest = max(known, default=1.0)
    return tuple(_item(item, longest, report.language) for item in report.problems)


def _item(item: Item, longest: float, language: Language) -> ItemView:
    state = item.verdict or "unanswered"
    ratio = item.seconds / item.expected_seconds if item.seconds is not None and item.expected_seconds else None
    return ItemView(
        item,
        *_said(state, language),
        state,
        _time(item, longest),
        pace(ratio),
        tuple(_answer(answer, item.labels, language) for answer in item.answers),
        tuple(_mistake(mistake, item) for mistake in item.mistakes),
        () if item.key is None else _texts(item.key, item.labels, DIGITS),
    )


def _time(item: Item, longest: float) -> TimeBar | None:
    if item.seconds is None or not item.expected_seconds:
        return None
    taken, expected = item.seconds / longest * 100, item.expected_seconds / longest * 100
    return TimeBar(round(taken, 1), round(expected, 1), taken > expected)


def _texts(values: Mapping[str, object], labels: Mapping[str, str], digits: int | None = None) -> tuple[tuple[str, str], ...]:
    return tuple((labels.get(name, name), value_text(value, digits)) for name, value in values.items())


def _answer(answer: Answer, labels: Mapping[str, str], language: Language) -> AnswerView:
    sign, word = _said(answer.verdict, language)
    note = ""
    if not answer.counted:
        note = say(language, "after the end, doesn't count") if answer.late else say(language, "doesn't count")
    return AnswerView(sign, word, answer.verdict, _texts(answer.submitted, labels), note, own_words(answer.submitted))


def _mistake(mistake: Mistake, item: Item) -> MistakeView:
    why = mistake.why.markdown if mistake.why else ""
    return MistakeView(item.title, mistake.code, why, mended_at(mistake.code, item.family))


def _counted(count: MistakeCount, language: Language) -> MistakeView:
    why = count.why.markdown if count.why else ""
    mistake = named_mistake(count.code, count.family, language)
    return MistakeView(mistake.title, count.code, why, mistake.address, count.positions)
