"""The questions of the file: what is common to all, and what each type has of its own."""

from __future__ import annotations

from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement

from app.exports.html import escape, html, inline
from app.exports.moodle.cloze import fields_html
from app.exports.moodle.numbers import alternatives, is_typed, targets
from app.exports.moodle.shares import mistake, share
from app.exports.selection import Frozen
from app.exports.texts import text
from quiz_bank import rendering
from quiz_bank.problem import ChoicePart, Language, Part, Variant, components
from quiz_bank.texts.templates import common

MOST_RIGHT: Final = 10
"""Moodle's list of shares has one for each of at most so many right options; a gap takes any."""


def question(problem: Frozen, language: Language) -> Element:
    """Return a problem as the type of question that comes nearest to it."""
    first, *others = problem.variant.parts
    if others or _needs_gaps(first):
        return _begun("cloze", problem, language, fields_html(problem.variant, language))
    if isinstance(first, ChoicePart):
        return _options(problem, first, language)
    return _numerical(problem, first, language) if is_typed(first, 0) else _values(problem, first, language)


def _needs_gaps(part: Part | ChoicePart) -> bool:
    if isinstance(part, Part):
        return isinstance(part.truth, tuple)
    return part.spec.kind in ("ordering", "matching") or len(part.truth) > MOST_RIGHT


def _begun(kind: str, problem: Frozen, language: Language, fields: str = "") -> Element:
    variant, family = problem.variant, problem.variant.family
    element = Element("question", type=kind)
    _text(element, "name", f"{rendering.title(family, language)} · {problem.key}")
    _html(element, "questiontext", _prompt(variant, language) + fields)
    solution, formula = rendering.solution(variant, language), rendering.formula(family, language)
    _html(element, "generalfeedback", html(f"{solution.markdown}\n\n{formula.markdown}"))
    SubElement(element, "penalty").text = "0"  # another try costs nothing
    SubElement(element, "hidden").text = "0"
    SubElement(element, "idnumber").text = f"crossdrill/{language}/{family.slug}/{problem.key}"
    tags = SubElement(element, "tags")
    for tag in (family.topic, family.slug, f"level-{variant.level}"):
        _text(tags, "tag", tag)
    return element


def _text(parent: Element, tag: str, content: str) -> Element:
    element = SubElement(parent, tag)
    SubElement(element, "text").text = content
    return element


def _html(parent: Element, tag: str, content: str) -> None:
    _text(parent, tag, content).set("format", "html")


def _prompt(variant: Variant[Any], language: Language) -> str:
    """Return the prompt; what it says of how to answer, in its last paragraph, is put as it is in Moodle."""
    *asked, how = rendering.prompt(variant, language).markdown.split("\n\n")
    for own, here in _instructions(variant, language).items():
        how = how.replace(own, here)
    return html("\n\n".join([*asked, how]))


def _instructions(variant: Variant[Any], language: Language) -> dict[str, str]:
    """Return the bank's sentences on how to answer, and what stands for them in Moodle."""
    shared = common(language)
    replaced = {shared.render(f"how-to {kind}"): text(f"moodle {kind}", language) for kind in ("choice", "multi_select")}
    numeric = variant.numeric.values()
    if numeric:
        digits = max(part.spec.significant_digits for part in numeric)
        typed = any(is_typed(part, place) for part in numeric for place in range(len(components(part.truth))))
        here = text("moodle digits", language, digits=digits) if typed else text("moodle choice", language)
        replaced[shared.render("digits", {"digits": digits})] = here
    return replaced


def _answer(parent: Element, fraction: str, content: str, why: str, *, is_html: bool) -> Element:
    element = SubElement(parent, "answer", fraction=fraction, format="html" if is_html else "moodle_auto_format")
    SubElement(element, "text").text = content
    _html(element, "feedback", why)
    return element


def _why(variant: Variant[Any], code: str | None, language: Language) -> str:
    return "" if code is None else html(rendering.why(variant, code, language).markdown)


def _numerical(problem: Frozen, part: Part, language: Language) -> Element:
    element = _begun("numerical", problem, language)
    for target in targets(problem.variant, part, 0):
        fraction, why = "100" if target.code is None else "0", _why(problem.variant, target.code, language)
        answer = _answer(element, fraction, target.number, why, is_html=False)
        SubElement(answer, "tolerance").text = target.tolerance
    SubElement(element, "unitgradingtype").text = "0"
    SubElement(element, "showunits").text = "3"  # none: the prompt names the unit
    return element


def _values(problem: Frozen, part: Part, language: Language) -> Element:
    element = _multichoice(problem, language, single=True)
    for value in alternatives(problem.variant, part, 0, language):
        why = _why(problem.variant, value.code, language)
        _answer(element, "100" if value.is_right else "0", escape(value.text), why, is_html=True)
    return element


def _options(problem: Frozen, part: ChoicePart, language: Language) -> Element:
    element = _multichoice(problem, language, single=part.spec.kind == "choice")
    for code in part.options:
        option = inline(rendering.option_text(problem.variant, code, language).markdown)
        _answer(element, share(part, code), option, _why(problem.variant, mistake(part, code), language), is_html=True)
    return element


def _multichoice(problem: Frozen, language: Language, *, single: bool) -> Element:
    element = _begun("multichoice", problem, language)
    SubElement(element, "single").text = "true" if single else "false"
    SubElement(element, "shuffleanswers").text = "false"  # the solution names options by their letters
    SubElement(element, "answernumbering").text = "abc"
    return element
