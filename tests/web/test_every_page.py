"""Every route of the pages, asked by everybody for what belongs to somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import Connection

from app.edge.access import SESSION
from app.main import ROUTERS
from app.services import accounts
from app.storage import learners
from tests.api.contract import storage_of
from tests.web.conftest import FORM, HTML, Browser, Visit
from tests.web.rooming import interview, joined, signed_in_as

PEOPLE: Final = ("nobody", "stranger", "guest", "coach", "admin")
# Of what is the candidate's: nobody is led to sign in (303), others find nothing (404), guests nothing beyond their room.
# An admin may look into the coach's room, and is a stranger to the candidate.
EXPECTED: Final[dict[str, tuple[int, int, int, int, int]]] = {
    "GET /": (200, 200, 200, 200, 200),
    "GET /daily": (303, 200, 403, 200, 200),
    "GET /daily/{day}": (404, 404, 404, 404, 404),
    "GET /drills": (303, 200, 403, 200, 200),
    "GET /drills/new": (303, 200, 403, 200, 200),
    "GET /drills/{drill_id}": (303, 404, 404, 404, 404),
    "GET /drills/{drill_id}/report": (303, 404, 404, 404, 404),
    "GET /families": (200, 200, 403, 200, 200),
    "GET /families/{slug}": (404, 404, 403, 404, 404),
    "GET /goodbye": (200, 200, 200, 200, 200),
    "GET /help": (200, 200, 200, 200, 200),
    "GET /join": (200, 200, 200, 200, 200),
    "GET /join/{code}": (200, 200, 303, 200, 200),
    "GET /people": (303, 403, 403, 403, 200),
    "GET /problems/{problem_id}": (303, 404, 404, 404, 404),
    "GET /problems/{problem_id}/follow-up": (303, 404, 404, 404, 404),
    "GET /problems/{problem_id}/solution": (303, 404, 404, 404, 404),
    "GET /progress": (303, 200, 403, 200, 200),
    "GET /read": (200, 200, 200, 200, 200),
    "GET /register": (404, 404, 404, 404, 404),
    "GET /reviews": (303, 200, 403, 200, 200),
    "GET /rooms": (303, 403, 403, 200, 200),
    "GET /rooms/new": (303, 403, 403, 200, 200),
    "GET /rooms/{code}": (303, 404, 403, 200, 200),
    "GET /rooms/{code}/candidates/{drill_id}": (303, 404, 403, 200, 200),
    "GET /rooms/{code}/scorecard": (303, 404, 403, 200, 200),
    "GET /settings": (303, 200, 200, 200, 200),
    "GET /settings/data": (303, 200, 403, 200, 200),
    "GET /settings/tokens": (303, 200, 403, 200, 200),
    "GET /sign-in": (200, 200, 200, 200, 200),
    "GET /sign-in/openid": (404, 404, 404, 404, 404),
    "GET /sign-in/openid/back": (404, 404, 404, 404, 404),
    "GET /static/{version}/{path:path}": (200, 200, 200, 200, 200),
    "GET /topics": (200, 200, 200, 200, 200),
    "GET /topics/{slug}": (404, 404, 404, 404, 404),
    "POST /daily/{day}": (404, 404, 404, 404, 404),
    "POST /drills": (303, 303, 403, 303, 303),
    "POST /drills/{drill_id}/finish": (303, 404, 404, 404, 404),
    "POST /drills/{drill_id}/next": (303, 404, 404, 404, 404),
    "POST /drills/{drill_id}/pause": (303, 404, 404, 404, 404),
    "POST /drills/{drill_id}/resume": (303, 404, 404, 404, 404),
    "POST /families/{slug}": (303, 404, 403, 404, 404),
    "POST /join/{code}": (303, 303, 303, 303, 303),
    "POST /join/{code}/guest": (422, 303, 303, 303, 303),
    "POST /people/{learner_id}/role": (303, 403, 403, 403, 404),
    "POST /people/{learner_id}/token": (303, 403, 403, 403, 404),
    "POST /practise": (303, 303, 403, 303, 303),
    "POST /problems/{problem_id}": (303, 404, 404, 404, 404),
    "POST /problems/{problem_id}/follow-up": (303, 404, 404, 404, 404),
    "POST /problems/{problem_id}/hint": (303, 404, 404, 404, 404),
    "POST /problems/{problem_id}/report": (303, 404, 403, 404, 404),
    "POST /problems/{problem_id}/solution": (303, 404, 404, 404, 404),
    "POST /register": (404, 404, 404, 404, 404),
    "POST /reviews/next": (303, 303, 403, 303, 303),
    "POST /rooms": (303, 403, 403, 303, 303),
    "POST /rooms/new": (303, 403, 403, 303, 303),
    "POST /rooms/{code}/candidates/{drill_id}": (303, 404, 403, 404, 404),
    "POST /rooms/{code}/close": (303, 404, 403, 303, 303),
    "POST /settings/device": (303, 303, 303, 303, 303),
    "POST /settings/learner": (303, 422, 403, 422, 422),
    "POST /settings/sessions/end": (303, 303, 403, 303, 303),
    "POST /settings/tokens": (303, 422, 403, 422, 422),
    "POST /settings/tokens/{token_id}/revoke": (303, 404, 403, 404, 404),
    "POST /sign-in": (422, 422, 422, 422, 422),
    "POST /settings/data": (303, 422, 403, 422, 422),
    "POST /sign-out": (303, 303, 303, 303, 303),
}


def routes() -> Iterator[str]:
    """Name every route of the pages, whatever ends a visit last."""
    found = [
        f"{method} {route.path}"
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and route.endpoint.__module__.startswith("app.web.")
        for method in sorted(route.methods or ())
    ]
    last = {"POST /settings/data": 1, "POST /settings/sessions/end": 2, "POST /sign-out": 3}
    return iter(sorted(found, key=lambda name: (last.get(name, 0), name)))


def asked(browser: Browser, route: str, names: dict[str, str]) -> int:
    """Return the status with which a route answers, with the seal of this browser's forms."""
    method, _, template = route.partition(" ")
    path = template.replace(":path", "").format(**names)
    headers = {"accept": HTML, "accept-language": "en"}
    if method == "GET":
        return browser.client.get(path, headers=headers, follow_redirects=False).status_code
    shown = browser.open("/sign-in")
    seal = str(shown.all("//form[@action='/sign-in']//input[@name='seal']/@value")[0])
    return browser.client.post(
        path, content=urlencode({"seal": seal}), headers={**headers, **FORM}, follow_redirects=False
    ).status_code


