"""How a request came here: through which proxy, and by which name."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from app.proxies import Proxies, PublicAddress

SCHEMES = {b"http": "http", b"https": "https"}


class Outside:
    """Puts right in a request what a proxy in front of the service changed: address, scheme and host.

    Of what proxies say only `X-Forwarded-For` and `X-Forwarded-Proto` count, and only from trusted ones. `Forwarded` and
    `X-Forwarded-Host` are passed over: a proxy that doesn't write them itself hands on what a stranger wrote.
    """

    def __init__(self, app: ASGIApp, proxies: Proxies, public: PublicAddress | None) -> None:
        self.app = app
        self.proxies = proxies
        self.public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request as it looked from outside."""
        if scope["type"] == "http":
            peer = scope["client"][0] if scope.get("client") else None
            if self.proxies and self.proxies.trust(peer):
                self._believe(scope, peer)
            if self.public is not None:
                self._rename(scope, self.public)
        await self.app(scope, receive, send)

    def _believe(self, scope: Scope, peer: str | None) -> None:
        headers = scope["headers"]
        forwarded = b",".join(value for name, value in headers if name == b"x-forwarded-for")
        client = self.proxies.client(peer, forwarded.decode("latin-1"))
        scope["client"] = None if client is None else (client, 0)
        schemes = [value.strip().lower() for name, value in headers if name == b"x-forwarded-proto"]
        if len(schemes) == 1:
            scope["scheme"] = SCHEMES.get(schemes[0], scope["scheme"])

    def _rename(self, scope: Scope, public: PublicAddress) -> None:
        """Let every address that is made from the request be the public one, whatever `Host` says."""
        scope["scheme"] = public.scheme
        scope["headers"] = [(b"host", public.host.encode()), *(pair for pair in scope["headers"] if pair[0] != b"host")]
