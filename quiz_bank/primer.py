"""Primers: one short page a topic, with worked presets whose every number the bank computes.

A primer is a text file a language. The keys of its sections say what each is: `section <anchor>` explains, `worked <family>
<preset>` introduces a problem that the bank solves (the simplest one where no preset is named), `mistake <name> …` mends the
mistakes that it names: by code, by `family/code` where the code means something else there, or, for all that is left of a
family, by the family's slug. The first line of a section or mistake is its heading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from quiz_bank.problem import ChoicePart, Language, Variant
from quiz_bank.registry import FAMILIES
from quiz_bank.rendering import Rendered, option_text, question, rendered, solution, title, worked
from quiz_bank.texts.templates import Texts, load
from quiz_bank.topics import TOPICS
from quiz_bank.variants import build, preset

_PACKAGE: Final = "quiz_bank.primers"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its text, by its anchor in the page; `names` are the codes and families whose mistakes it mends."""

    anchor: str
    title: str
    body: Rendered
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A preset of a family, or its simplest problem: what it shows, the question, and the steps with its numbers."""

    anchor: str
    family: str
    preset: str | None
    title: str
    intro: Rendered
    prompt: Rendered
    solution: Rendered


@dataclass(frozen=True, slots=True)
class Primer:
    """One topic in one language; `before` and `after` are the topics on the next rungs of the ladder, where there are any."""

    slug: str
    title: str
    summary: Rendered
    formula: Rendered
    picture: Rendered
    sections: tuple[Section, ...]
    examples: tuple[Example, ...]
    mistakes: tuple[Section, ...]
    minute: Rendered
    sources: Rendered | None
    families: tuple[str, ...]
    before: str | None
    after: str | None


def heading(name: str, language: Language) -> str:
    """Return a heading that all primers share: worked, mistakes, minute or sources."""
    return load(_PACKAGE, language).render(f"heading {name}")


@cache
def primer(topic: str, language: Language) -> Primer:
    """Return the primer of one of the bank's topics; KeyError for any other."""
    place = TOPICS.index(topic) if topic in TOPICS else None
    if place is None:
        raise KeyError(topic)
    texts = primer_texts(topic, language)
    return Primer(
        slug=topic,
        title=texts.title,
        summary=_text(texts, "summary", language),
        formula=_text(texts, "formula", language),
        picture=_text(texts, "picture", language),
        sections=tuple(_sections(texts, language)),
        examples=tuple(_examples(texts, language)),
        mistakes=tuple(_mistakes(texts, language)),
        minute=_text(texts, "minute", language),
        sources=_text(texts, "sources", language) if "sources" in texts else None,
        families=tuple(slug for slug, family in FAMILIES.items() if family.topic == topic),
        before=TOPICS[place - 1] if place else None,
        after=TOPICS[place + 1] if place + 1 < len(TOPICS) else None,
    )


def primer_texts(topic: str, language: Language) -> Texts:
    """Return a primer's text file."""
    return load(f"{_PACKAGE}.{topic.replace('-', '_')}", language)


def _text(texts: Texts, key: str, language: Language) -> Rendered:
    def of(family: str, name: str | None = None) -> Mapping[str, object]:
        return worked(_variant(family, name), language)

    return rendered(texts.render(key, {"of": of}))


def _variant(slug: str, name: str | None) -> Variant[Any]:
    family = FAMILIES[slug]
    level = min(family.levels)
    return build(family, level, family.fallbacks[level]) if name is None else preset(family, name)


def _headed(texts: Texts, key: str, language: Language) -> tuple[str, Rendered]:
    first, _, body = _text(texts, key, language).markdown.partition("\n")
    return first.removeprefix("### "), rendered(body.strip())


def _keys(texts: Texts, kind: str) -> Iterator[tuple[str, list[str]]]:
    for key in texts.sources:
        its_kind, *names = key.split()
        if its_kind == kind and names:
            yield key, names


def _sections(texts: Texts, language: Language) -> Iterator[Section]:
    for key, [anchor] in _keys(texts, "section"):
        yield Section(anchor, *_headed(texts, key, language))


def _mistakes(texts: Texts, language: Language) -> Iterator[Section]:
    for key, names in _keys(texts, "mistake"):
        yield Section(_anchor(names), *_headed(texts, key, language), tuple(names))


def mended(topic: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the anchor of each paragraph of a primer that mends mistakes, with their names; nothing is rendered for it."""
    for _, names in _keys(primer_texts(topic, "en"), "mistake"):
        yield _anchor(names), tuple(names)


def _anchor(names: Sequence[str]) -> str:
    return f"mistake-{names[0].replace('/', '-')}"


def _examples(texts: Texts, language: Language) -> Iterator[Example]:
    for key, [slug, *rest] in _keys(texts, "worked"):
        name = rest[0] if rest else None
        variant = _variant(slug, name)
        yield Example(
            anchor="-".join(["worked", slug, *rest]),
            family=slug,
            preset=name,
            title=title(FAMILIES[slug], language),
            intro=_text(texts, key, language),
            prompt=_question(variant, language),
            solution=solution(variant, language),
        )


def _question(variant: Variant[Any], language: Language) -> Rendered:
    """Return what is asked, with the options where there are any, by the letters that the solution names."""
    blocks = [question(variant, language).markdown]
    for part in variant.parts:
        if isinstance(part, ChoicePart):
            items = (f"{i}. {option_text(variant, code, language).markdown}" for i, code in enumerate(part.items, 1))
            letters = (f"- {letter}) {option_text(variant, code, language).markdown}" for letter, code in part.letters.items())
            blocks += ["\n".join(items), "\n".join(letters)]
    return rendered(*blocks)


def as_rendered(page: Primer, language: Language) -> Rendered:
    """Return a whole primer as one text."""
    blocks = [f"# {page.title}", page.summary.markdown, page.formula.markdown, page.picture.markdown]
    blocks += [block for each in page.sections for block in (f"## {each.title}", each.body.markdown)]
    blocks.append(f"## {heading('worked', language)}")
    for example in page.examples:
        blocks += [f"### {example.title}", example.intro.markdown]
        blocks += [example.prompt.markdown, example.solution.markdown]
    blocks.append(f"## {heading('mistakes', language)}")
    blocks += [block for each in page.mistakes for block in (f"### {each.title}", each.body.markdown)]
    blocks += [f"## {heading('minute', language)}", page.minute.markdown]
    if page.sources is not None:
        blocks += [f"## {heading('sources', language)}", page.sources.markdown]
    return rendered(*blocks)
