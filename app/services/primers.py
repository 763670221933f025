"""Primers, and the way from a mistake to the paragraph that mends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from app.errors import UnknownTopicError
from quiz_bank import rendering
from quiz_bank.primer import Primer, primer
from quiz_bank.problem import Family, Language
from quiz_bank.registry import FAMILIES
from quiz_bank.topics import TOPICS

Place = tuple[str, str]
"""The slug of a topic, and the anchor of a paragraph on its page."""


def all_primers(language: Language) -> tuple[Primer, ...]:
    """Return the primers of all topics, each resting on those before it."""
    return tuple(primer(topic, language) for topic in TOPICS)


def find_primer(slug: str, language: Language) -> Primer:
    """Return the primer of a topic; UnknownTopicError where there is none of that name."""
    if slug not in TOPICS:
        raise UnknownTopicError(topic=slug, known=", ".join(TOPICS))
    return primer(slug, language)


def mending(code: str, family: str | None = None) -> Place | None:
    """Return where a mistake is mended, the best place for its family first; None for a code that the bank doesn't know.

    Of a pair of mistakes it is the place of the first.
    """
    places, first = _places(), code.split("+", maxsplit=1)[0]
    return places.get((family, first)) or places.get((None, first))


@cache
def _places() -> Mapping[tuple[str | None, str], Place]:
    """Return the place of each code of each family, and of each code wherever it is met first."""
    found: dict[tuple[str | None, str], Place] = {}
    named = _named()
    for family in FAMILIES.values():
        for code in _codes(family):
            place = named.get((family.topic, code)) or named.get((None, code)) or named.get((family.topic, family.slug))
            if place is not None:
                found[family.slug, code] = place
                found.setdefault((None, code), place)
    return found


def _named() -> dict[tuple[str | None, str], Place]:
    """Return the place of each name that a paragraph is for: in its own topic, and in the first topic that has it."""
    named: dict[tuple[str | None, str], Place] = {}
    for topic in TOPICS:
        for section in primer(topic, "en").mistakes:
            for name in section.names:
                named[topic, name] = topic, section.anchor
                named.setdefault((None, name), (topic, section.anchor))
    return named


def _codes(family: Family[Any]) -> Iterator[str]:
    """Yield what an answer to a family can be told: its misconceptions, and why an option is no answer."""
    yield from family.misconception_codes
    for key in rendering.texts(family, "en").sources:
        kind, _, code = key.partition(" ")
        if kind == "why":
            yield code
