"""A drill in the terminal: at a running server, or on the local file with a server within this process."""

from __future__ import annotations

import io
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import httpx2
from rich.console import Console

from app.commands.console import stop
from app.logs import configure_logging
from app.settings import Settings
from app.storage import migrate as migrations
from app.terminal.asking import Asker, Keyboard, Lines
from app.terminal.client import Client
from app.terminal.leaving import status_of
from app.terminal.screen import Screen
from app.terminal.session import Session, Wish

TIMEOUT: Final = httpx2.Timeout(30, connect=5)


def play(wish: Wish, url: str | None, token: str | None) -> int:
    """Play at the server of a URL, or without one on the file that the settings name; return the exit status."""
    screen = Screen(Console(highlight=False), wish.language or "en")
    server = _at(url) if url else _local(_prepared(screen))
    return _played(wish, screen, server, token)


@dataclass(frozen=True, slots=True)
class Server:
    """What the server is called, and what opens the way to it with headers for each request."""

    name: str
    open: Callable[[Mapping[str, str]], AbstractAsyncContextManager[httpx2.AsyncClient]]


def _played(wish: Wish, screen: Screen, server: Server, token: str | None) -> int:
    """Play, and say goodbye: whoever leaves a drill before its end is told how to go on."""
    sessions: list[Session] = []

    async def play() -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with server.open(headers) as http:
            client = Client(http, name=server.name)
            session = Session(client, screen, lambda toolbar: _asker(screen.console, toolbar), wish)
            sessions.append(session)
            await session.play()

    try:
        return status_of(play())
    finally:
        if sessions and sessions[0].is_unfinished:
            with suppress(OSError):  # the terminal may be gone
                screen.say("come-back", "bold")
                screen.copyable(f"  {_shown(sessions[0].token)}{wish.command} --resume", "cyan")


def _shown(token: str | None) -> str:
    return f"CROSSDRILL_TOKEN={token} " if token else ""


def _asker(console: Console, toolbar: Callable[[], str]) -> Asker:
    if sys.stdin.isatty() and sys.stdout.isatty():
        return Keyboard(toolbar, console)
    return Lines(io.FileIO(sys.stdin.fileno(), closefd=False), console)


def _at(url: str) -> Server:
    """Return the client of a running server."""
    if not url.startswith(("http://", "https://")):
        stop(f"{url} is no address of a server: it begins with http:// or https://.")
    try:
        base = httpx2.URL(url.rstrip("/").removesuffix("/v1") + "/v1/")
    except httpx2.InvalidURL as error:
        stop(f"{url} is no address of a server: {error}")
    return Server(url, lambda headers: httpx2.AsyncClient(base_url=base, headers=headers, timeout=TIMEOUT))


def _local(settings: Settings) -> Server:
    """Return the client of a server within this process, on the settings' own database."""
    # not at the top: every command would take nearly twice as long to start, and a drill at a server needs none of it
    from app.main import create_app  # noqa: PLC0415

    @asynccontextmanager
    async def opened(headers: Mapping[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
        server = create_app(settings)
        transport = httpx2.ASGITransport(server)
        client = httpx2.AsyncClient(transport=transport, base_url="http://localhost/v1/", headers=headers, timeout=None)
        async with server.router.lifespan_context(server), client as http:
            yield http

    return Server(f"The service on {settings.masked()['database_url']}", opened)


def _prepared(screen: Screen) -> Settings:
    """Return the settings for this process alone: whoever may read the file is its learner. A new file is made and told of."""
    settings = Settings().model_copy(update={"access": "local", "log_level": "error"})
    configure_logging(settings)
    if settings.database_url.startswith("sqlite") and migrations.current(settings.database_url) is None:
        migrations.upgrade(settings.database_url)
        screen.say("new-file", where=settings.masked()["database_url"])
    migrations.require_head(settings.database_url)
    return settings
