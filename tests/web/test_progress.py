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


def test_a_mistake_is_overcome_by_three_right_answers_in_a_row(browser: Browser) -> None:
    for loss in ("0.5146", "0.5146", "0.357", "0.357", "0.357"):
        answered(browser, loss)
    shown = browser.open("/progress")
    assert "No mistake keeps coming back." in shown.text
    assert "1 mistake overcome" in shown.text


def test_a_streak_that_is_switched_off_is_not_shown(browser: Browser) -> None:
    answered(browser, "0.357")
    assert "in a row" in browser.open("/progress").text
    browser.client.patch("/v1/me", json={"streak": False})
    assert "in a row" not in browser.open("/progress").text


def test_confidence_is_scored_in_numbers_words_and_a_picture(browser: Browser) -> None:
    answered(browser, "0.357", confidence="90")
    answered(browser, "0.5146", confidence="50")
    shown = browser.open("/progress")
    assert "Log loss: 0.399 nats" in shown.text  # −(ln 0.9 + ln 0.5)/2 = 0.39925
    assert "Always saying 50%, your share of right answers, would have lost 0.693." in shown.text  # ln 2
    assert "Brier score: 0.130" in shown.text  # (0.1² + 0.5²)/2
    assert shown.all("//*[local-name()='svg' and contains(@class, 'reliability')]")


def test_who_never_says_how_sure_they_are_is_told_how_to(browser: Browser) -> None:
    answered(browser, "0.357")
    shown = browser.open("/progress")
    assert "You haven't said yet how sure you are." in shown.text
    assert "choose how sure you are" in shown.text
    assert "Log loss" not in shown.text


def test_whoever_was_certain_and_wrong_has_lost_everything(browser: Browser) -> None:
    answered(browser, "0.5146", confidence="100")
    assert "Log loss: ∞ nats" in browser.open("/progress").text
