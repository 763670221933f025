"""What the server allows a connection before there is a request: so long a head, and so much time.

The server below bounds neither, so a client that opens connections and sends a byte now and then would hold them for ever.
"""

from __future__ import annotations

from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import unquote
from uuid import uuid4

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.api.errors import MEDIA_TYPE, error_document

if TYPE_CHECKING:
    import asyncio

    from app.edge.context import Context

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

LONGEST_ADDRESS: Final = 8 * 1024
LONGEST_HEAD: Final = 32 * 1024
MOST_AHEAD: Final = 100
"""How many requests may wait on a connection for an earlier one: kept, each takes a hundred times what it took to send."""

LIMITS: Final[dict[str, dict[str, object]]] = {
    "address-too-long": {"limit": LONGEST_ADDRESS},
    "headers-too-large": {"limit": LONGEST_HEAD},
}

LOOK_EVERY: Final = 0.5


class Waits(Enum):
    """What a connection waits for."""

    HEAD = "head"
    BODY = "body"
    ANSWER = "answer"
    REQUEST = "request"


WITH_LINES: Final = (Waits.HEAD, Waits.BODY)
"""What comes in lines as a head does; those of a body are its chunks' and what follows them."""


class _RefusedError(Exception):
    """Ends the parsing of a head; what is wrong with it stands in the connection."""


class Connection(HttpToolsProtocol):
    """A connection that is closed where its client takes too long, and answers in the service's form what it can't read."""

    _waits = Waits.HEAD
    _since = 0.0
    _is_late = False
    _unread = 0
    _unread_since = 0.0
    _head = 0
    _refusal = "bad-request"
    _timer: asyncio.TimerHandle | None = None
    _answering: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the class above
        """Begin to wait for a first request."""
        super().connection_made(transport)
        context = cast("Context", cast("Any", self.config.loaded_app).state.context)
        self._settings = context.settings
        self._wait(Waits.HEAD)
        self._timer = self.loop.call_later(LOOK_EVERY, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more, and tell the request that is being answered: the server tells the newest alone."""
        if self._timer is not None:
            self._timer.cancel()
        if self._answering is not None:
            self._answering.disconnected = True
            self._answering.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, as long as the head isn't too long, nor what belongs to a body and isn't it."""
        self._head = self._head + len(data) if self._waits in WITH_LINES else len(data)
        super().data_received(data)
        if self._waits in WITH_LINES and self._head > LONGEST_HEAD and not self.transport.is_closing():
            self._refuse("headers-too-large")

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of the head."""
        super().on_message_begin()
        self._wait(Waits.HEAD)

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        super().on_url(url)
        if len(self.url) > LONGEST_ADDRESS:
            self._refusal = "address-too-long"
            raise _RefusedError

    def on_headers_complete(self) -> None:
        """Start the request, unless its head came whole and is too long all the same."""
        if self._head > LONGEST_HEAD and sum(len(name) + len(value) for name, value in self.headers) > LONGEST_HEAD:
            self._refusal = "headers-too-large"
            raise _RefusedError
        if len(self.pipeline) >= MOST_AHEAD:
            raise _RefusedError
        self.scope["headers"] = self.headers.copy()  # what comes behind the body is added to the other one
        super().on_headers_complete()
        if not self.pipeline:
            self._answering = self.cycle
        self._wait(Waits.BODY)

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, which the service itself bounds."""
        super().on_body(body)
        self._head = 0

    def on_message_complete(self) -> None:
        """Have the whole request."""
        super().on_message_complete()
        self._wait(Waits.REQUEST if self.cycle.response_complete else Waits.ANSWER)

    def on_response_complete(self) -> None:
        """Have answered it."""
        if self._waits is Waits.ANSWER and not self.pipeline:
            self._wait(Waits.REQUEST)
        self._answering = self.pipeline[-1][0] if self.pipeline else None
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what isn't HTTP, or too much of it."""
        self._refuse(self._refusal)

    def _wait(self, what: Waits) -> None:
        self._waits = what
        self._since = self.loop.time()
        self._is_late = False

    def _look(self) -> None:
        """Look whether the client takes too long; one look now and then costs a request nothing."""
        now = self.loop.time()
        if self._is_unread(now):
            self.transport.abort()
        elif now - self._since > self._patience() and not self.transport.is_closing():
            if self._is_late:  # for two looks: a process that was held up itself first reads what came meanwhile
                self._give_up()
            self._is_late = True
        self._timer = self.loop.call_later(LOOK_EVERY, self._look)  # closing waits for what is unread, which may never be

    def _is_unread(self, now: float) -> bool:
        """Whether the client has taken nothing of its answer for too long; a slow one that reads on may take its time."""
        unread = self.transport.get_write_buffer_size()
        if unread == 0 or unread != self._unread:
            self._unread, self._unread_since = unread, now
        return now - self._unread_since > self._settings.answer_seconds

    def _patience(self) -> float:
        """Return how long the connection waits for what it waits for now."""
        if self._waits is Waits.HEAD:
            busy = self.cycle is not None and not self.cycle.response_complete  # with what was asked before
            return float("inf") if busy else self._settings.head_seconds
        if self._waits is Waits.BODY:
            return self._settings.body_seconds
        return self._settings.keep_alive_seconds if self._waits is Waits.REQUEST else float("inf")

    def _give_up(self) -> None:
        if self._waits is Waits.BODY or (self._waits is Waits.HEAD and self._head):
            self._refuse("too-slow")
        else:
            self.transport.close()

    def _refuse(self, code: str) -> None:
        """Answer without a request, and close; where an answer is on its way already, there is no room for another."""
        free = self.cycle is None or self.cycle.response_complete
        begun = self._waits is Waits.BODY and not self.pipeline and not self.cycle.response_started
        if begun or (free and self._waits is not Waits.BODY):
            self.transport.write(self._refusal_of(code))
        self.transport.close()

    def _refusal_of(self, code: str) -> bytes:
        headers = self.headers or []
        path = unquote(getattr(self, "url", b"").partition(b"?")[0].decode("latin-1"))
        scope = {"headers": headers, "path": path or "/", "state": {"request_id": uuid4().hex}}
        values = {"seconds": f"{self._patience():g}", **LIMITS.get(code, {})}
        document = error_document(scope, code, values=values)
        log.info("request", method=None, route=None, status=document.status, request_id=document.request_id)
        body = document.model_dump_json(exclude_none=True).encode()
        own = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"x-request-id", document.request_id.encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        head = b"HTTP/1.1 %d %s\r\n" % (document.status, HTTPStatus(document.status).phrase.encode())
        lines = b"".join(b"%s: %s\r\n" % pair for pair in (*self.server_state.default_headers, *own))
        return head + lines + b"\r\n" + body
