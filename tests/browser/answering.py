"""Answering in a browser, by keys alone or by whatever fills in a form, with answers that are known to be right or wrong."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Connection, select

from app.services.shelf import Shelf
from app.storage.models import problems
from quiz_bank.problem import Variant
from tests.browser.service import Service
from tests.web.practising import Fields, right_fields

MOST_STOPS = 150
"""More fields, links and buttons than any page has before what is looked for."""


def right_on(page: Page, service: Service) -> Fields:
    """Return what stands in the fields of the problem on a page when it is answered rightly."""
    problem = UUID(page.url.partition("/problems/")[2][:36])

    def work(connection: Connection) -> Variant[Any]:
        learner = connection.scalar(select(problems.c.learner_id).where(problems.c.id == problem))
        assert learner is not None
        return Shelf().problem(connection, learner, problem).variant

    return right_fields(service.write(work))


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(MOST_STOPS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab doesn't reach {wanted}")


def answer_by_keys(page: Page, fields: Fields) -> None:
    """Fill in all fields and send them without a pointer, from wherever the focus is."""
    for name, value in fields.items():
        field = page.locator(f'#answer [name="{name}"]')
        if isinstance(value, list):
            for letter in value:
                tick_by_keys(page, page.locator(f'#answer [name="{name}"][value="{letter}"]'))
        else:
            tab_to(page, field)
            page.keyboard.type(value)
    tab_to(page, page.locator("#answer > button"))
    page.keyboard.press("Enter")


def tick_by_keys(page: Page, box: Locator) -> None:
    """Tick a box with the space bar; go to a round one with the arrows, as one does within its group."""
    if box.get_attribute("type") == "checkbox":
        tab_to(page, box)
        page.keyboard.press("Space")
        return
    group = page.locator(f'#answer [name="{box.get_attribute("name")}"]')
    tab_to(page, group.first)
    page.keyboard.press("Space")
    for _ in range(group.count()):
        if box.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow leads to {box}")


def answer(page: Page, fields: Fields) -> None:
    """Fill in all fields and press the button."""
    for name, value in fields.items():
        if isinstance(value, list):
            for letter in value:
                page.check(f'#answer [name="{name}"][value="{letter}"]')
        elif page.locator(f'#answer select[name="{name}"]').count():
            page.select_option(f'#answer [name="{name}"]', value)
        else:
            page.fill(f'#answer [name="{name}"]', value)
    page.click("#answer > button")


def expect_verdict(page: Page, state: str) -> Locator:
    """Wait for the verdict and return it; it must be of this kind."""
    verdict = page.locator("#verdict")
    expect(verdict).to_have_class(f"verdict {state}")
    return verdict
