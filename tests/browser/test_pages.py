"""Every page: nothing keeps anybody out of it, it is in the language of the browser, and it fits a narrow screen."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from quiz_bank.problem import Language
from tests.browser.addresses import WAYS, Places, places, routes
from tests.browser.axe import barriers
from tests.browser.service import Service
from tests.browser.watch import LOCALES, watched

NARROW = {"width": 360, "height": 740}
EVERYWHERE = [(address, language) for route in sorted(routes()) for address in WAYS.get(route, []) for language in LOCALES]


STICKING_OUT = """() => {
    const root = document.scrollingElement;
    const all = [...document.body.querySelectorAll(":not(:is(.scroll, .math) *)")];
    const out = all.filter((each) => each.getBoundingClientRect().right > innerWidth);
    const names = out.map((each) => `${each.localName}.${each.className}: ${each.textContent.trim().slice(0, 60)}`);
    return root.scrollWidth > innerWidth ? [`${root.scrollWidth} pixels`, ...names] : [];
}"""


@pytest.fixture(scope="session")
def somewhere(service: Service) -> Places:
    """Return a coach with a past, and what there is to see of it."""
    return places(service)


@pytest.fixture(scope="module")
def tabs(browser: Browser, service: Service, somewhere: Places) -> Iterator[dict[tuple[bool, Language], Page]]:
    """Give a tab in each language where the coach is signed in, and one where nobody is."""
    tabs: dict[tuple[bool, Language], Page] = {}
    with ExitStack() as stack:
        for language in LOCALES:
            for by in (None, somewhere.coach):
                context = stack.enter_context(watched(browser, service, by, language, viewport=NARROW))
                tabs[by is not None, language] = context.new_page()
        yield tabs


@pytest.fixture(scope="module", params=EVERYWHERE, ids=" ".join)
def page(request: pytest.FixtureRequest, tabs: dict[tuple[bool, Language], Page], somewhere: Places) -> Page:
    """Open one of all pages."""
    way, language = request.param
    page = tabs[way != "/sign-in", language]
    page.emulate_media(color_scheme="light")
    answer = page.goto(way.format(**dataclasses.asdict(somewhere)))
    assert answer is not None
    assert answer.status == 200
    return page


def sideways(page: Page) -> list[str]:
    """Return what sticks out to the right where a page must be scrolled sideways."""
    out: list[str] = page.evaluate(STICKING_OUT)
    return out


def test_every_page_is_tested() -> None:
    assert routes() - set(WAYS) == set()


def test_a_page_is_in_the_language_of_the_browser(page: Page) -> None:
    is_chinese = any("一" <= character <= "鿿" for character in page.locator("header, h1").all_inner_texts()[0])
    assert page.locator("html").get_attribute("lang") == ("zh-Hans" if is_chinese else "en")
    assert is_chinese == (page.evaluate("navigator.language") == "zh-CN")


def test_a_narrow_screen_needs_no_scrolling_sideways_even_with_text_of_twice_the_size(page: Page) -> None:
    assert sideways(page) == []
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert sideways(page) == []
    page.evaluate("document.documentElement.style.fontSize = ''")


def test_nothing_keeps_anybody_out_of_a_page_in_the_light_or_in_the_dark(page: Page) -> None:
    assert barriers(page) == []
    page.emulate_media(color_scheme="dark")
    assert barriers(page, "color-contrast") == []
