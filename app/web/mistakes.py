"""What a mistake is called, and where a primer mends it."""

from __future__ import annotations

from dataclasses import dataclass

from app.edge.languages import Language
from app.services.primers import find_primer, mending


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that the family recognises: its name, and where a primer mends it; an empty address for nowhere."""

    title: str
    address: str


def named_mistake(code: str, family: str, language: Language) -> Mistake:
    """Return a mistake by the heading of the paragraph that mends it; by its code where there is none."""
    place = mending(code, family)
    if place is None:
        return Mistake(code, "")
    topic, anchor = place
    title = next(section.title for section in find_primer(topic, language).mistakes if section.anchor == anchor)
    return Mistake(title, _address(topic, anchor))


def mended_at(code: str, family: str) -> str:
    """Return the address of the paragraph that mends a mistake; empty where there is none. No primer is rendered for it."""
    place = mending(code, family)
    return _address(*place) if place else ""


def _address(topic: str, anchor: str) -> str:
    return f"/topics/{topic}#{anchor}"
