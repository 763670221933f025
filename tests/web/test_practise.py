"""Practising without scripts: from the first page to a problem, an answer, its verdict and the next problem."""

from __future__ import annotations

from typing import Any

import pytest

from quiz_bank.forms import as_answer, letters_of
from quiz_bank.problem import ChoicePart, Variant
from quiz_bank.registry import FAMILIES
from quiz_bank.variants import draw
from tests.web.conftest import Browser, Shown

MOCK = {"family": "cross-entropy-one-hot", "preset": "mock-question"}


def begun(browser: Browser, **named: str) -> Shown:
    """Open the first page and start a problem from there."""
    browser.open("/")
    return browser.send("/practise", {**named})


def answered(browser: Browser, fields: dict[str, str | list[str]]) -> Shown:
    """Answer the problem that is on the page."""
    address = browser.here.removesuffix("/solution")
    return browser.send(address, fields)


def right_fields(variant: Variant[Any]) -> dict[str, str | list[str]]:
    """Return the fields of a right answer."""
    fields: dict[str, str | list[str]] = {}

    def fill(name: str, value: object) -> None:
        if isinstance(value, list):
            for i, item in enumerate(value):
                fill(f"{name}.{i}", item)
        else:
            fields[name] = str(value)

    for part in variant.parts:
        if not isinstance(part, ChoicePart):
            fill(part.name, as_answer(part.truth))
        elif part.spec.kind in {"ordering", "matching"}:
            fill(part.name, letters_of(part))
        else:
            fields[part.name] = letters_of(part)
    return fields


def test_one_press_leads_to_a_problem_that_says_where_it_comes_from(browser: Browser) -> None:
    shown = begun(browser)
    assert shown.status == 200
    assert browser.here.startswith("/problems/")
    assert shown.all("//main//form[@id='answer']")


@pytest.mark.parametrize("slug", sorted(FAMILIES))
def test_every_kind_of_problem_can_be_answered_on_its_page(browser: Browser, slug: str) -> None:
    level = max(FAMILIES[slug].levels)
    begun(browser, family=slug, level=str(level), seed="a")
    shown = answered(browser, right_fields(draw(FAMILIES[slug], level, "a").variant))
    assert shown.status == 200, shown.text
    assert shown.all("//section[contains(@class, 'verdict right')]"), shown.text
