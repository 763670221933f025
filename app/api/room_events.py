"""Watching a room: server-sent events, for as long as its coach looks on."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api.answers import read
from app.api.bodies import rest_router
from app.api.openapi import Responses
from app.api.room_result_documents import WATCHED_EXAMPLE, watched
from app.api.room_results import own_room
from app.edge.access import Caller, Credentials, Shown
from app.edge.context import context_of
from app.errors import CrossdrillError, OverloadedError
from app.services.scorecards import candidates_of
from app.storage import rooms as stored_rooms

router = rest_router("rooms")

MEDIA_TYPE: Final = "text/event-stream"
POLL_SECONDS: Final = 1
PAUSE_PER_LOOK: Final = 9
"""How many times as long as a look the pause after it is: a room of hundreds keeps no reader busy."""

LONGEST_PAUSE: Final = 5

QUIET_POLLS: Final = 15
"""After so many polls without news a comment is sent, lest a proxy take the connection for dead."""

RETRY: Final = "retry: 2000\n\n"
KEEP_ALIVE: Final = ": keep-alive\n\n"

_HEADERS: Final = {"cache-control": "no-store", "x-accel-buffering": "no"}
_EXAMPLE: Final = f"id: 5f2b…\nevent: results\ndata: {json.dumps(WATCHED_EXAMPLE)}\n\n"
_ANSWERED: Final[dict[str, Any]] = {
    "description": "Events named results, each with how everybody stands; comments in between keep the connection alive",
    "content": {MEDIA_TYPE: {"schema": {"type": "string"}, "example": _EXAMPLE}},
}
_RESPONSES: Final[Responses] = {200: _ANSWERED}


@dataclass(frozen=True, slots=True)
class Sight:
    """How a room stands: its version, and what to tell of it; None where that version was seen."""

    version: str
    news: str | None


Look = Callable[[str | None], Awaitable[Sight]]


class Places:
    """A bounded number of streams: each asks the database every second."""

    def __init__(self, most: int) -> None:
        self._left = most

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place; OverloadedError where there is none left."""
        if self._left <= 0:
            raise OverloadedError(retry_after=60)
        self._left -= 1
        try:
            yield
        finally:
            self._left += 1


class _Stream(StreamingResponse):
    """Holds its place exactly as long as it is sent, whatever ends it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        places: Places = scope["app"].state.watching
        with places.taken(), context_of(Request(scope)).metrics.streaming():
            await super().__call__(scope, receive, send)


@router.get("/rooms/{code}/events", summary="Watch a room", response_class=Response, responses=_RESPONSES)
async def watch(request: Request, shown: Shown, code: str) -> Response:
    """Send how every candidate stands, now and whenever that changes, as server-sent events.

    For its coach or an admin. The lists in `data` have an entry for each problem; what follow-ups, hints and late answers
    there are is counted. Who comes back with `Last-Event-ID` is sent nothing until there is news.
    """
    await read(request, shown, partial(own_room, code=code), guests=True)
    events = stream(partial(_look, request, shown, code), request.headers.get("last-event-id"))
    return _Stream(events, headers=_HEADERS, media_type=MEDIA_TYPE)


async def _look(request: Request, credentials: Credentials, code: str, seen: str | None) -> Sight:
    """Look at the room once, as whoever calls: a token that was revoked meanwhile sees nothing more."""
    now = context_of(request).clock()

    def work(connection: Connection, caller: Caller) -> Sight:
        room = own_room(connection, caller, code)
        figures = (room.closed_at, *stored_rooms.version(connection, room.id))
        version = blake2b(repr(figures).encode(), digest_size=16).hexdigest()
        if version == seen:
            return Sight(version, None)
        candidates = candidates_of(connection, room, now)
        return Sight(version, watched(candidates, closed=room.closed_at is not None).model_dump_json())

    return await read(request, credentials, work, guests=True)


async def stream(
    look: Look,
    seen: str | None,
    *,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    clock: Callable[[], float] = monotonic,
) -> AsyncIterator[str]:
    """Yield events as long as there is something to look at, and the server isn't told to stop.

    Between two looks nothing is held of the database. Where a look fails the stream ends: the client comes back by itself
    and is told why.
    """
    yield RETRY
    quiet = 0
    while not _stopping():
        began = clock()
        try:
            sight = await look(seen)
        except CrossdrillError:
            return
        took = clock() - began
        quiet += 1
        if sight.news is not None:
            yield f"id: {sight.version}\nevent: results\ndata: {sight.news}\n\n"
        elif quiet >= QUIET_POLLS:
            yield KEEP_ALIVE
        if sight.news is not None or quiet >= QUIET_POLLS:
            seen, quiet = sight.version, 0
        await sleep(min(max(POLL_SECONDS, PAUSE_PER_LOOK * took), LONGEST_PAUSE))


def _stopping() -> bool:
    """Whether the server of this process was told to stop: it waits for open answers, and this one has no end of its own.

    The server offers no other way to know: it is the owner of the handler of SIGTERM.
    """
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return bool(getattr(server, "should_exit", False))
