"""What tests of several pages do with problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quiz_bank.forms import as_answer, letters_of
from quiz_bank.problem import ChoicePart, Variant
from tests.web.conftest import Browser, Shown

Fields = dict[str, str | list[str]]


def begun(browser: Browser, named: Mapping[str, str]) -> Shown:
    """Open the first page and start a problem from there."""
    browser.open("/")
    return browser.send("/practise", dict(named))


def right_fields(variant: Variant[Any]) -> Fields:
    """Return the fields of a right answer."""
    fields: Fields = {}
    for part in variant.parts:
        if not isinstance(part, ChoicePart):
            fields |= _filled(part.name, as_answer(part.truth))
        elif part.spec.kind in {"ordering", "matching"}:
            fields |= _filled(part.name, letters_of(part))
        else:
            fields[part.name] = letters_of(part)
    return fields


def _filled(name: str, value: object) -> Fields:
    if isinstance(value, list):
        return {key: text for i, item in enumerate(value) for key, text in _filled(f"{name}.{i}", item).items()}
    return {name: str(value)}
