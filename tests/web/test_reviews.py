"""Reviews in a browser without scripts."""

from __future__ import annotations

from tests.web.conftest import Browser

MOCK = {"family": "cross-entropy-one-hot", "preset": "mock-question"}


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
