"""A bound on the work that is in progress, so that too much of it is refused rather than all of it late."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.errors import error_response

ALWAYS = frozenset({"/livez", "/readyz", "/metrics"})
RETRY_AFTER = 1


class Admission:
    """Lets so many requests in at once; more are refused before anything of them is read.

    Whoever watches over the service is always let in: a process that is busy is neither dead nor blind.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.left = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request if there is a place."""
        if scope["type"] != "http" or scope["path"] in ALWAYS:
            await self.app(scope, receive, send)
        elif self.left <= 0:
            await error_response(scope, "overloaded", values={"retry_after": RETRY_AFTER})(scope, receive, send)
        else:
            self.left -= 1
            try:
                await self.app(scope, receive, send)
            finally:
                self.left += 1
