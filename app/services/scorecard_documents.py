"""A scorecard as a document in Markdown, and as CSV with a row for each candidate and problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from app.services.reports.markdown import clock, code, inline, item, options, points, quoted, share, table
from app.services.reports.review import DIGITS
from app.services.reports.table import rows_to_csv
from app.services.reports.texts import joined, text
from app.services.reports.values import own_words, values_text
from app.services.scorecard_texts import words
from app.services.scorecards import Candidate, MistakeCount, Question, Result, Scorecard
from quiz_bank.problem import Language

COLUMNS: Final = (
    "room",
    "candidate",
    "guest",
    "drill_id",
    "drill_state",
    "position",
    "problem_id",
    "family",
    "title",
    "level",
    "state",
    "verdict",
    "credit",
    "answer",
    "own_words",
    "truth",
    "misconceptions",
    "tries",
    "hints",
    "seconds",
    "expected_seconds",
    "late_answers",
    "follow_up_answer",
    "mark",
    "remark",
)


def csv(card: Scorecard) -> str:
    """Return a row for each candidate and problem; `answer` is the last one that counted.

    A problem that was not handed out has the state `unreached`. Between `misconceptions` stands a space.
    """
    return rows_to_csv(COLUMNS, (_cells(card, candidate, index) for candidate in card.candidates for index in _indices(card)))


def _indices(card: Scorecard) -> range:
    return range(len(card.questions))


def _cells(card: Scorecard, candidate: Candidate, index: int) -> dict[str, object]:
    question, result = card.questions[index], candidate.results[index]
    asked = ("position", "family", "title", "level", "expected_seconds")
    done = ("problem_id", "credit", "tries", "hints", "seconds", "follow_up_answer", "mark", "remark")
    return {
        "room": card.room.code,
        "candidate": candidate.name,
        "guest": candidate.guest,
        "drill_id": candidate.drill_id,
        "drill_state": candidate.state,
        **{name: getattr(question, name) for name in asked},
        **{name: getattr(result, name) for name in done},
        "state": result.state or "unreached",
        "verdict": result.verdict or "unanswered",
        "answer": _answer(result),
        "own_words": own_words(result.submitted or {}) or None,
        "truth": None if question.truth is None else values_text(question.truth),
        "misconceptions": " ".join(result.misconceptions) or None,
        "late_answers": result.late,
    }


def _answer(result: Result) -> str | None:
    return None if result.submitted is None else values_text(result.submitted)


def markdown(card: Scorecard, language: Language) -> str:
    """Return the whole scorecard."""
    everybody = (_of_one(card, one, language) for one in card.candidates)
    blocks = chain(_head(card, language), _tables(card, language), *everybody, _asked(card, language))
    return "\n\n".join(blocks) + "\n"


def _head(card: Scorecard, language: Language) -> Iterator[str]:
    room = card.room
    yield "# " + words("title", language, title=inline(room.title))
    facts = [words("opened", language, time=f"{room.created_at:%Y-%m-%d %H:%M}", room=room.code)]
    if room.closed_at is not None:
        facts.append(words("closed", language, time=f"{room.closed_at:%Y-%m-%d %H:%M}"))
    facts.append(words("joined", language, count=len(card.candidates)))
    yield "\n".join(map(item, facts))
    if not card.candidates:
        yield words("nobody", language)
    elif any(candidate.state != "finished" for candidate in card.candidates):
        yield "> " + words("running", language)


def _tables(card: Scorecard, language: Language) -> Iterator[str]:
    if card.candidates:
        names = ("candidate", "began", "state", "credit", "share", "late", "hints", "mark")
        yield "## " + words("candidates", language)
        yield table([words(name, language) for name in names], (_candidate(each, language) for each in card.candidates))
    columns = ("problem", "level", "key", "right", "median", "expected")
    yield "## " + words("problems", language)
    yield table(["#", *(words(name, language) for name in columns)], (_question(each, language) for each in card.questions))
    if card.candidates:
        found = (item(_mistake(each, question, language)) for question in card.questions for each in question.misconceptions)
        yield "## " + words("mistakes", language)
        yield "\n".join(found) or words("no mistakes", language)


def _candidate(candidate: Candidate, language: Language) -> Sequence[object]:
    marks = [result.mark for result in candidate.results if result.mark is not None]
    return (
        _name(candidate, language),
        f"{candidate.started_at:%Y-%m-%d %H:%M}",
        words(f"{candidate.state} drill", language),
        words("of", language, credit=points(candidate.credit), possible=candidate.possible),
        share(candidate.share),
        sum(result.late for result in candidate.results),
        sum(result.hints for result in candidate.results),
        points(sum(marks) / len(marks)) if marks else "–",
    )


def _name(candidate: Candidate, language: Language) -> str:
    name = inline(candidate.name)
    return words("guest", language, name=name) if candidate.guest else name


def _question(question: Question, language: Language) -> Sequence[object]:
    return (
        question.position,
        _title(question, language),
        question.level,
        code(values_text(question.truth, DIGITS)) if question.truth else "–",
        words("of", language, credit=question.right, possible=question.answered) if question.answered else "–",
        clock(question.median_seconds),
        clock(question.expected_seconds),
    )


def _title(question: Question, language: Language) -> str:
    title = inline(question.title)
    return words("self-assessed", language, title=title) if question.self_assessed else title


def _mistake(count: MistakeCount, question: Question, language: Language) -> str:
    met = words("mistake", language, mistake=inline(count.code), position=question.position, count=count.candidates)
    return joined([met, count.why.markdown] if count.why else [met], language)


def _of_one(card: Scorecard, candidate: Candidate, language: Language) -> Iterator[str]:
    yield "## " + _name(candidate, language)
    names = ("problem", "verdict", "credit", "answer", "time", "hints", "late", "mistake made")
    pairs = list(zip(card.questions, candidate.results, strict=True))
    yield table(["#", *(words(name, language) for name in names)], (_result(*pair, language) for pair in pairs))
    talks = [item("\n\n".join(_talk(*pair, language))) for pair in pairs if _talked(*pair)]
    if talks:
        yield "\n".join(talks)


def _result(question: Question, result: Result, language: Language) -> Sequence[object]:
    answer = _answer(result)
    return (
        question.position,
        _title(question, language),
        _verdict(result, language),
        points(result.credit),
        code(answer).replace("|", "\\|") if answer else "–",
        clock(result.seconds),
        result.hints,
        result.late,
        inline(" ".join(result.misconceptions)) or "–",
    )


def _verdict(result: Result, language: Language) -> str:
    if result.state is None:
        return words("unreached", language)
    verdict = text(result.verdict, language) if result.verdict else words("unanswered", language)
    return words("revealed", language, verdict=verdict) if result.state == "revealed" else verdict


def _talked(question: Question, result: Result) -> bool:
    asked = question.follow_up is not None and result.state is not None
    return asked or result.mark is not None or bool(result.remark or own_words(result.submitted or {}))


def _talk(question: Question, result: Result, language: Language) -> Iterator[str]:
    asked, prose = question.follow_up, own_words(result.submitted or {})
    if prose:
        yield words("own words", language, position=question.position)
        yield quoted(prose)
    if asked is not None:
        yield words("asked", language, position=question.position, question=asked.markdown)
        yield quoted(result.follow_up_answer) if result.follow_up_answer else words("unsaid", language)
    elif not prose:
        yield words("asked gone", language, position=question.position)
    if result.mark is not None:
        yield words("marked", language, mark=points(result.mark))
    if result.remark:
        yield words("remark", language)
        yield quoted(result.remark)


def _asked(card: Scorecard, language: Language) -> Iterator[str]:
    """Yield what each problem asks, with its options: a scorecard is read without the service beside it."""
    yield "## " + words("questions", language)
    for question in card.questions:
        yield f"### {question.position}. {_title(question, language)}"
        yield words("asked nothing", language) if question.prompt is None else question.prompt.markdown
        yield from map(options, question.choices)
        if question.follow_up is not None:
            yield words("follow-up", language, question=question.follow_up.markdown)
