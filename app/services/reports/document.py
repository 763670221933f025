"""The report of a drill as a document in Markdown, in the language that it was made in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from math import inf

from app.services.reports.markdown import clock, code, inline, item, pace, points, share, table
from app.services.reports.model import Advice, Comparison, DrillReport, Group, Item, MistakeCount, Past, Weakness
from app.services.reports.review import review
from app.services.reports.texts import joined, listed, text
from quiz_bank.problem import Language


def markdown(report: DrillReport) -> str:
    """Return the whole report."""
    language = report.language
    return "\n\n".join([*_head(report), *_tables(report), *_lists(report, language)]) + "\n"


def _head(report: DrillReport) -> Iterator[str]:
    language, score = report.language, report.score
    yield "# " + (text("title of", language, preset=inline(report.preset)) if report.preset else text("title", language))
    if not report.final:
        yield "> " + text("running", language)
    if score.share is None:
        yield text("nothing", language)
    else:
        yield text("score", language, credit=points(score.credit), possible=score.possible, share=share(score.share))
    yield "\n".join(map(item, _facts(report, language)))


def _facts(report: DrillReport, language: Language) -> Iterator[str]:
    score = report.score
    names = ("right", "partly_right", "wrong", "too_coarse", "unanswered")
    yield text("began", language, time=f"{report.started_at:%Y-%m-%d %H:%M}")
    yield text("counts", language, **{name: getattr(score, name) for name in names})
    if score.never_reached:
        yield text("never reached", language, count=score.never_reached)
    if score.late:
        yield text("late", language, count=score.late)
    if score.seconds_allowed is None:
        yield text("time", language, used=clock(score.seconds))
    else:
        yield text("time of", language, used=clock(score.seconds), allowed=clock(score.seconds_allowed))


def _tables(report: DrillReport) -> Iterator[str]:
    if report.problems:
        language = report.language
        yield from ("## " + text("by topic", language), _groups("topic", report.topics, language))
        yield from ("## " + text("by family", language), _groups("family", report.families, language))
        yield from ("## " + text("each", language), _items(report.problems, language))
        yield from (review(each, language) for each in report.problems)


def _groups(kind: str, groups: Iterable[Group], language: Language) -> str:
    head = [text(name, language) for name in (kind, "problems", "credit", "first right", "pace")]
    rows = (
        (inline(group.title), group.problems, points(group.credit), group.first_right, pace(group.pace)) for group in groups
    )
    return table(head, rows)


def _items(items: Iterable[Item], language: Language) -> str:
    columns = ("problem", "level", "verdict", "credit", "tries", "hints", "seconds", "expected")
    return table(["#", *(text(name, language) for name in columns)], (_row(each, language) for each in items))


def _row(each: Item, language: Language) -> list[object]:
    verdict = text(each.verdict or "unanswered", language)
    times = (clock(each.seconds), clock(each.expected_seconds))
    return [each.position, inline(each.title), each.level, verdict, points(each.credit), each.tries, each.hints, *times]


def _lists(report: DrillReport, language: Language) -> Iterator[str]:
    yield from ("## " + text("mistakes", language), _mistakes(report.mistakes, language))
    yield from ("## " + text("next", language), *_advice(report.advice, language))
    yield from ("## " + text("compared", language), *_comparison(report, report.comparison, language))
    if report.calibration.count:
        yield from ("## " + text("calibration", language), calibrated(report, language))


def _mistakes(mistakes: Iterable[MistakeCount], language: Language) -> str:
    return "\n".join(item(_mistake(count, language)) for count in mistakes) or text("no mistakes", language)


def _mistake(count: MistakeCount, language: Language) -> str:
    """Return where a mistake was made; why it is one stands with each of the problems."""
    positions = listed([str(position) for position in count.positions], language)
    return text("mistake", language, code=inline(count.code), title=inline(count.title), positions=positions)


def _advice(advice: Advice, language: Language) -> Iterator[str]:
    if advice.drill is None and advice.topic is None:
        yield text("nothing weak", language)
    if advice.drill is not None:
        yield "\n".join(item(_weakness(weakness, language)) for weakness in advice.weaknesses)
        yield _drill(advice.drill, language)
    if advice.topic is not None:
        topic = text("weakest topic", language, topic=inline(advice.topic.title))
        yield joined([topic, _drill(advice.topic.drill, language)], language)


def _weakness(weakness: Weakness, language: Language) -> str:
    reasons = listed([text(f"reason {reason}", language) for reason in weakness.reasons], language)
    said = text("weakness", language, title=inline(weakness.title), reasons=reasons)
    return joined([said, text("one of them", language, body=code(json.dumps(weakness.problem)))], language)


def _drill(body: Mapping[str, object], language: Language) -> str:
    return text("drill on", language, body=code(json.dumps(body)))


def _comparison(report: DrillReport, comparison: Comparison, language: Language) -> Iterator[str]:
    if not comparison.earlier:
        yield text("no earlier", language)
        return
    yield text("same preset" if comparison.same_preset else "any drill", language)
    head = [text(name, language) for name in ("drill", "share", "median pace")]
    this = (text("this one", language), share(report.score.share), pace(comparison.pace))
    yield table(head, [this, *map(_past, comparison.earlier)])
    if comparison.trend is not None:
        yield text("trend", language, points=f"{comparison.trend * 100:+.1f}")


def _past(past: Past) -> tuple[str, str, str]:
    name = f"{past.started_at:%Y-%m-%d %H:%M}" + (f" {inline(past.preset)}" if past.preset else "")
    return name, share(past.share), pace(past.pace)


def calibrated(report: DrillReport, language: Language) -> str:
    """Return how well the learner knew what they know; of a report in which some answers came with a confidence."""
    found = report.calibration
    certain = found.log_loss == inf
    loss = text("certain and wrong", language) if certain else text("nats", language, loss=f"{found.log_loss:.3g}")
    return text(
        "calibrated",
        language,
        count=found.count,
        log_loss=loss,
        base_rate=share(found.base_rate),
        base_log_loss=f"{found.base_log_loss:.3g}",
        brier=f"{found.brier:.3g}",
    )
