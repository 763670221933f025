"""Rate limits: how much a caller may ask for, and an address whose callers aren't known.

A caller is a learner whose token worked before, in this process; everything else counts for the address it comes from. A class
behind one address is then not one caller, and a valid token is not locked out by what a neighbour guesses. What is guessed at,
tokens and codes of rooms, has a limit of its own that counts failures alone.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import time
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import error_response
from app.api.shared_rates import SharedCounts
from app.edge.access import NOBODY, SESSION, digest_of_token
from app.proxies import subscriber_of
from app.rates import MOST_KEYS, Windows, rate_of
from app.settings import RATES, Settings

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

FREE: Final = ("/static/", "/livez", "/readyz")
EXPENSIVE: Final = ("/v1/export/", "/v1/attempts/export", "/v1/analytics/", "/settings/data")
SIGN_IN: Final = "/sign-in"
WITH_A_CODE: Final = ("/v1/rooms/", "/rooms/", "/join/")
JOINING: Final = re.compile(r"/v1/rooms/[^/]+/drills|/join/[^/]+/guest")
REGISTERING: Final = frozenset({"/v1/learners", "/register"})

_SESSION: Final = re.compile(rb"(?:^|;\s*)" + SESSION.encode() + rb"=([^;]*)")


class Limit:
    """One limit: its counts, and how it is told in headers (draft-ietf-httpapi-ratelimit-headers-10)."""

    __slots__ = ("_head", "name", "policy", "windows")

    def __init__(self, name: str, windows: Windows) -> None:
        self.name = name
        self.windows = windows
        self.policy = b'"%s";q=%d;w=%d' % (name.encode(), windows.rate.amount, windows.rate.seconds)
        self._head = b'"%s";r=' % name.encode()

    def state(self, left: int, now: float) -> bytes:
        """Return how much is left and for how long, as the header has it."""
        return b"%s%d;t=%d" % (self._head, left, self.windows.ends_in(now))


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks: the digest of what was shown, the learner whose it was before, and whom it counts for."""

    digest: str | None
    learner: str | None
    key: str
    guessing: bool


class RateLimits:
    """The limits of one process, with whom it knows."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time, most_known: int = MOST_KEYS) -> None:
        shared = bool(settings.redis_url)
        rates = {name: rate_of(getattr(settings, name)) for name in RATES}
        counts = {name.removeprefix("rate_"): Windows(rate, shared=shared) for name, rate in rates.items() if rate is not None}
        self._limits = {name: Limit(name, windows) for name, windows in counts.items()}
        self._shared = SharedCounts(settings.redis_url, counts) if shared else None
        self._known: dict[str, str] = {}
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
        digest = shown_digest(scope)
        learner = None if digest is None else self._known.get(digest)
        path = scope["path"]
        signing_in = path == SIGN_IN and scope["method"] == "POST"
        guessing = (digest is not None and learner is None) or signing_in or path.startswith(WITH_A_CODE)
        return Asked(digest, learner, learner or _address(scope), guessing)

    def charge(self, scope: Scope, asked: Asked) -> tuple[list[tuple[bytes, bytes]], int | None]:
        """Count a request; return the headers that tell of it, and in how many seconds to come back where it is too much."""
        now = self._clock()
        failures = self._limits.get("failures")
        if asked.guessing and failures is not None and failures.windows.left(asked.key, now) <= 0:
            return _headers([(failures, 0)], now), failures.windows.ends_in(now)
        charged: list[tuple[Limit, int]] = []
        for name in self._concerned(scope, asked):
            limit = self._limits.get(name)
            if limit is None:
                continue
            left = limit.windows.take(asked.key, now)
            if left < 0:
                return _headers([(limit, 0)], now), limit.windows.ends_in(now)
            charged.append((limit, left))
        return _headers(charged, now), None

    def _concerned(self, scope: Scope, asked: Asked) -> tuple[str, ...]:
        """Return the names of the limits that a request counts for, the tightest first."""
        general = "address" if asked.learner is None else "caller"
        path = scope["path"]
        if path.startswith(EXPENSIVE):
            return ("expensive", general)
        if asked.learner is None and scope["method"] == "POST":
            if path in REGISTERING:
                return ("registrations", general)
            if JOINING.fullmatch(path):
                return ("joins", general)
        return (general,)

    def learn(self, scope: Scope, asked: Asked, status: int) -> None:
        """Learn from how a request was answered: whose the token is, or that it was a wrong guess."""
        learner = scope["state"].get("learner")
        if learner is not None and learner != NOBODY:
            if asked.digest is not None and asked.learner is None:
                self._know(asked.digest, str(learner))
        elif asked.digest is not None and status == 401:
            self._known.pop(asked.digest, None)
        if asked.guessing and "failures" in self._limits and _is_wrong_guess(scope, asked, status):
            self._limits["failures"].windows.take(asked.key, self._clock())

    def _know(self, digest: str, learner: str) -> None:
        self._known[digest] = learner
        if len(self._known) > self._most_known:
            del self._known[next(iter(self._known))]


def shown_digest(scope: Scope) -> str | None:
    """Return the digest of the token that a request shows, in its header or as a session; None without one."""
    found: bytes | None = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            return digest_of_token(value.partition(b" ")[2].decode("latin-1"))
        if name == b"cookie" and (session := _SESSION.search(value)):
            found = session[1]
    return None if found is None else digest_of_token(found.decode("latin-1"))


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return subscriber_of(client[0]) if client else "unix"


def _is_wrong_guess(scope: Scope, asked: Asked, status: int) -> bool:
    """Whether an answer says that a token or a code was wrong; a page says so by leading to where people sign in."""
    if status == 404:
        return bool(scope["path"].startswith(WITH_A_CODE))
    if status == 422:
        return bool(scope["path"] == SIGN_IN)
    return asked.digest is not None and status in {401, 303} and scope["state"].get("learner") in {None, NOBODY}


def _headers(charged: list[tuple[Limit, int]], now: float) -> list[tuple[bytes, bytes]]:
    if not charged:
        return []
    return [
        (b"ratelimit-policy", b", ".join(limit.policy for limit, _ in charged)),
        (b"ratelimit", b", ".join(limit.state(left, now) for limit, left in charged)),
    ]


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
