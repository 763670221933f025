"""One problem of a report, told at length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.services.reports.markdown import code, inline, item, options, points, quoted, share
from app.services.reports.model import Answer, Item, Mistake, Talk
from app.services.reports.texts import listed, text
from app.services.reports.values import own_words, values_text
from quiz_bank.problem import Language

DIGITS: Final = 6
"""Significant digits of what is right: three more than answers need."""


def review(each: Item, language: Language) -> str:
    """Return what a problem asked, what was answered and what is right, under a heading of its own."""
    facts = "\n".join(map(item, _facts(each, language)))
    heading = f"### {each.position}. {inline(each.title)}"
    # Without a line between them the options and the facts would be one list.
    choices = [*map(options, each.choices), text("came of it", language)] if each.choices else []
    return "\n\n".join([heading, each.prompt.markdown, *choices, facts])


def _facts(each: Item, language: Language) -> Iterator[str]:
    if each.self_assessed:
        yield text("self-assessed", language)
    yield from (_answer(answer, language) for answer in each.answers)
    if not each.answers:
        yield text("no answer", language)
    if each.state == "revealed":
        yield text("revealed", language)
    yield from map(_mistake, each.mistakes)
    if each.confidence is not None:
        yield text("sure", language, confidence=share(each.confidence))
    if each.key is not None:
        yield text("truth", language, truth=code(values_text(each.key, DIGITS)))
        yield text("solution", language, path=each.solution)
    if each.follow_up is not None:
        yield from _talk(each.follow_up, language)


def _answer(answer: Answer, language: Language) -> str:
    typed, verdict = code(values_text(answer.submitted)), text(answer.verdict, language)
    said = text("answer", language, number=answer.number, answer=typed, verdict=verdict)
    if len(answer.parts) > 1:
        said += text("parts", language, parts=listed([_part(*part, language) for part in answer.parts.items()], language))
    if not answer.counted:
        said += text("was late" if answer.late else "uncounted", language)
    prose = own_words(answer.submitted)
    return f"{said}\n\n{quoted(prose)}" if prose else said


def _part(name: str, verdict: str, language: Language) -> str:
    return text("part", language, name=inline(name), verdict=text(verdict, language))


def _mistake(mistake: Mistake) -> str:
    return f"**{inline(mistake.code)}**" + (f"\n\n{mistake.why.markdown}" if mistake.why else "")


def _talk(talk: Talk, language: Language) -> Iterator[str]:
    if talk.question is not None:
        yield text("follow-up", language, question=talk.question.markdown)
    else:
        yield text("follow-up gone", language)
    yield f"{text('said', language)}\n\n{quoted(talk.answer)}" if talk.answer else text("unsaid", language)
    if talk.mark is not None:
        yield text("mark", language, mark=points(talk.mark))
    if talk.remark:
        yield f"{text('remark', language)}\n\n{quoted(talk.remark)}"