@dataclass(frozen=True)
class Walk:
    """Another's things on the pages, and who comes by."""

    visit: Visit
    coach: Browser
    names: dict[str, str]

    def answers(self, browser: Browser) -> dict[str, int]:
        """Return the status with which every route answers a browser."""
        return {route: asked(browser, route, self.names) for route in routes()}

    def visitor(self, person: str) -> Browser:
        """Return the browser of somebody who has nothing to do with the candidate."""
        match person:
            case "coach":
                return self.coach
            case "stranger" | "admin":
                return signed_in_as(self.visit, "Eve", role="admin" if person == "admin" else "learner")
        browser = self.visit(access="tokens", **UNLIMITED)
        if person == "guest":
            joined(browser, self.names["code"], "Gus")
        return browser


UNLIMITED: Final = {"rate_failures": "", "rate_address": "", "rate_joins": ""}
"""Whoever tries every route with a session that is none would be told to slow down."""


@pytest.fixture
def walk(visit: Visit) -> Walk:
    coach = signed_in_as(visit, "Cleo", role="coach")
    code = interview(coach)
    candidate = signed_in_as(visit, "Ada")
    drill = joined(candidate, code)
    names = {
        "problem_id": candidate.here.removeprefix("/problems/"),
        "drill_id": drill.removeprefix("/drills/"),
        "token_id": str(candidate.client.get("/v1/me/tokens").json()["items"][0]["id"]),
        "code": code,
        "learner_id": "01990b7e-3c00-7000-8000-000000000000",
        "slug": "no-such-thing",
        "day": "2020-02-30",
        "version": "0",
        "path": "app.css",
    }
    return Walk(visit, coach, names)


@pytest.mark.parametrize("person", PEOPLE)
def test_every_route_answers_each_visitor_as_the_table_says(walk: Walk, person: str) -> None:
    expected = {route: statuses[PEOPLE.index(person)] for route, statuses in EXPECTED.items()}
    assert walk.answers(walk.visitor(person)) == expected


@pytest.mark.parametrize("session", ["expired", "revoked", "unknown", "malformed"])
def test_a_session_that_is_none_is_nobodys(walk: Walk, session: str) -> None:
    browser = walk.visitor("nobody")
    tokens = {"unknown": "crossdrill_web_" + "x" * 43, "malformed": "a b"}
    token = tokens.get(session) or ended_session(browser, expired=session == "expired")
    browser.client.cookies.set(SESSION, token)
    assert browser.client.get("/v1/me").status_code == 401
    assert walk.answers(browser) == {route: statuses[0] for route, statuses in EXPECTED.items()}


def ended_session(browser: Browser, *, expired: bool) -> str:
    """Return the token of a session of the candidate's that has come to its end, or was signed out of."""
    now = datetime.now(UTC)

    def end(connection: Connection) -> str:
        [ada] = [found.row for found in learners.page(connection, text="Ada", limit=1)]
        began = now - accounts.SESSION_LASTS if expired else now
        session = accounts.begin_session(connection, ada.id, "s" * 43, began, None)
        if not expired:
            accounts.revoke_token(connection, ada.id, session.row.id, now)
        return session.text

    assert browser.client.portal is not None
    return browser.client.portal.call(storage_of(browser.client).write, end)
