"""Rate limits: how much a caller may ask for, and an address whose callers aren't known.

A caller is a learner whose token worked before, in this process; everything else counts for the address it comes from. A class
behind one address is then not one caller, and a valid token is not locked out by what a neighbour guesses. What is guessed at,
tokens and codes of rooms, has a limit of its own that counts failures alone.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from time import time
from typing import Final, NamedTuple

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import error_response
from app.api.shared_rates import SharedCounts
from app.edge.access import NOBODY, SESSION
from app.proxies import UNIX, subscriber_of
from app.rates import MOST_KEYS, Windows, rate_of
from app.settings import RATES, Settings

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

FREE: Final = ("/static/", "/livez", "/readyz")
EXPENSIVE: Final = ("/v1/export/", "/v1/attempts/export", "/v1/analytics/", "/settings/data")
SIGN_IN: Final = "/sign-in"
WITH_A_CODE: Final = ("/v1/rooms/", "/rooms/", "/join/")
JOINING: Final = re.compile(r"/v1/rooms/[^/]+/drills|/join/[^/]+/guest")
WITH_A_HEADER: Final = ("/v1/", "/metrics")
"""Where a token is read from a header; pages know their sessions alone, whatever else is sent to them."""
REGISTERING: Final = frozenset({"/v1/learners", "/register"})

_SESSION: Final = re.compile(rb"(?:^|;\s*)" + SESSION.encode() + rb"=([^;]*)")

Headers = list[tuple[bytes, bytes]]


class Limit:
    """One limit: its counts, and how it is told in headers (draft-ietf-httpapi-ratelimit-headers-10)."""

    __slots__ = ("_head", "_policy", "windows")

    def __init__(self, name: str, windows: Windows) -> None:
        self.windows = windows
        self._policy = (b"ratelimit-policy", b'"%s";q=%d;w=%d' % (name.encode(), windows.rate.amount, windows.rate.seconds))
        self._head = b'"%s";r=' % name.encode()

    def tell(self, headers: Headers, left: int, now: float) -> None:
        """Add to the headers of an answer what the limit is, how much is left, and for how long."""
        headers.append(self._policy)
        headers.append((b"ratelimit", b"%s%d;t=%d" % (self._head, left, self.windows.ends_in(now))))


class Asked(NamedTuple):
    """Who asks: what was shown, the learner whose it was before, and whom the request counts for."""

    shown: bytes | None
    learner: str | None
    key: str
    guessing: bool


class RateLimits:
    """The limits of one process, with whom it knows."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time, most_known: int = MOST_KEYS) -> None:
        shared = bool(settings.redis_url)
        rates = {name.removeprefix("rate_"): rate_of(getattr(settings, name)) for name in RATES}
        counts = {name: Windows(rate, shared=shared) for name, rate in rates.items() if rate is not None}
        self._limits = {name: Limit(name, windows) for name, windows in counts.items()}
        self._failures = counts.get("failures")
        self._shared = SharedCounts(settings.redis_url, counts) if shared else None
        self._known: dict[bytes, str] = {}
        self._most_known = most_known
        self._clock = clock

    def __bool__(self) -> bool:
        return bool(self._limits)

    @asynccontextmanager
    async def kept_up(self) -> AsyncIterator[None]:
        """Share the counts as long as the context lasts, where they are to be shared."""
        if self._shared is not None:
            async with self._shared.kept_up():
                yield
            return
        if self:
            log.info("rate_limits_per_process", hint="set CROSSDRILL_REDIS_URL and all processes count together")
        yield

    def asked(self, scope: Scope) -> Asked:
        """Return who asks, as far as that is known before anybody is looked up."""
        shown = shown_by(scope)
        learner = None if shown is None else self._known.get(shown)
        path = scope["path"]
        signing_in = path == SIGN_IN and scope["method"] == "POST"
        guessing = (shown is not None and learner is None) or signing_in or path.startswith(WITH_A_CODE)
        return Asked(shown, learner, learner or _address(scope), guessing)

    def charge(self, scope: Scope, asked: Asked) -> tuple[Headers, int | None]:
        """Count a request; return the headers that tell of it, and in how many seconds to come back where it is too much."""
        now = self._clock()
        headers: Headers = []
        if asked.guessing and self._failures is not None and self._failures.left(asked.key, now) <= 0:
            return self._refused("failures", now)
        for name in _concerned(scope, asked):
            limit = self._limits.get(name)
            if limit is None:
                continue
            left = limit.windows.take(asked.key, now)
            if left < 0:
                return self._refused(name, now)
            limit.tell(headers, left, now)
        return headers, None

    def _refused(self, name: str, now: float) -> tuple[Headers, int]:
        headers: Headers = []
        limit = self._limits[name]
        limit.tell(headers, 0, now)
        return headers, limit.windows.ends_in(now)

    def learn(self, scope: Scope, asked: Asked, status: int) -> None:
        """Learn from how a request was answered: whose the token is, or that it was a wrong guess."""
        caller = scope["state"].get("learner", NOBODY)
        if asked.shown is not None:
            if asked.learner is None and caller != NOBODY:
                self._know(asked.shown, str(caller))
            elif status in {401, 303} and caller == NOBODY:
                self._known.pop(asked.shown, None)
        if asked.guessing and self._failures is not None and _is_wrong_guess(scope, asked, status):
            self._failures.take(asked.key, self._clock())

    def _know(self, shown: bytes, learner: str) -> None:
        self._known[shown] = learner
        if len(self._known) > self._most_known:
            del self._known[next(iter(self._known))]


