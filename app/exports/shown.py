"""A problem with its answer and its mistakes as HTML, the same for every kind of file."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from typing import Any

from app.exports.html import escape, html, inline
from app.exports.texts import text
from quiz_bank import rendering
from quiz_bank.problem import ChoicePart, Language, Part, Value, Variant
from quiz_bank.texts.plain import formula
from quiz_bank.texts.templates import latex, number


def value_html(value: Value) -> str:
    """Return a number, vector or matrix as a formula, to six significant digits."""
    return rf"\({escape(latex(value))}\)"


def value_text(value: float, language: Language) -> str:
    """Return a number as plain text, to six significant digits."""
    return text("not-a-number", language) if isnan(value) else formula(number(value))


def options_html(variant: Variant[Any], part: ChoicePart, language: Language) -> str:
    """Return the items of a matching in order, and the options with their letters."""
    items = "".join(f"<li>{_option(variant, code, language)}</li>" for code in part.items)
    options = "".join(f"<li>{_option(variant, code, language)}</li>" for code in part.options)
    return (f"<ol>{items}</ol>" if items else "") + f'<ol type="a">{options}</ol>'


def _option(variant: Variant[Any], code: str, language: Language) -> str:
    return inline(rendering.option_text(variant, code, language).markdown)


def question_html(variant: Variant[Any], language: Language) -> str:
    """Return the prompt, with the options of the parts that have some."""
    choices = (options_html(variant, part, language) for part in variant.parts if isinstance(part, ChoicePart))
    return html(rendering.prompt(variant, language).markdown) + "".join(choices)


def answer_html(variant: Variant[Any], language: Language) -> str:
    """Return what is right for each part, a line each."""
    return "".join(f"<p>{_answer_to(variant, part, language)}</p>" for part in variant.parts)


def _answer_to(variant: Variant[Any], part: Part | ChoicePart, language: Language) -> str:
    label = escape(rendering.part_label(variant, part.name, language)) + text("and", language)
    if isinstance(part, Part):
        unit = f" {escape(rendering.unit_name(part.unit, language))}" if part.unit else ""
        return f"{label}{value_html(part.truth)}{unit}"
    letter_of = {code: letter for letter, code in part.letters.items()}
    if part.spec.kind in ("ordering", "matching"):
        return label + ", ".join(letter_of[code] for code in part.truth)
    picks = (f"<br>{letter_of[code]}) {_option(variant, code, language)}" for code in part.truth)
    return label.rstrip() + "".join(picks)


def mistakes(variant: Variant[Any], language: Language) -> Iterator[tuple[str, str]]:
    """Yield the value that each misconception gives, once, with why it is tempting, in the family's order."""
    several = len(variant.parts) > 1
    told: set[str] = set()
    for wrong in variant.wrong:
        if wrong.code not in told:
            told.add(wrong.code)
            label = escape(rendering.part_label(variant, wrong.part, language)) + text("and", language)
            value = value_html(wrong.value)
            yield label + value if several else value, html(rendering.why(variant, wrong.code, language).markdown)
