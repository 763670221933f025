"""A room, seen by its coach and a candidate at the same time."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.answering import answer, right_on
from tests.browser.conftest import Open
from tests.browser.service import Service


def opened(page: Page) -> str:
    """Open a room without a limit of time and return the link for candidates."""
    page.check("#preset-warm-up")
    page.get_by_role("button", name="Open the room").click()
    return page.locator("#link").input_value()


def joined(page: Page, name: str) -> None:
    """Join the room of a link with a name, which leads to its first problem."""
    page.fill("#name", name)
    page.get_by_role("button", name="Join").click()
    expect(page.locator("#answer")).to_be_visible()


def test_a_coach_sees_live_who_joins_and_what_comes_of_each_answer(visit: Open, service: Service) -> None:
    coach = service.enrol("Ada", role="coach")
    room = visit("/rooms/new", by=coach)
    link = opened(room)
    expect(room.locator("main")).to_contain_text("Nobody has joined yet.")
    guest = visit(link)
    joined(guest, "Grace")
    row = room.locator("[data-candidate]")
    expect(row).to_contain_text("Grace")
    answer(guest, right_on(guest, service))
    expect(row.locator(".outcome").first).to_contain_text("✓")
    expect(room.locator("#live")).to_contain_text("Grace")
