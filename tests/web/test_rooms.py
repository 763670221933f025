"""A coach's room in a browser without scripts."""

from __future__ import annotations

import re

import pytest

from tests.api.people import enrolled
from tests.web.conftest import Browser, SignedIn, Visit


def opened(browser: Browser, **fields: str) -> str:
    """Open a room and return its code."""
    browser.open("/rooms/new")
    browser.send("/rooms", {"preset": "warm-up", **fields})
    return browser.here.removeprefix("/rooms/")


def joined(browser: Browser, code: str, name: str) -> str:
    """Join a room with a name and return the address of the drill."""
    browser.open(f"/join/{code}")
    browser.send(f"/join/{code}/guest", {"name": name})
    return browser.here


def test_a_coach_opens_a_room_of_a_preset_and_sees_how_it_is_joined(signed_in: SignedIn) -> None:
    coach = signed_in("Carol", role="coach")
    code = opened(coach, title="Round one")
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    assert coach.last
    assert "Round one" in coach.last.text
    assert "Nobody has joined yet." in coach.last.text
    [link] = coach.last.all("//input[@id='link']/@value")
    assert link == f"http://localhost:8000/join/{code}"
    assert "Round one" in coach.open("/rooms").text


def test_a_room_without_a_title_is_called_what_its_preset_is(signed_in: SignedIn) -> None:
    coach = signed_in("Carol", role="coach", language="zh")
    coach.language = "zh"
    opened(coach)
    assert coach.last
    assert coach.last.all("//h1")[0].text == "热身"


@pytest.mark.parametrize("path", ["/rooms", "/rooms/new"])
def test_rooms_are_for_coaches(signed_in: SignedIn, path: str) -> None:
    assert signed_in("Ada").open(path).status == 403


def test_a_candidate_joins_by_the_link_with_a_name_and_is_at_the_drill(visit: Visit) -> None:
    coach, candidate = signed_in_at(visit)
    code = opened(coach)
    door = candidate.open(f"/join/{code}")
    assert "5 problems" in door.text
    assert joined(candidate, code, "Bob").startswith("/drills/")
    assert candidate.last
    assert candidate.last.status == 200
    assert "Bob" in coach.open(f"/rooms/{code}").text


def signed_in_at(visit: Visit) -> tuple[Browser, Browser]:
    """Return a coach and somebody without an account, each with a browser of their own."""
    coach, other = visit(access="tokens"), visit(access="tokens")
    person = enrolled(coach.client, "Carol", role="coach")
    coach.open("/sign-in")
    coach.send("/sign-in", {"token": person.token})
    return coach, other
