"""What happens to every request before and after its route, as plain ASGI layers: they cost no task and no thread."""

from __future__ import annotations

import re
from time import perf_counter
from uuid import UUID, uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import error_response
from app.edge.access import NOBODY
from app.edge.metrics import Metrics
from app.storage.ids import LOCAL_LEARNER

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=@-]{1,128}")
# All of 127.0.0.0/8 is this machine; a name of someone else's, unlike an address, could be pointed at it.
LOOPBACK_V4 = rb"127(\.(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}"
LOOPBACK_HOST = re.compile(rb"(localhost|" + LOOPBACK_V4 + rb"|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
LOOPBACK_ORIGIN = re.compile(rb"https?://" + LOOPBACK_HOST.pattern, re.IGNORECASE)
CLIENT_GONE = 499
CALLERS = {LOCAL_LEARNER: "local", NOBODY: "nobody"}


def header_values(scope: Scope, name: bytes) -> list[bytes]:
    """Return every value of a header; names arrive in lower case."""
    return [value for key, value in scope["headers"] if key == name]


class RequestFrame:
    """The outermost layer: a request id, the last resort for errors, one line in the log, and what is counted.

    The line holds no path, query, body or token: paths name learners' things, the route's template doesn't.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, whatever happens inside."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = given_or_new_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        answer = _Answer(send, request_id)
        started = perf_counter()
        self.metrics.in_progress += 1
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, answer.send)
            except Exception:  # the one place where every error ends: nothing outside could answer in the right form
                log.exception("unhandled_error", method=scope["method"], route=route_template(scope))
                if answer.status is None:
                    await error_response(scope, "internal")(scope, receive, answer.send)
            finally:
                self.metrics.in_progress -= 1
                self._told(scope, CLIENT_GONE if answer.status is None else answer.status, perf_counter() - started)

    def _told(self, scope: Scope, status: int, seconds: float) -> None:
        method, route, milliseconds = scope["method"], route_template(scope), round(seconds * 1e3, 3)
        learner = learner_of(scope)
        log.info("request", learner=learner, method=method, route=route, status=status, duration_ms=milliseconds)
        self.metrics.answered(method, route, status, seconds)


class _Answer:
    """Sends on what the application answers, and remembers its status."""

    __slots__ = ("_headers", "_send", "status")

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._headers = [(b"x-request-id", request_id.encode()), (b"x-content-type-options", b"nosniff")]
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *self._headers]
        await self._send(message)


def given_or_new_id(scope: Scope) -> str:
    """Return the caller's `X-Request-ID` where it is safe to log and echo, else a new one."""
    given = header_values(scope, b"x-request-id")
    if len(given) == 1 and REQUEST_ID.fullmatch(given[0]):
        return given[0].decode()
    return uuid4().hex


def route_template(scope: Scope) -> str | None:
    """Return the path as the route declares it, such as `/v1/problems/{id}`; None where no route took the request."""
    template: str | None = getattr(scope.get("route"), "path", None)
    return template


def learner_of(scope: Scope) -> str | None:
    """Return who called, as the log may know them: by their id alone; None where nobody was looked up."""
    learner: UUID | None = scope["state"].get("learner")
    return None if learner is None else CALLERS.get(learner) or str(learner)


class HeadAsGet:
    """Answers HEAD wherever GET is answered: with the same headers, and without the body (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask for what GET would get, and send on what stands before its body."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}
        try:
            await self.app(asked, receive, _without_body(send))
        finally:
            scope["route"] = asked.get("route")  # the log names it


def _without_body(send: Send) -> Send:
    """Return `send` that ends the answer after its headers, so that a long or endless one is never made."""

    async def send_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body"})

    return send_headers


class LocalCallers:
    """Refuses callers from elsewhere while local access makes everyone an admin.

    Binding to loopback is not enough: a website in the same browser can send requests to it (`Origin`), and can point
    a name of its own at 127.0.0.1 to read the answers (`Host`).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what this machine asks."""
        refusal = foreign(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self.app(scope, receive, send)
        else:
            await error_response(scope, refusal)(scope, receive, send)


def foreign(scope: Scope) -> str | None:
    """Return the code of the refusal if a request names another host or comes from another website."""
    hosts = header_values(scope, b"host")
    if len(hosts) != 1 or not LOOPBACK_HOST.fullmatch(hosts[0]):
        return "foreign-host"
    if not all(map(LOOPBACK_ORIGIN.fullmatch, header_values(scope, b"origin"))):
        return "foreign-origin"
    return None
