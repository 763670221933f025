"""What a learner reads: prompt, hints, solution and verdict in English or Chinese, as Markdown and as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from quiz_bank.parameters import ParameterError
from quiz_bank.problem import UNIT_OF_BASE, ChoicePart, Family, Language, Part, PartVerdict, Variant
from quiz_bank.texts.plain import plain
from quiz_bank.texts.templates import Texts, common, load

_LOG: Final = {"e": r"\ln", "2": r"\log_2", "10": r"\log_{10}"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """One text in its two forms."""

    markdown: str
    text: str


def rendered(*paragraphs: str) -> Rendered:
    """Return paragraphs of Markdown as one text in its two forms."""
    markdown = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return Rendered(markdown, plain(markdown))


def texts(family: Family[Any], language: Language) -> Texts:
    """Return a family's own texts."""
    return load(family.package, language)


def title(family: Family[Any], language: Language) -> str:
    """Return a family's title."""
    return texts(family, language).title


def unit_name(unit: str, language: Language) -> str:
    """Return a unit of information in words."""
    return common(language).render(f"unit {unit}")


def _shown(variant: Variant[Any], language: Language) -> dict[str, object]:
    """Return what a text may show before the problem is closed: the parameters and how they are meant."""
    names = type(variant.parameters).__dataclass_fields__
    base = variant.convention.log_base or "e"
    return {
        **{name: getattr(variant.parameters, name) for name in names},
        "log": _LOG[base],
        "unit": unit_name(UNIT_OF_BASE[base], language),
        "level": variant.level,
    }


def worked(variant: Variant[Any], language: Language) -> dict[str, object]:
    """Return what a solution may show besides: intermediate numbers and the truths."""
    working = variant.family.working(variant.parameters)
    return {**_shown(variant, language), **working, **variant.truths}


def _said(variant: Variant[Any], key: str, language: Language, context: Mapping[str, object] | None = None) -> str:
    """Return a text that the parameters themselves make, else the family's own, else the one that all share."""
    made = variant.family.say(variant.parameters, key, language)
    if made is not None:
        return made
    own = texts(variant.family, language)
    return (own if key in own else common(language)).render(key, context or _shown(variant, language))


def prompt(variant: Variant[Any], language: Language) -> Rendered:
    """Return the question, with the convention that counts and how it is to be answered."""
    sentences = [*_conventions(variant, language), *_how_to_answer(variant, language)]
    return rendered(_said(variant, "prompt", language), _joined(sentences, language))


def question(variant: Variant[Any], language: Language) -> Rendered:
    """Return the question with the convention that counts, for those who are shown the answer with it."""
    return rendered(_said(variant, "prompt", language), _joined(_conventions(variant, language), language))


def _joined(sentences: Iterable[str], language: Language) -> str:
    return ("" if language == "zh" else " ").join(sentences)


def _conventions(variant: Variant[Any], language: Language) -> Iterator[str]:
    shared, own = common(language), texts(variant.family, language)
    stated = (f"convention {name} {value}" for name, value in variant.convention.items().items())
    return (_said(variant, key, language) for key in stated if key in own or key in shared)


def _how_to_answer(variant: Variant[Any], language: Language) -> Iterator[str]:
    shared = common(language)
    if digits := max((part.spec.significant_digits for part in variant.numeric.values()), default=0):
        yield shared.render("digits", {"digits": digits})
    yield from (shared.render(f"how-to {kind}") for kind in _choice_kinds(variant))


def _choice_kinds(variant: Variant[Any]) -> dict[str, None]:
    return dict.fromkeys(part.spec.kind for part in variant.parts if isinstance(part, ChoicePart))


def part_label(variant: Variant[Any], name: str, language: Language) -> str:
    """Return what stands beside a part's field."""
    return plain(texts(variant.family, language).render(f"part {name}", _shown(variant, language)))


def hint_count(family: Family[Any]) -> int:
    """Return how many hints a family has."""
    return texts(family, "en").count("hint ")


def hint(variant: Variant[Any], number: int, language: Language) -> Rendered:
    """Return a hint, 1 for the vaguest; it never knows the truth."""
    context = {**_shown(variant, language), **variant.family.working(variant.parameters)}
    return rendered(_said(variant, f"hint {number}", language, context))


def formula(family: Family[Any], language: Language) -> Rendered:
    """Return the formula that a family is about."""
    return rendered(texts(family, language).render("formula"))


