"""Every page of the service, with somewhere to see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

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
    guest: Person
    open: str
    right: str
    wrong: str
    revealed: str
    running: str
    ended: str
    room: str
    candidate: str


def places(service: Service) -> Places:
    """Return a coach who has practised for weeks and is in the middle of a drill, with a room that somebody joined."""
    coach, guest = service.enrol("Ada", role="coach"), service.enrol("Grace")
    return service.write(lambda connection: _lived(connection, coach, guest))


def _lived(connection: Connection, coach: Person, guest: Person) -> Places:
    life, now = Life(connection, coach), datetime.now(UTC)
    life.practise()
    right, wrong, revealed = (life.meet("cross-entropy-one-hot", now, level=2) for _ in range(3))
    life.answer(right.id, now)
    life.answer(wrong.id, now, rightly=False)
    life.answer(revealed.id, now)
    ended, running = life.drill("warm-up"), life.drill("warm-up", ended=False)
    room = life.open_room("warm-up", 1)
    other = Life(connection, guest)
    joined = other.join(room)
    other.go_through(joined, 3, now)
    still_open = life.meet("softmax", now + timedelta(seconds=1), level=2)
    return Places(
        coach,
        guest,
        open=str(still_open.id),
        right=str(right.id),
        wrong=str(wrong.id),
        revealed=str(revealed.id),
        running=str(running.id),
        ended=str(ended.id),
        room=room.code,
        candidate=str(joined.id),
    )


TODAY: Final = f"{datetime.now(UTC):%Y-%m-%d}"

WAYS: Final = {
    "/": ["/"],
    "/sign-in": ["/sign-in"],
    "/settings": ["/settings"],
    "/settings/data": ["/settings/data"],
    "/help": ["/help"],
    "/problems/{}": ["/problems/{open}", "/problems/{right}", "/problems/{wrong}"],
    "/problems/{}/solution": ["/problems/{revealed}/solution"],
    "/problems/{}/follow-up": ["/problems/{revealed}/follow-up"],
    "/drills": ["/drills"],
    "/drills/new": ["/drills/new"],
    "/drills/{}": ["/drills/{running}"],
    "/drills/{}/report": ["/drills/{ended}/report"],
    "/rooms": ["/rooms"],
    "/rooms/new": ["/rooms/new"],
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
