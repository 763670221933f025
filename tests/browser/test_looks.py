"""How pages look: in the light and in the dark, in motion and at rest, on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.web.visits import Choices, Scheme
from tests.browser.conftest import Open
from tests.browser.service import Person

DARK, LIGHT = "rgb(21, 24, 28)", "rgb(251, 250, 247)"


def paper(page: Page) -> str:
    """Return the colour behind everything."""
    colour: str = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return colour


@pytest.mark.parametrize(("device", "colour"), [("light", LIGHT), ("dark", DARK)])
def test_the_colours_follow_the_device(visit: Open, device: str, colour: str) -> None:
    assert paper(visit(color_scheme=device)) == colour


@pytest.mark.parametrize(("chosen", "device", "colour"), [("light", "dark", LIGHT), ("dark", "light", DARK)])
def test_the_colours_that_were_chosen_go_before_those_of_the_device(
    visit: Open, chosen: Scheme, device: str, colour: str
) -> None:
    assert paper(visit(choices=Choices(scheme=chosen), color_scheme=device)) == colour


MOVING = """() => [...document.querySelectorAll("*")].filter((each) => {
    const {transitionDuration, animationName} = getComputedStyle(each);
    return transitionDuration.split(", ").some((time) => parseFloat(time) > 0) || animationName !== "none";
}).length"""


def test_nothing_moves_for_who_asked_for_that(visit: Open, me: Person) -> None:
    page = visit("/drills", by=me, reduced_motion="reduce")
    assert page.evaluate(MOVING) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVING) > 0


def test_formulas_are_set_by_the_browser_where_there_are_no_scripts(visit: Open) -> None:
    page = visit("/topics/cross-entropy", java_script_enabled=False)
    formula = page.locator("math").first
    expect(formula).to_be_visible()
    expect(page.locator(".katex")).to_have_count(0)


def test_formulas_are_set_by_katex_with_fonts_of_our_own_where_scripts_run(visit: Open) -> None:
    page = visit("/topics/cross-entropy")
    expect(page.locator(".katex").first).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => null)")
    assert page.evaluate("document.fonts.check('16px KaTeX_Main')")


def test_on_paper_there_is_what_was_asked_and_no_button(visit: Open, me: Person) -> None:
    page = visit("/", by=me)
    page.get_by_role("button", name="Practise").click()
    expect(page.locator("#answer")).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("#prompt")).to_be_visible()
    for hidden in ("header.top", "#answer > button", "#report"):
        expect(page.locator(hidden)).to_be_hidden()
    assert paper(page) == "rgb(255, 255, 255)"
