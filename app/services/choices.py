"""What there is to pick from in a problem, and what is right of it, by the letters that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.services.shelf import value_to_json
from quiz_bank import rendering
from quiz_bank.problem import ChoicePart, Language, Part, Variant
from quiz_bank.rendering import Rendered


@dataclass(frozen=True, slots=True)
class Option:
    """An option and its letter."""

    letter: str
    text: Rendered


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of a part; a matching pairs them with its items, in order."""

    part: str
    label: str
    options: tuple[Option, ...]
    items: tuple[Rendered, ...]


def choices_of(variant: Variant[Any], language: Language) -> Iterator[Choices]:
    """Yield the options of each part that has some."""
    for part in variant.parts:
        if isinstance(part, ChoicePart):
            said = {code: rendering.option_text(variant, code, language) for code in (*part.letters.values(), *part.items)}
            options = tuple(Option(letter, said[code]) for letter, code in part.letters.items())
            label = rendering.part_label(variant, part.name, language)
            yield Choices(part.name, label, options, tuple(said[code] for code in part.items))


def choices_as_shown(shown: Mapping[str, Any]) -> Iterator[Choices]:
    """Yield the same of a problem as it was shown and is stored, whatever became of its family."""
    for part in shown["parts"]:
        if part.get("options"):
            options = tuple(Option(option["letter"], Rendered(**option["text"])) for option in part["options"])
            yield Choices(part["name"], part["label"], options, tuple(Rendered(**each) for each in part["items"] or ()))


def key_of(part: Part | ChoicePart) -> object:
    """Return what is right as JSON, options by their letters."""
    if isinstance(part, Part):
        return value_to_json(part.truth)
    letters = {code: letter for letter, code in part.letters.items()}
    return [letters[code] for code in part.truth]
