r"""Questions with gaps: `{weight:TYPE:=right~%0%wrong#why}`, a gap for each component of a part.

In a gap `~`, `}`, `#`, `\`, `"` and `/` have meanings of their own, and Moodle decodes entities in it once more than in the
text around it. So what stands there is HTML made of plain text, with every special character as a numeric entity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import lcm
from typing import Any, Final

from app.exports.html import escape, inline
from app.exports.moodle.numbers import alternatives, is_typed, targets
from app.exports.moodle.shares import mistake, share
from app.exports.shown import options_html
from app.exports.texts import text
from quiz_bank import rendering
from quiz_bank.problem import ChoicePart, Language, Part, Variant, components, shape

_SPECIAL: Final = {ord(character): f"&#{ord(character)};" for character in '&\\{}~#"/'}
_RIGHT: Final = "="
_WRONG: Final = "%0%"


@dataclass(frozen=True, slots=True)
class _Choice:
    """One alternative of a gap: how it counts, what it is, and what is said to whoever gives it, both as HTML."""

    counts: str
    answer: str
    feedback: str = ""

    def __str__(self) -> str:
        said = f"#{self.feedback.translate(_SPECIAL)}" if self.feedback else ""
        return f"{self.counts}{self.answer.translate(_SPECIAL)}{said}"


def fields_html(variant: Variant[Any], language: Language) -> str:
    """Return all parts of a problem with their gaps; every part weighs the same, however many gaps it has."""
    gaps = {part.name: len(components(part.truth)) if isinstance(part, Part) else _places(part) for part in variant.parts}
    whole = lcm(*gaps.values())
    return "".join(_part(variant, part, whole // gaps[part.name], language) for part in variant.parts)


def _places(part: ChoicePart) -> int:
    return len(part.truth) if part.spec.kind in ("ordering", "matching") else 1


def _part(variant: Variant[Any], part: Part | ChoicePart, weight: int, language: Language) -> str:
    label = f"<strong>{escape(rendering.part_label(variant, part.name, language))}</strong>"
    if isinstance(part, Part):
        return _numbers(variant, part, weight, label, language)
    if part.spec.kind in ("ordering", "matching"):
        letters = (f"<p>{place}. {_letter(part, code, weight)}</p>" for place, code in enumerate(part.truth, 1))
        return f"<p>{label}</p>{options_html(variant, part, language)}{''.join(letters)}"
    return f"<p>{label}</p><p>{_picks(variant, part, weight, language)}</p>"


def _numbers(variant: Variant[Any], part: Part, weight: int, label: str, language: Language) -> str:
    unit = f" ({escape(rendering.unit_name(part.unit, language))})" if part.unit else ""
    gaps = [_number(variant, part, place, weight, language) for place in range(len(components(part.truth)))]
    if not shape(part.truth):
        return f"<p>{label}{unit}{text('and', language)}{gaps[0]}</p>"
    width = shape(part.truth)[-1]
    rows = (gaps[start : start + width] for start in range(0, len(gaps), width))
    table = _nested("tr", (_nested("td", row) for row in rows))
    return f"<p>{label}{unit}</p><table>{table}</table>"


def _nested(tag: str, contents: Iterable[str]) -> str:
    return "".join(f"<{tag}>{content}</{tag}>" for content in contents)


def _number(variant: Variant[Any], part: Part, place: int, weight: int, language: Language) -> str:
    said = _said(variant, language)
    if not is_typed(part, place):
        values = alternatives(variant, part, place, language)
        picks = (_Choice(_RIGHT if value.is_right else _WRONG, escape(value.text), said(value.code)) for value in values)
        return _gap(weight, "MULTICHOICE", picks)
    truth, *wrong = targets(variant, part, place)
    right = _Choice(_RIGHT, f"{truth.number}:{truth.tolerance}")
    mistaken = (_Choice(_WRONG, f"{target.number}:{target.tolerance}", said(target.code)) for target in wrong)
    return _gap(weight, "NUMERICAL", (right, *mistaken))


def _said(variant: Variant[Any], language: Language) -> Callable[[str | None], str]:
    """Return what tells why of a code; as plain text, for a gap tells it in a small window without formulas."""
    return lambda code: "" if code is None else inline(rendering.why(variant, code, language).text)


def _letter(part: ChoicePart, right: str, weight: int) -> str:
    return _gap(
        weight, "MULTICHOICE", (_Choice(_RIGHT if code == right else _WRONG, letter) for letter, code in part.letters.items())
    )


def _picks(variant: Variant[Any], part: ChoicePart, weight: int, language: Language) -> str:
    """Return the radio buttons of a choice, or the boxes of everything of which several can be picked."""
    said = _said(variant, language)
    single = part.spec.kind == "choice"
    picks = (
        _Choice(
            (_RIGHT if code in part.truth else _WRONG) if single else f"%{share(part, code)}%",
            inline(f"{letter}) {rendering.option_text(variant, code, language).text}"),
            said(mistake(part, code)),
        )
        for letter, code in part.letters.items()
    )
    return _gap(weight, "MCV" if single else "MULTIRESPONSE", picks)


def _gap(weight: int, kind: str, choices: Iterable[_Choice]) -> str:
    return f"{{{weight}:{kind}:{'~'.join(map(str, choices))}}}"
