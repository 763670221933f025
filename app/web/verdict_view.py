"""What is said of an answer: what it got, component by component, why, and what would mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import repeat
from math import isfinite, isnan
from typing import Any, Final

from app.services.practice import Attempt
from app.web.mistakes import mended_at
from app.web.words import say
from quiz_bank import rendering
from quiz_bank.problem import ChoicePart, Language, PartVerdict, Variant

SIGNS: Final = {"right": "✓", "partly_right": "◐", "wrong": "✗", "too_coarse": "≈", "noted": "•"}
_PLAIN: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
LONGEST_EXACT: Final = 9


@dataclass(frozen=True, slots=True)
class Cell:
    """One component as it was typed and as it was read, empty where the two are the same; `state` is empty if withheld.

    Of an option `text` says what it is, as Markdown.
    """

    typed: str
    read: str
    state: str
    word: str
    text: str = ""

    @property
    def sign(self) -> str:
        """A sign that stands beside the word, empty where that is withheld."""
        return SIGNS.get(self.state, "")


@dataclass(frozen=True, slots=True)
class PartView:
    """What one part got. `why` is Markdown, `mending` the address of the paragraph that mends the mistake, empty for none."""

    label: str
    kind: str
    state: str
    word: str
    message: str
    rows: tuple[tuple[Cell, ...], ...]
    why: str = ""
    mending: str = ""

    @property
    def sign(self) -> str:
        """A sign that stands beside the word."""
        return SIGNS[self.state]


@dataclass(frozen=True, slots=True)
class VerdictView:
    """What an answer got. `state` is a verdict, or `noted` where nothing may be told yet."""

    number: int
    state: str
    word: str
    notes: tuple[str, ...]
    parts: tuple[PartView, ...]
    own_words: str = ""

    @property
    def sign(self) -> str:
        """A sign that stands beside the word."""
        return SIGNS[self.state]


def word_of(state: str, language: Language) -> str:
    """Return a verdict in a word or two."""
    return {
        "right": say(language, "Right"),
        "partly_right": say(language, "Partly right"),
        "wrong": say(language, "Not right"),
        "too_coarse": say(language, "Too coarse"),
        "noted": say(language, "Noted"),
    }[state]


def verdict_view(attempt: Attempt, language: Language) -> VerdictView:
    """Return what is shown of an attempt; nothing of what it got while that is withheld."""
    state = "noted" if attempt.row.withheld else attempt.row.judgement.verdict
    parts = tuple(_part_view(attempt, part, language) for part in attempt.parts)
    own_words = (part.submitted.get("text", "") for part in attempt.parts if isinstance(part.submitted, Mapping))
    notes = tuple(_notes(attempt, state, language))
    return VerdictView(attempt.row.number, state, word_of(state, language), notes, parts, "\n".join(own_words))


def _notes(attempt: Attempt, state: str, language: Language) -> list[str]:
    row = attempt.row
    if row.late:
        return [say(language, "It came after the end of the drill: kept and judged, but it doesn't count.")]
    if row.withheld:
        return [say(language, "The drill tells at its end what your answers got. Until then you can change this one.")]
    if not row.counted and state != "too_coarse":
        return [say(language, "The problem had ended already, so this doesn't count.")]
    return []


def _part_view(attempt: Attempt, verdict: PartVerdict, language: Language) -> PartView:
    variant, withheld = attempt.variant, attempt.row.withheld
    if variant is None:
        state = "noted" if withheld else verdict.result
        return PartView(verdict.name, "", state, word_of(state, language), "", ())
    part = variant.part(verdict.name)
    rows = _rows(variant, verdict, language, withheld=withheld)
    label, kind = rendering.part_label(variant, part.name, language), part.spec.kind
    if withheld:
        return PartView(label, kind, "noted", word_of("noted", language), "", rows)
    word = word_of(verdict.result, language)
    # The word stands above already.
    message = rendering.verdict_message(variant, verdict, language).removeprefix(word).lstrip(".。 ")
    shown = PartView(label, kind, verdict.result, word, message, rows)
    return shown if verdict.diagnosis is None else _explained(shown, variant, verdict.diagnosis.code, language)


def _explained(shown: PartView, variant: Variant[Any], code: str, language: Language) -> PartView:
    """Return what is shown of a part, with why its mistake is tempting and where it is mended."""
    why = rendering.why(variant, code, language).markdown
    return replace(shown, why=why, mending=mended_at(code, variant.family.slug))


def _rows(variant: Variant[Any], verdict: PartVerdict, language: Language, *, withheld: bool) -> tuple[tuple[Cell, ...], ...]:
    """Return the components of an answer as they were laid out in its fields; picks are one row."""
    states: Iterator[str] = repeat("") if withheld else iter(verdict.states)

    def cell(typed: str, read: str, text: str = "") -> Cell:
        state = next(states)
        return Cell(typed, read, state, word_of(state, language) if state else "", text)

    part = variant.part(verdict.name)
    if isinstance(part, ChoicePart):
        letters = {code: letter for letter, code in part.letters.items()}
        picked = [str(code) for code in verdict.read_as] if isinstance(verdict.read_as, tuple) else []
        said = {code: rendering.option_text(variant, code, language).markdown for code in picked}
        return (tuple(cell(letters.get(code, ""), "", said[code]) for code in picked),) if picked else ()
    pairs = zip(_matrix(verdict.submitted), _matrix(verdict.read_as), strict=True)
    rows = [[(_text(own), number) for own, number in zip(*pair, strict=True)] for pair in pairs]
    return tuple(tuple(cell(typed, read_text(typed, number)) for typed, number in row) for row in rows)


def _matrix(value: Any) -> list[list[Any]]:  # noqa: ANN401 - a number, a list or a list of lists
    """Return a value as rows: a number is one row of one, a vector one row."""
    if not isinstance(value, list | tuple):
        return [[value]]
    return [list(row) for row in value] if isinstance(value[0], list | tuple) else [list(value)]


def _text(typed: object) -> str:
    """Return what was sent as text: a JSON number stands for its shortest text."""
    return typed if isinstance(typed, str) else repr(typed)


def read_text(typed: str, number: float) -> str:
    """Return what was read of a text; empty where the text is that number already."""
    return "" if _PLAIN.fullmatch(typed) else number_text(number)


def number_text(number: float) -> str:
    """Return a number to be read at a glance: exactly where that is short, else with four digits."""
    if isnan(number):
        return "nan"
    if not isfinite(number):
        return "∞" if number > 0 else "−∞"
    exact = repr(number).removesuffix(".0")
    return (exact if len(exact) <= LONGEST_EXACT else f"{number:.4g}").replace("-", "−")
