"""What tests of rooms do: a coach opens one, candidates join it and answer."""

from __future__ import annotations

import re

from tests.api.people import enrolled
from tests.web.conftest import Browser, Shown, Visit

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
MOCK, LOGITS = "cross-entropy-one-hot:mock-question", "ce-from-logits:1"
RIGHT, IN_BITS = "0.357", "0.5146"


def signed_in_as(visit: Visit, name: str, *, role: str = "learner", language: str = "en") -> Browser:
    """Return a browser in which somebody with an account is signed in."""
    browser = visit(access="tokens")
    person = enrolled(browser.client, name, role=role, language=language)
    browser.open("/sign-in")
    browser.send("/sign-in", {"token": person.token})
    browser.language = language
    return browser


def opened(coach: Browser, **fields: str) -> str:
    """Open a room of a preset and return its code."""
    coach.open("/rooms/new")
    coach.send("/rooms", {"preset": "warm-up", **fields})
    return code_of(coach)


def interview(coach: Browser, *problems: str, **fields: str) -> str:
    """Open a room with chosen problems, each followed by a question, told at its end; return its code."""
    coach.open("/rooms/new?by=problems")
    for problem in problems or (MOCK, LOGITS):
        coach.send("/rooms/new", {"add": problem}, form="/rooms")
    coach.send("/rooms", {"title": "Round one", "interview": "on", **fields})
    return code_of(coach)


def code_of(coach: Browser) -> str:
    """Return the code of the room that a browser is in."""
    code = coach.here.removeprefix("/rooms/")
    assert CODE.fullmatch(code), coach.here
    return code


def joined(candidate: Browser, code: str, name: str = "") -> str:
    """Join a room with a name, or without one as oneself, and return the address of the drill."""
    candidate.open(f"/join/{code}")
    candidate.send(f"/join/{code}/guest", {"name": name}) if name else candidate.send(f"/join/{code}")
    return drill_of(candidate)


def drill_of(candidate: Browser) -> str:
    """Return the address of the drill whose problem a browser shows."""
    assert candidate.last
    [address] = candidate.last.all("//*[@class='drill-bar']//*[@class='place']/a/@href")
    return str(address)


def answered(candidate: Browser, value: str, follow_up: str = "") -> str:
    """Answer the problem that a browser shows, and the question after it where that is asked; return where the problem is."""
    problem = candidate.here
    candidate.send(problem, {"loss": value})
    if follow_up:
        candidate.open(f"{problem}/follow-up")
        candidate.send(f"{problem}/follow-up", {"answer": follow_up})
    return problem


def row_of(shown: Shown, name: str) -> list[str]:
    """Return the cells of a candidate in the first table of a page."""
    [row] = shown.all(f"(//table)[1]/tbody/tr[contains(th, '{name}')]")
    return [" ".join(cell.text_content().split()) for cell in row.xpath("td")]


def complaint(shown: Shown) -> str:
    """Return what is said of what was typed."""
    return " ".join(each.text_content() for each in shown.all("//main//*[@role='alert']"))
