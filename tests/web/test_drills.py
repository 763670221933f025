"""Drills in a browser without scripts."""

from __future__ import annotations

from tests.web.conftest import Browser


def begun(browser: Browser, preset: str) -> str:
    """Start the drill of a preset and return the address of the drill."""
    browser.open("/drills")
    browser.send("/drills", {"preset": preset})
    return str(browser.client.get("/v1/drills").json()["items"][0]["id"])


def test_a_preset_starts_with_its_first_problem(browser: Browser) -> None:
    browser.open("/drills")
    shown = browser.send("/drills", {"preset": "warm-up"})
    assert shown.status == 200
    assert browser.here.startswith("/problems/")
    assert "Problem 1 of 5" in shown.text


def test_finishing_shows_the_report(browser: Browser) -> None:
    drill = begun(browser, "warm-up")
    browser.open(f"/drills/{drill}")
    shown = browser.send(f"/drills/{drill}/finish")
    assert browser.here == f"/drills/{drill}/report"
    assert "0 of 5" in shown.text
