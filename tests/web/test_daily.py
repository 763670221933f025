"""The problem of a day in a browser without scripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.api.contract import rows_of
from tests.web.conftest import Browser, Visit

NOW = datetime(2027, 2, 3, 12, tzinfo=UTC)
TODAY, YESTERDAY, TOMORROW = "2027-02-03", "2027-02-02", "2027-02-04"
FIRST, BEFORE = "2026-11-20", "2026-11-19"


def at(browser: Browser, now: datetime = NOW) -> Browser:
    """Set the clock of the service behind a browser."""
    app: Any = browser.client.app
    app.state.context = replace(app.state.context, clock=lambda: now)
    return browser


@pytest.fixture
def browser(visit: Visit) -> Browser:
    return at(visit())


def links(browser: Browser) -> set[str]:
    """Return the addresses that the page links to."""
    assert browser.last
    return set(browser.last.all("//main//a/@href"))


def test_todays_problem_is_set_once_and_gone_on_with(browser: Browser) -> None:
    browser.open("/daily")
    browser.send(f"/daily/{TODAY}")
    first = browser.here
    assert first.startswith("/problems/")
    assert "begun" in browser.open("/daily").text
    browser.send(f"/daily/{TODAY}")
    assert browser.here == first


def test_it_is_the_same_for_everybody(visit: Visit) -> None:
    prompts = {at(visit()).open(f"/daily/{YESTERDAY}").all("//div[contains(@class, 'prompt')]")[0].text_content() for _ in "ab"}
    assert len(prompts) == 1


def test_a_day_leads_to_its_neighbours_but_not_to_tomorrow(browser: Browser) -> None:
    browser.open(f"/daily/{YESTERDAY}")
    assert {"/daily/2027-02-01", f"/daily/{TODAY}"} <= links(browser)
    browser.open("/daily")
    assert f"/daily/{YESTERDAY}" in links(browser)
    assert f"/daily/{TOMORROW}" not in links(browser)


def test_the_first_day_has_none_before_it(browser: Browser) -> None:
    browser.open(f"/daily/{FIRST}")
    assert f"/daily/{BEFORE}" not in links(browser)
    assert "?month=2026-12#month" in links(browser)
    assert "?month=2026-10#month" not in links(browser)


@pytest.mark.parametrize(
    ("month", "days", "heading"),
    [
        ("2026-11", 11, "November 2026"),
        ("2027-01", 31, "January 2027"),
        ("2027-02", 3, "February 2027"),
        ("x", 3, "February 2027"),
    ],
)
def test_the_archive_shows_the_days_of_a_month(browser: Browser, month: str, days: int, heading: str) -> None:
    shown = browser.open(f"/daily?month={month}")
    assert len(shown.all("//ol[@class='days']/li")) == days
    assert heading in shown.text


def test_a_day_to_come_says_when(browser: Browser) -> None:
    shown = browser.open(f"/daily/{TOMORROW}")
    assert shown.status == 404
    assert "comes when that day begins" in shown.text
    assert "/daily" in links(browser)


def test_a_day_before_the_first_leads_to_the_first(browser: Browser) -> None:
    assert browser.open(f"/daily/{BEFORE}").status == 404
    assert f"/daily/{FIRST}" in links(browser)


@pytest.mark.parametrize("day", ["today", "20270203", "2027-2-3", "2027-02-30"])
def test_what_is_no_day_is_not_found(browser: Browser, day: str) -> None:
    assert browser.open(f"/daily/{day}").status == 404


def test_it_reads_in_chinese(browser: Browser) -> None:
    browser.language = "zh"
    shown = browser.open(f"/daily/{YESTERDAY}")
    assert shown.all("//h1")[0].text == "2027年2月2日的题目"
    assert "2027年2月" in shown.text


def test_whoever_is_not_signed_in_is_asked_to_and_fixes_nothing(visit: Visit) -> None:
    browser = at(visit(access="tokens"))
    browser.open("/daily")
    assert browser.here == "/sign-in"
    assert rows_of(browser.client, "dailies") == []
