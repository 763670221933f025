"""Answers to a variant in all the forms that must come out right, and in those that must not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal
from math import isfinite
from typing import Any, Final, TypeAlias

from quiz_bank.grading.tolerance import unit_of_last_place
from quiz_bank.misconceptions import NATS_PER, convert, over
from quiz_bank.problem import ChoicePart, Part, Value, Variant, components

Form: TypeAlias = tuple[str, object, set[str]]
"""What it is, the answer, and the results that it may have."""

FULL_WIDTH: Final = ord("Ａ") - ord("A")
_ARITHMETIC: Final = Context(prec=400, traps=[])
RIGHT: Final = {"right"}
NOT_RIGHT: Final = {"wrong", "partly_right"}


def numeric_forms(variant: Variant[Any], part: Part) -> Iterator[Form]:
    """Yield what is right and what is just not, as it could be typed."""
    yield from ((form, answer, RIGHT) for form, answer in _right_forms(variant, part))
    yield from ((form, answer, NOT_RIGHT) for form, answer in _wrong_forms(part))


def choice_forms(part: ChoicePart) -> Iterator[Form]:
    """Yield picks that are right and picks that are not, as they could be typed."""
    letters = letters_of(part)
    yield "as a list", with_text(part, letters), RIGHT
    if part.spec.kind != "rubric":
        yield "as text", ", ".join(letters), RIGHT
        yield "in full-width capitals", "".join(chr(ord(letter.upper()) + FULL_WIDTH) for letter in letters), RIGHT
    if part.spec.kind in ("ordering", "matching"):
        yield "turned round", letters[::-1], RIGHT if letters == letters[::-1] else NOT_RIGHT
    if part.spec.kind == "multi_select":
        yield "everything picked", list(part.letters), RIGHT if len(letters) == len(part.letters) else NOT_RIGHT


def letters_of(part: ChoicePart) -> list[str]:
    """Return the letters of the right answer."""
    letter_of = {code: letter for letter, code in part.letters.items()}
    return [letter_of[code] for code in part.truth]


def with_text(part: ChoicePart, letters: list[str]) -> object:
    """Return picks as they are sent: those of a rubric come with the learner's own words."""
    return {"text": "In my own words.", "points": letters} if part.spec.kind == "rubric" else letters


def over_text(value: Value, change: Callable[[float], str]) -> object:
    """Return a value as nested lists of text, as an answer is sent."""
    if isinstance(value, tuple):
        return [over_text(item, change) for item in value]
    return change(value)


def as_answer(value: Value, digits: int = 15) -> object:
    """Return a value as an answer with that many significant digits."""
    return over_text(value, lambda number: f"{number:.{digits}g}")


def repeated(like: Value, text: str) -> object:
    """Return one text for every component."""
    return over_text(like, lambda _: text)


def _placed(value: Value, unit: Decimal, rounding: str) -> object:
    def text(number: float) -> str:
        return str(Decimal(repr(number)).quantize(unit, rounding, _ARITHMETIC)) if isfinite(number) else repr(number)

    return over_text(value, text)


def _with_unit(value: Value, unit: str) -> object:
    return over_text(value, lambda number: f"{number!r} {unit}")


def _shifted(value: Value, by: float) -> Value:
    return over(value, lambda number: number + by)


def _right_forms(variant: Variant[Any], part: Part) -> Iterator[tuple[str, object]]:
    unit = unit_of_last_place(part.truth, part.spec.significant_digits)
    yield "rounded", _placed(part.truth, unit, ROUND_HALF_EVEN)
    yield "truncated", _placed(part.truth, unit, ROUND_DOWN)
    yield "with 15 digits", as_answer(part.truth)
    if (expression := variant.family.expression(variant.parameters).get(part.name)) is not None:
        yield "as an expression", expression
    if part.unit is not None and not part.spec.unit_fixed:
        for other in NATS_PER:
            yield f"in {other}", _with_unit(convert(part.truth, part.unit, other), other)


def _wrong_forms(part: Part) -> Iterator[tuple[str, object]]:
    """Yield answers whose every component lies just outside the tolerance."""
    if all(map(isfinite, components(part.truth))):
        unit = float(unit_of_last_place(part.truth, part.spec.significant_digits))
        yield "just above", as_answer(_shifted(part.truth, 1.001 * unit))
        yield "just below", as_answer(_shifted(part.truth, -1.001 * unit))
