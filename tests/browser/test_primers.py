"""The slider of a primer's picture, with the keys of the keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.service import Service

GRADIENTS = "/topics/gradients"


def moved(page: Page, steps: int) -> Page:
    """Move the slider by so many steps of the right arrow key."""
    page.locator("#at").focus()
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    return page


def test_the_points_follow_the_slider_and_the_numbers_with_them(visit: Open, alone: Service) -> None:
    page = moved(visit(GRADIENTS, on=alone), 50)
    expect(page.locator("#readings span")).to_have_text(["z = 0", "σ − 1 = −0.5", re.compile("= −0.25$")])
    across = {re.findall(r"[\d.]+", point.get_attribute("transform") or "")[0] for point in page.locator(".moves").all()}
    assert across == {"175"}


def test_who_does_not_see_the_picture_hears_what_a_position_stands_for(visit: Open, alone: Service) -> None:
    page = moved(visit(GRADIENTS, on=alone), 50)
    expect(page.locator("#at")).to_have_attribute("aria-valuetext", re.compile(r"z = 0, σ − 1 = −0\.5"))
    expect(page.locator("#picture desc")).to_have_text(re.compile(r"z = 0, σ − 1 = −0\.5"))


def test_the_button_that_works_without_a_script_is_gone_where_one_runs(visit: Open, alone: Service) -> None:
    expect(visit(GRADIENTS, on=alone).get_by_role("button", name="Show")).to_have_count(0)


def test_without_a_script_the_slider_is_sent_with_its_button(visit: Open, alone: Service) -> None:
    page = visit(GRADIENTS, on=alone, java_script_enabled=False)
    page.locator("#at").fill("50")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#readings span").first).to_have_text("z = 0")
