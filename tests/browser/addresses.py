"""Every page of the service, with somewhere to see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from fastapi.routing import APIRoute
from sqlalchemy import Connection

from app.main import ROUTERS
from tests.browser.life import Life
from tests.browser.service import Person, Service

NO_PAGES: Final = {"/static/{}/{}", "/read"}
"""What a browser fetches for a page, and nobody looks at."""


@dataclass(frozen=True, slots=True)
class Places:
    """A coach with a past, and what there is to see of it."""

    coach: Person
    open: UUID
    right: UUID
    wrong: UUID
    interviewed: UUID
    running: UUID
    ended: UUID
    room: str
    candidate: UUID


def places(service: Service) -> Places:
    """Return a coach who has practised for weeks and is in the middle of a drill, with a room that somebody joined."""
    coach, guest = service.enrol("Ada", role="coach"), service.enrol("Grace")
    return service.write(lambda connection: _lived(connection, coach, guest))


def _lived(connection: Connection, coach: Person, guest: Person) -> Places:
    life, other = Life(connection, coach), Life(connection, guest)
    life.practise()
    right, wrong = life.meet("cross-entropy-one-hot"), life.meet("cross-entropy-one-hot")
    life.answer(right)
    life.answer(wrong, rightly=False)
    ended, running, interview = life.begin("warm-up"), life.begin("warm-up"), life.begin("on-site-45min")
    life.go_through(ended, 5)
    life.end(ended)
    life.go_through(running, 2)
    [interviewed] = life.go_through(interview, 1)
    room = life.open_room("warm-up", 1)
    joined = other.join(room)
    other.go_through(joined, 3)
    return Places(coach, life.meet("softmax"), right, wrong, interviewed, running, ended, room, joined)


TODAY: Final = f"{datetime.now(UTC):%Y-%m-%d}"

WAYS: Final = {
    "/": ["/"],
    "/sign-in": ["/sign-in"],
    "/settings": ["/settings"],
    "/settings/data": ["/settings/data"],
    "/help": ["/help"],
    "/goodbye": ["/goodbye"],
    "/problems/{}": ["/problems/{open}", "/problems/{right}", "/problems/{wrong}"],
    "/problems/{}/solution": ["/problems/{right}/solution"],
    "/problems/{}/follow-up": ["/problems/{interviewed}/follow-up"],
    "/drills": ["/drills"],
    "/drills/new": ["/drills/new"],
    "/drills/{}": ["/drills/{running}"],
    "/drills/{}/report": ["/drills/{ended}/report"],
    "/rooms": ["/rooms"],
    "/rooms/new": ["/rooms/new", "/rooms/new?by=conditions", "/rooms/new?by=problems&problem=softmax:1"],
    "/rooms/{}": ["/rooms/{room}"],
    "/rooms/{}/scorecard": ["/rooms/{room}/scorecard"],
    "/rooms/{}/candidates/{}": ["/rooms/{room}/candidates/{candidate}"],
    "/join": ["/join"],
    "/join/{}": ["/join/{room}"],
    "/reviews": ["/reviews"],
    "/progress": ["/progress"],
    "/daily": ["/daily"],
    "/daily/{}": [f"/daily/{TODAY}"],
    "/families": ["/families"],
    "/families/{}": ["/families/softmax"],
    "/topics": ["/topics"],
    "/topics/{}": ["/topics/information"],
}
"""The routes of the pages, and for each where one of its pages is, with the names of `Places` in it."""


def routes() -> set[str]:
    """Return the routes of all pages, without the names of what varies."""
    found = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    pages = [route for route in found if route.endpoint.__module__.startswith("app.web.") and "GET" in (route.methods or ())]
    return {re.sub(r"\{[^}]*\}", "{}", route.path) for route in pages} - NO_PAGES
