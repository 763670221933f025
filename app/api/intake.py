"""What of a request is taken in: how much, and in which form. How long it may take is the connection's business."""

from __future__ import annotations

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import error_response
from app.errors import CrossdrillError

BODILESS = frozenset({"GET", "HEAD"})


class BodyTooLargeError(CrossdrillError):
    """A body that turned out to be longer than is taken in; values: `limit` in bytes."""

    code = "body-too-large"


class Intake:
    """Limits what is taken in: the size of a body, its form, and NUL in an address, which no database text can hold."""

    def __init__(self, app: ASGIApp, body_limit: int) -> None:
        self.app = app
        self.body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is small and clean enough."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await error_response(scope, refusal, values={"limit": self.body_limit})(scope, receive, send)
            return
        try:
            await self.app(scope, receive if scope["method"] in BODILESS else self._counting(receive), send)
        except ClientDisconnect:
            return  # whoever left before the end of their own request is owed no answer

    def _refusal(self, scope: Scope) -> str | None:
        """Return the code of what is wrong with the head of a request."""
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value) > self.body_limit:
                return "body-too-large"
            if name == b"content-encoding" and value.strip().lower() not in {b"", b"identity"}:
                return "encoded-body"
        if "\0" in scope["path"]:
            return "not-found"
        return "invalid-input" if b"%00" in scope["query_string"] else None

    def _counting(self, receive: Receive) -> Receive:
        """Return `receive` with an end: a body without a declared length is refused as soon as it is too long."""
        taken = 0

        async def count() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.body_limit:
                raise BodyTooLargeError(limit=self.body_limit)
            return message

        return count