def shown_by(scope: Scope) -> bytes | None:
    """Return a hash of the token that a request shows where its route reads one, a header or a session; None without one."""
    session, reads_header = None, scope["path"].startswith(WITH_A_HEADER)
    for name, value in scope["headers"]:
        if reads_header and name == b"authorization":
            return sha256(value).digest()
        if name == b"cookie" and (found := _SESSION.findall(value)):
            session = found[-1]  # of several the last one counts
    return sha256(session).digest() if session else None


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return subscriber_of(client[0]) if client else UNIX


def _concerned(scope: Scope, asked: Asked) -> tuple[str, ...]:
    """Return the names of the limits that a request counts for, the tightest first."""
    path = scope["path"]
    if asked.learner is not None:
        return ("expensive", "caller") if path.startswith(EXPENSIVE) else ("caller",)
    if path.startswith(EXPENSIVE):
        return ("expensive", "address")
    if scope["method"] == "POST" and path in REGISTERING:
        return ("registrations", "address")
    if scope["method"] == "POST" and JOINING.fullmatch(path):
        return ("joins", "address")
    return ("address",)


def _is_wrong_guess(scope: Scope, asked: Asked, status: int) -> bool:
    """Whether an answer says that a token or a code was wrong; a page says so by leading to where people sign in."""
    if status == 404:
        return bool(scope["path"].startswith(WITH_A_CODE))
    if scope["path"] == SIGN_IN:  # with a session that has ended, as a rule: signing in anew is no guess
        return status == 422
    return asked.shown is not None and status in {401, 303} and scope["state"].get("learner", NOBODY) == NOBODY


class RateLimited:
    """Passes on what is within the limits, and tells of them in every answer."""

    def __init__(self, app: ASGIApp, limits: RateLimits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count one request, and refuse it where it is too much."""
        if scope["type"] != "http" or scope["path"].startswith(FREE):
            await self.app(scope, receive, send)
            return
        limits = self.limits
        asked = limits.asked(scope)
        headers, wait = limits.charge(scope, asked)

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *headers]
                if wait is None:
                    limits.learn(scope, asked, message["status"])
            await send(message)

        if wait is None:
            await self.app(scope, receive, tell)
        else:
            await error_response(scope, "rate-limited", values={"retry_after": wait})(scope, receive, tell)
