"""Reviews in a browser without scripts."""

from __future__ import annotations

import pytest

from tests.api.drilling import Clock, on_a_clock_of_its_own
from tests.web.conftest import Browser

DAY = 24 * 3600
MOCK = {"family": "cross-entropy-one-hot", "preset": "mock-question"}


@pytest.fixture
def clock(browser: Browser) -> Clock:
    return on_a_clock_of_its_own(browser.client)


def solved(browser: Browser) -> None:
    """Solve a problem, so that its family comes back."""
    browser.open("/")
    browser.send("/practise", {**MOCK})
    shown = browser.send(browser.here, {"loss": "-ln(0.7)"})
    assert "Right" in shown.text


def test_where_nothing_was_practised_there_is_a_way_to_begin(browser: Browser) -> None:
    shown = browser.open("/reviews")
    assert "nothing to review yet" in shown.text
    browser.send("/practise")
    assert browser.here.startswith("/problems/")


def test_what_was_solved_is_listed_with_when_it_comes_back(browser: Browser) -> None:
    solved(browser)
    shown = browser.open("/reviews")
    assert "Nothing is due now. The next review comes in" in shown.text
    assert shown.all("//ul//a[@href='/families/cross-entropy-one-hot']")


def test_what_is_due_is_reviewed_with_fresh_numbers(browser: Browser, clock: Clock) -> None:
    solved(browser)
    first = browser.here
    clock.advance(60 * DAY)
    shown = browser.open("/reviews")
    assert "1 family is due." in shown.text
    shown = browser.send("/reviews/next")
    assert browser.here.startswith("/problems/")
    assert browser.here != first
    assert "Cross-entropy of a one-hot target" in shown.text


def test_where_nothing_is_due_any_more_the_button_leads_back(browser: Browser, clock: Clock) -> None:
    solved(browser)
    clock.advance(60 * DAY)
    browser.open("/reviews")
    clock.advance(-60 * DAY)
    browser.send("/reviews/next")
    assert browser.here == "/reviews"


def test_it_reads_in_chinese(browser: Browser, clock: Clock) -> None:
    solved(browser)
    browser.language = "zh"
    assert "周后" in browser.open("/reviews").text
    clock.advance(60 * DAY)
    assert "1 类题目该复习了。" in browser.open("/reviews").text
