"""Every route of the pages, asked by everybody for what belongs to somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

import pytest
from fastapi.routing import APIRoute

from app.main import ROUTERS
from tests.web.conftest import FORM, HTML, Browser, Visit
from tests.web.rooming import interview, joined, signed_in_as

PEOPLE: Final = ("nobody", "stranger", "guest", "coach")
# Of what is the candidate's: nobody is led to sign in (303), others find nothing (404), guests nothing beyond their room.
EXPECTED: Final[dict[str, tuple[int, int, int, int]]] = {
    "GET /": (200, 200, 200, 200),
    "GET /daily": (303, 200, 403, 200),
    "GET /daily/{day}": (404, 404, 404, 404),
    "GET /drills": (303, 200, 403, 200),
    "GET /drills/new": (303, 200, 403, 200),
    "GET /drills/{drill_id}": (303, 404, 404, 404),
    "GET /drills/{drill_id}/report": (303, 404, 404, 404),
    "GET /families": (200, 200, 403, 200),
    "GET /families/{slug}": (404, 404, 403, 404),
    "GET /goodbye": (200, 200, 200, 200),
    "GET /help": (200, 200, 200, 200),
    "GET /join": (200, 200, 200, 200),
    "GET /join/{code}": (200, 200, 303, 200),
    "GET /problems/{problem_id}": (303, 404, 404, 404),
    "GET /problems/{problem_id}/follow-up": (303, 404, 404, 404),
    "GET /problems/{problem_id}/solution": (303, 404, 404, 404),
    "GET /progress": (303, 200, 403, 200),
    "GET /read": (200, 200, 200, 200),
    "GET /reviews": (303, 200, 403, 200),
    "GET /rooms": (303, 403, 403, 200),
    "GET /rooms/new": (303, 403, 403, 200),
    "GET /rooms/{code}": (303, 404, 403, 200),
    "GET /rooms/{code}/candidates/{drill_id}": (303, 404, 403, 200),
    "GET /rooms/{code}/scorecard": (303, 404, 403, 200),
    "GET /settings": (303, 200, 200, 200),
    "GET /settings/data": (303, 200, 403, 200),
    "GET /sign-in": (200, 200, 200, 200),
    "GET /sign-in/openid": (404, 404, 404, 404),
    "GET /sign-in/openid/back": (404, 404, 404, 404),
    "GET /static/{version}/{path:path}": (200, 200, 200, 200),
    "GET /topics": (200, 200, 200, 200),
    "GET /topics/{slug}": (404, 404, 404, 404),
    "POST /daily/{day}": (404, 404, 404, 404),
    "POST /drills": (303, 303, 403, 303),
    "POST /drills/{drill_id}/finish": (303, 404, 404, 404),
    "POST /drills/{drill_id}/next": (303, 404, 404, 404),
    "POST /drills/{drill_id}/pause": (303, 404, 404, 404),
    "POST /drills/{drill_id}/resume": (303, 404, 404, 404),
    "POST /families/{slug}": (303, 404, 403, 404),
    "POST /join/{code}": (303, 303, 303, 303),
    "POST /join/{code}/guest": (422, 303, 303, 303),
    "POST /practise": (303, 303, 403, 303),
    "POST /problems/{problem_id}": (303, 404, 404, 404),
    "POST /problems/{problem_id}/follow-up": (303, 404, 404, 404),
    "POST /problems/{problem_id}/hint": (303, 404, 404, 404),
    "POST /problems/{problem_id}/report": (303, 404, 403, 404),
    "POST /problems/{problem_id}/solution": (303, 404, 404, 404),
    "POST /reviews/next": (303, 303, 403, 303),
    "POST /rooms": (303, 403, 403, 303),
    "POST /rooms/new": (303, 403, 403, 303),
    "POST /rooms/{code}/candidates/{drill_id}": (303, 404, 403, 404),
    "POST /rooms/{code}/close": (303, 404, 403, 303),
    "POST /settings/device": (303, 303, 303, 303),
    "POST /settings/learner": (303, 422, 403, 422),
    "POST /sign-in": (422, 422, 422, 422),
    "POST /settings/data": (303, 422, 403, 422),
    "POST /sign-out": (303, 303, 303, 303),
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
    last = {"POST /settings/data": 1, "POST /sign-out": 2}
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


@pytest.mark.parametrize("person", PEOPLE)
def test_every_route_answers_each_visitor_as_the_table_says(visit: Visit, person: str) -> None:
    coach = signed_in_as(visit, "Cleo", role="coach")
    code = interview(coach)
    candidate = signed_in_as(visit, "Ada")
    drill = joined(candidate, code)
    names = {
        "problem_id": candidate.here.removeprefix("/problems/"),
        "drill_id": drill.removeprefix("/drills/"),
        "code": code,
        "slug": "no-such-thing",
        "day": "2020-02-30",
        "version": "0",
        "path": "app.css",
    }
    browser = coach
    if person != "coach":
        browser = signed_in_as(visit, "Eve") if person == "stranger" else visit(access="tokens")
    if person == "guest":
        joined(browser, code, "Gus")
    found = {route: asked(browser, route, names) for route in routes()}
    assert found == {route: statuses[PEOPLE.index(person)] for route, statuses in EXPECTED.items()}
