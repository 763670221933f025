"""Primers, and the way from a mistake to the paragraph that mends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from app.errors import UnknownTopicError
from quiz_bank import rendering
from quiz_bank.primer import Primer, mended, primer
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
    named = {topic: _named(topic) for topic in TOPICS}
    for family in FAMILIES.values():
        for code in _codes(family):
            place = _place(family, code, named)
            if place is not None:
                found[family.slug, code] = place
                found.setdefault((None, code), place)
    return found


def _named(topic: str) -> dict[str, Place]:
    """Return the place of each name that a paragraph of a topic is for."""
    return {name: (topic, anchor) for anchor, names in mended(topic) for name in names}


def _place(family: Family[Any], code: str, named: Mapping[str, Mapping[str, Place]]) -> Place | None:
    """Return where a family's code is mended: by its own topic, by those that it rests on, or with the rest of the family.

    Options are called by what they say, so only a misconception means the same elsewhere.
    """
    if family.topic not in named:
        return None
    own, rung = named[family.topic], TOPICS.index(family.topic)
    shared = code in family.misconception_codes
    below = (named[topic].get(code) for topic in reversed(TOPICS[:rung]) if shared)
    above = (named[topic].get(code) for topic in TOPICS[rung + 1 :] if shared)
    candidates = (own.get(f"{family.slug}/{code}"), own.get(code), *below, own.get(family.slug), *above)
    return next(filter(None, candidates), None)


def _codes(family: Family[Any]) -> Iterator[str]:
    """Yield what an answer to a family can be told: its misconceptions, and why an option is no answer."""
    yield from family.misconception_codes
    for key in rendering.texts(family, "en").sources:
        kind, _, code = key.partition(" ")
        if kind == "why":
            yield code