def solution(variant: Variant[Any], language: Language) -> Rendered:
    """Return the worked solution with this variant's numbers."""
    return rendered(_said(variant, "solution", language, worked(variant, language)))


def follow_up(variant: Variant[Any], language: Language) -> Rendered:
    """Return what an interviewer would ask next."""
    return rendered(_said(variant, "follow-up", language, worked(variant, language)))


def why(variant: Variant[Any], code: str, language: Language) -> Rendered:
    """Return why a mistake is tempting and what mends it; a pair of mistakes is explained one after the other."""
    return rendered(*(_said(variant, f"why {single}", language) for single in code.split("+")))


def everything(variant: Variant[Any], language: Language) -> Iterator[tuple[str, str]]:
    """Yield all texts of a problem as headings with plain text, for authors to read through."""
    yield title(variant.family, language), prompt(variant, language).text
    for part in variant.parts:
        if isinstance(part, ChoicePart):
            lines = [f"{letter}) {option_text(variant, code, language).text}" for letter, code in part.letters.items()]
            items = [f"{i}. {option_text(variant, code, language).text}" for i, code in enumerate(part.items, 1)]
            yield f"[{part_label(variant, part.name, language)}]", "\n".join(items + lines)
    for number in range(1, hint_count(variant.family) + 1):
        yield f"[hint {number}]", hint(variant, number, language).text
    yield "[solution]", solution(variant, language).text
    yield "[truth]", "; ".join(f"{part_label(variant, name, language)}: {truth}" for name, truth in variant.truths.items())
    yield "[follow-up]", follow_up(variant, language).text
    for wrong in variant.wrong:
        yield f"[{wrong.code}, {wrong.part}: {wrong.value}]", why(variant, wrong.code, language).text


def parameter_message(error: ParameterError, language: Language) -> str:
    """Return what is wrong with a parameter and what to give instead."""
    return plain(common(language).render(f"parameter {error.code}", error.values))


def option_text(variant: Variant[Any], code: str, language: Language) -> Rendered:
    """Return what an option, or an item of a matching, says."""
    return rendered(_said(variant, f"option {code}", language))


def verdict_message(variant: Variant[Any], verdict: PartVerdict, language: Language) -> str:
    """Return what a part's verdict says, without the misconception's own text."""
    part = variant.part(verdict.name)
    sentences = (
        _numeric_sentences(variant, part, verdict, language)
        if isinstance(part, Part)
        else [_choice_sentence(part, verdict, language)]
    )
    return plain(("" if language == "zh" else " ").join(sentences))


def _choice_sentence(part: ChoicePart, verdict: PartVerdict, language: Language) -> str:
    kind = part.spec.kind
    name = kind if kind == "rubric" or (kind == "multi_select" and verdict.result == "partly_right") else verdict.result
    return common(language).render(f"verdict {name}", _counts(verdict) | {"points": len(part.truth)})


def _counts(verdict: PartVerdict) -> dict[str, object]:
    return {
        "right": verdict.states.count("right"),
        "total": len(verdict.states),
        "places": [i + 1 for i, state in enumerate(verdict.states) if state == "wrong"],
        "coarse": [i + 1 for i, state in enumerate(verdict.states) if state == "too_coarse"],
    }


def _numeric_sentences(variant: Variant[Any], part: Part, verdict: PartVerdict, language: Language) -> list[str]:
    shared = common(language)
    sentences = [shared.render(f"verdict {verdict.result}", _counts(verdict) | {"digits": part.spec.significant_digits})]
    if verdict.result in ("wrong", "partly_right") and "too_coarse" in verdict.states:
        sentences.append(
            shared.render("verdict coarse-components", _counts(verdict) | {"digits": part.spec.significant_digits})
        )
    if verdict.result == "right" and verdict.other_unit and part.unit:
        units = {"typed": unit_name(verdict.other_unit, language), "own": unit_name(part.unit, language)}
        sentences.append(shared.render("verdict other-unit", units))
    if verdict.carried_from:
        labels = [part_label(variant, name, language) for name in verdict.carried_from]
        sentences.append(shared.render("verdict carried", {"parts": ", ".join(labels)}))
    if verdict.identity is not None:
        code, residual = verdict.identity
        identity = texts(variant.family, language).render(f"identity {code}", {"residual": abs(residual)})
        sentences.append(identity)
    return sentences
