"""What of a request is taken in: how much, in which form, and for how long."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import error_response
from app.errors import CrossdrillError

BODILESS = frozenset({"GET", "HEAD"})


class BodyTooLargeError(CrossdrillError):
    """A body that turned out to be longer than is taken in; values: `limit` in bytes."""

    code = "body-too-large"


class BodyTooSlowError(CrossdrillError):
    """A body that didn't arrive in time; values: `seconds`."""

    code = "too-slow"


@dataclass(frozen=True, slots=True)
class BodyAhead:
    """What the head of a request says of its body."""

    length: int = 0
    """As it was declared; 0 where nothing was, or nonsense that the server let pass."""
    comes: bool = False
    encoded: bool = False


NO_BODY = BodyAhead()


def body_ahead(scope: Scope) -> BodyAhead:
    """Return what the head of a request says of its body."""
    length, comes, encoded = 0, False, False
    for name, value in scope["headers"]:
        if name == b"content-length":
            length = int(value) if value.isdigit() else 0
        elif name == b"transfer-encoding":
            comes = True
        elif name == b"content-encoding":
            encoded = value.strip().lower() not in {b"", b"identity"}
    return BodyAhead(length, comes or length > 0, encoded) if length or comes or encoded else NO_BODY


class Intake:
    """Limits what is taken in: the size of a body and the time it takes, and NUL in an address, which no database can hold."""

    def __init__(self, app: ASGIApp, body_limit: int, body_seconds: float) -> None:
        self.app = app
        self.body_limit = body_limit
        self.body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is small and clean enough."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        ahead = body_ahead(scope)
        refusal = self._refusal(scope, ahead)
        if refusal is not None:
            await error_response(scope, refusal, values={"limit": self.body_limit})(scope, receive, send)
        elif ahead.comes or scope["method"] not in BODILESS:  # over HTTP/2 a body needn't be announced
            await self.app(scope, self._bounded(receive), send)
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope, ahead: BodyAhead) -> str | None:
        if ahead.length > self.body_limit:
            return "body-too-large"
        if ahead.encoded:
            return "encoded-body"
        if "\0" in scope["path"]:
            return "not-found"
        return "invalid-input" if b"%00" in scope["query_string"] else None

    def _bounded(self, receive: Receive) -> Receive:
        """Return `receive` with an end: all of the body must come in time, and it ends where it is too long."""
        taken = 0
        comes = True
        deadline = asyncio.get_running_loop().time() + self.body_seconds

        async def bounded() -> Message:
            nonlocal taken, comes
            if not comes:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlowError(seconds=self.body_seconds) from None
            comes = message.get("more_body", False)
            taken += len(message.get("body", b""))
            if taken > self.body_limit:
                raise BodyTooLargeError(limit=self.body_limit)
            return message

        return bounded
