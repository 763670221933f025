"""Every page of the service, with somewhere to see it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from fastapi.routing import APIRoute

from app.main import ROUTERS
from quiz_bank.topics import TOPICS
from tests.browser.life import Life
from tests.browser.service import Person, Service

NO_PAGES: Final = {"/static/{}/{}", "/read"}
"""What a browser fetches for a page, and nobody looks at."""


OPEN: Final = {
    "vector": "softmax",
    "matrix": "linear-layer-gradient",
    "choice": "which-forecaster",
    "several": "why-not-mse",
    "matching": "where-is-it-used",
    "ordering": "order-the-derivation",
    "spoken": "one-minute-pitch",
}
"""A family for each kind of question that has fields of its own."""

WAYS: Final = {
    "/": ["/"],
    "/sign-in": [],
    "/sign-in/openid": [],
    "/sign-in/openid/back": [],
    "/settings": ["/settings"],
    "/settings/data": ["/settings/data"],
    "/settings/tokens": ["/settings/tokens"],
    "/register": [],
    "/people": [],
    "/help": ["/help"],
    "/goodbye": ["/goodbye"],
    "/problems/{}": ["/problems/{right}", "/problems/{wrong}", *(f"/problems/{{{kind}}}" for kind in OPEN)],
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
    "/daily/{}": ["/daily/{today}"],
    "/families": ["/families"],
    "/families/{}": ["/families/softmax"],
    "/topics": ["/topics"],
    "/topics/{}": [f"/topics/{topic}" for topic in TOPICS],
}
"""The routes of the pages, and for each where such pages are; what stands in braces is a key of `Places.names`."""

FOR_NOBODY: Final = ("/", "/sign-in", "/join/{room}", "/families", "/nowhere")
"""Where pages are that look otherwise to somebody who isn't signed in, with one that isn't there."""


@dataclass(frozen=True, slots=True)
class Places:
    """A coach with a past, and the names of what there is to see of it."""

    coach: Person
    names: Mapping[str, object]


def places(service: Service) -> Places:
    """Return a coach who has practised for weeks and is in the middle of a drill, with a room that somebody joined."""
    coach, guest = service.enrol("Ada", role="coach"), service.enrol("Grace")
    names = service.write(lambda connection: _lived(Life(connection, coach), Life(connection, guest)))
    return Places(coach, {**names, "today": f"{datetime.now(UTC):%Y-%m-%d}"})


def _lived(life: Life, other: Life) -> dict[str, object]:
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
    candidate = other.join(room)
    other.go_through(candidate, 3)
    drills = {"interviewed": interviewed, "running": running, "ended": ended, "room": room, "candidate": candidate}
    return {"right": right, "wrong": wrong, **drills, **{kind: life.meet(family) for kind, family in OPEN.items()}}


def routes() -> set[str]:
    """Return the routes of all pages, without the names of what varies."""
    found = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    pages = [route for route in found if route.endpoint.__module__.startswith("app.web.") and "GET" in (route.methods or ())]
    return {re.sub(r"\{[^}]*\}", "{}", route.path) for route in pages} - NO_PAGES
