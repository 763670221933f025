"""How a request came here: through which proxy, and by which name."""

from __future__ import annotations

from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

from app.proxies import Proxies, PublicAddress

SCHEMES = {b"http": "http", b"https": "https"}
PEERS, CLIENTS = 64, 4096
LONGEST = 256
"""How much is read of what proxies say, from its end: the ends are theirs, the rest was claimed by a stranger."""


class Outside:
    """Puts right in a request what a proxy in front of the service changed: address, scheme and host.

    Of what proxies say only `X-Forwarded-For` and `X-Forwarded-Proto` count, and only from trusted ones. `Forwarded` and
    `X-Forwarded-Host` are passed over: a proxy that doesn't write them itself hands on what a stranger wrote.
    """

    def __init__(self, app: ASGIApp, proxies: Proxies, public: PublicAddress | None) -> None:
        self.app = app
        self.public = public
        self._has_proxies = bool(proxies)
        self._trusts = lru_cache(PEERS)(proxies.trust)
        self._client = lru_cache(CLIENTS)(proxies.client)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request as it looked from outside."""
        if scope["type"] == "http":
            if self._has_proxies:
                peer = scope["client"][0] if scope["client"] else None
                if self._trusts(peer):
                    self._believe(scope, peer)
            if self.public is not None:
                self._rename(scope, self.public)
        await self.app(scope, receive, send)

    def _believe(self, scope: Scope, peer: str | None) -> None:
        """Take the word of a proxy for whom it forwards and how that one came."""
        forwarded, schemes = b"", []
        for name, value in scope["headers"]:
            if name == b"x-forwarded-for":
                forwarded = forwarded + b"," + value if forwarded else value
            elif name == b"x-forwarded-proto":
                schemes.append(value)
        if forwarded:
            near = forwarded if len(forwarded) <= LONGEST else forwarded[-LONGEST:].partition(b",")[2]
            client = self._client(peer, near.decode("latin-1"))
            scope["client"] = None if client is None else (client, 0)
        if len(schemes) == 1:
            scope["scheme"] = SCHEMES.get(schemes[0].strip().lower(), scope["scheme"])

    def _rename(self, scope: Scope, public: PublicAddress) -> None:
        """Let every address that is made from the request be the public one, whatever `Host` says."""
        scope["scheme"] = public.scheme
        scope["headers"] = [(b"host", public.host.encode()), *(pair for pair in scope["headers"] if pair[0] != b"host")]
