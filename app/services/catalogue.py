"""Finding families in the bank."""

from __future__ import annotations

from typing import Any

from quiz_bank import rendering
from quiz_bank.problem import Family, Language
from quiz_bank.registry import FAMILIES
from quiz_bank.topics import topic_title


def matching(
    language: Language, *, words: str = "", topic: str | None = None, level: int | None = None, kind: str | None = None
) -> list[Family[Any]]:
    """Return the families of a topic, with a level, with a part of a kind, that have all the words; in the bank's order.

    The words may stand in a family's slug, or in the title of it or of its topic in that language, in any case.
    """
    return [
        family
        for family in FAMILIES.values()
        if topic in (None, family.topic)
        and (level is None or level in family.levels)
        and (kind is None or any(part.kind == kind for part in family.parts))
        and _has(family, words, language)
    ]


def _has(family: Family[Any], words: str, language: Language) -> bool:
    its_words = (family.slug, family.topic, topic_title(family.topic, language), rendering.title(family, language))
    text = " ".join(its_words).lower()
    return all(word in text for word in words.lower().split())
