"""Progress in a browser without scripts."""

from __future__ import annotations

import pytest

from tests.web.conftest import Browser

MOCK = {"family": "cross-entropy-one-hot", "preset": "mock-question"}


def answered(browser: Browser, loss: str, **fields: str) -> None:
    """Answer the known question."""
    browser.open("/")
    browser.send("/practise", {**MOCK})
    browser.send(browser.here, {"loss": loss, **fields})


@pytest.mark.parametrize(("language", "said"), [("en", "Nothing is here yet."), ("zh", "这里还没有内容。")])
def test_before_the_first_problem_there_is_a_way_to_begin(browser: Browser, language: str, said: str) -> None:
    browser.language = language
    assert said in browser.open("/progress").text
    browser.send("/practise")
    assert browser.here.startswith("/problems/")


def test_a_mistake_made_twice_is_named_with_why_and_its_family_can_be_practised(browser: Browser) -> None:
    answered(browser, "0.5146")
    answered(browser, "0.5146")
    shown = browser.open("/progress")
    assert "made 2 times" in shown.text
    assert "base 2" in shown.text
    browser.send("/families/cross-entropy-one-hot")
    assert browser.here.startswith("/problems/")


def test_what_was_practised_is_counted_by_topic_and_family(browser: Browser) -> None:
    answered(browser, "-ln(0.7)")
    shown = browser.open("/progress")
    assert shown.all("//td[@class='known']")
    assert shown.all("//details//a[@href='/families/cross-entropy-one-hot']")
    assert "1 day in a row" in shown.text
