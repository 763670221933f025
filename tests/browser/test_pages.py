"""Every page, in English in the light and in Chinese in the dark.

Nothing keeps anybody out of it, it is in the language of the browser, and it fits a narrow screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from quiz_bank.problem import Language
from tests.browser.addresses import FOR_NOBODY, WAYS, Places, places, routes
from tests.browser.axe import barriers
from tests.browser.service import Service
from tests.browser.watch import LOCALES, watched

NARROW: ViewportSize = {"width": 360, "height": 740}
SCHEMES: dict[Language, str] = {"en": "light", "zh": "dark"}
FOR_SOMEBODY = [way for route in sorted(routes()) for way in WAYS.get(route, [])]
EVERYWHERE = [
    (who, way, language)
    for who, ways in (("somebody", FOR_SOMEBODY), ("nobody", FOR_NOBODY))
    for language in LOCALES
    for way in ways
]

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
def tabs(browser: Browser, service: Service, somewhere: Places) -> Iterator[dict[tuple[str, Language], Page]]:
    """Give a tab in each language where the coach is signed in, and one where nobody is; Chinese ones are in the dark."""
    tabs: dict[tuple[str, Language], Page] = {}
    with ExitStack() as stack:
        for language in LOCALES:
            for who, by in (("somebody", somewhere.coach), ("nobody", None)):
                watch = watched(browser, service, by, language, viewport=NARROW, color_scheme=SCHEMES[language])
                context = stack.enter_context(watch)
                tabs[who, language] = context.new_page()
        yield tabs


@pytest.fixture(scope="module", params=EVERYWHERE, ids=" ".join)
def page(request: pytest.FixtureRequest, tabs: dict[tuple[str, Language], Page], service: Service, somewhere: Places) -> Page:
    """Open one of all pages."""
    who, way, language = request.param
    page, path = tabs[who, language], way.format(**somewhere.names)
    answer = page.goto(path)
    assert answer is not None
    assert (answer.status, answer.url) == (404 if way == "/nowhere" else 200, f"{service.address}{path}")
    return page


def assert_fits(page: Page) -> None:
    """Fail, and say what sticks out to the right, where a page must be scrolled sideways."""
    out: list[str] = page.evaluate(STICKING_OUT)
    assert not out, "\n".join(out)


def test_every_page_is_tested() -> None:
    assert routes() - set(WAYS) == set()


def test_a_page_is_in_the_language_of_the_browser(page: Page) -> None:
    is_chinese = any("一" <= character <= "鿿" for character in page.locator("header, h1").all_inner_texts()[0])
    assert page.locator("html").get_attribute("lang") == ("zh-Hans" if is_chinese else "en")
    assert is_chinese == (page.evaluate("navigator.language") == "zh-CN")


def test_a_narrow_screen_needs_no_scrolling_sideways_even_with_text_of_twice_the_size(page: Page) -> None:
    assert_fits(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert_fits(page)
    page.evaluate("document.documentElement.style.fontSize = ''")


def test_nothing_keeps_anybody_out_of_a_page(page: Page) -> None:
    found = barriers(page)
    assert not found, "\n".join(found)


def test_a_barrier_and_a_wide_page_would_be_noticed(browser: Browser) -> None:
    with browser.new_context(viewport=NARROW) as context:
        page = context.new_page()
        page.set_content("<html lang=en><title>Wide</title><h1>Wide</h1><input style='width: 400px'></html>")
        assert any(found.startswith("label at ['input']") for found in barriers(page))
        with pytest.raises(AssertionError, match="input"):
            assert_fits(page)
