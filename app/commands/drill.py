"""`crossdrill drill`."""

from __future__ import annotations

import io
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

import httpx2
import typer
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

app = typer.Typer()

DEFAULT_PRESET: Final = "warm-up"
TIMEOUT: Final = httpx2.Timeout(30, connect=5)

Preset: TypeAlias = Annotated[str | None, typer.Option(help="A named drill, such as sprint-60s; warm-up if nothing is said.")]
Url: TypeAlias = Annotated[str | None, typer.Option(help="A running server; without it, the file that the settings name.")]
Token: TypeAlias = Annotated[str | None, typer.Option(envvar="CROSSDRILL_TOKEN", help="What you show the server.")]
Room: TypeAlias = Annotated[str | None, typer.Option(help="Join a room by its code.")]
Name: TypeAlias = Annotated[str | None, typer.Option(help="Your name in the room, where you have no account.")]
In: TypeAlias = Annotated[Literal["en", "zh"] | None, typer.Option("--language", help="en or zh; yours if not given.")]
Length: TypeAlias = Annotated[int | None, typer.Option(help="How many problems.")]
Minutes: TypeAlias = Annotated[float | None, typer.Option(help="How much time.")]
Topics: TypeAlias = Annotated[list[str] | None, typer.Option("--topic", help="A topic; give it once for each.")]
Levels: TypeAlias = Annotated[list[int] | None, typer.Option("--level", help="A level; give it once for each.")]
Families: TypeAlias = Annotated[list[str] | None, typer.Option("--family", help="A family; give it once for each.")]
Feedback: TypeAlias = Annotated[Literal["at-once", "at-end"] | None, typer.Option(help="When results are told.")]
Confidence: TypeAlias = Annotated[bool, typer.Option("--confidence", help="Ask how sure you are of each answer.")]
Resume: TypeAlias = Annotated[bool, typer.Option("--resume", help="Go on with the newest drill that isn't finished.")]


@app.command()
def drill(
    preset: Preset = None,
    url: Url = None,
    token: Token = None,
    room: Room = None,
    name: Name = None,
    language: In = None,
    length: Length = None,
    minutes: Minutes = None,
    topic: Topics = None,
    level: Levels = None,
    family: Families = None,
    feedback: Feedback = None,
    *,
    confidence: Confidence = False,
    resume: Resume = False,
) -> None:
    """Drill at the keyboard, against a running server or on the local file; answers may also be piped in, line by line."""
    chosen = {"length": length, "minutes": minutes, "topics": topic, "levels": level, "families": family, "feedback": feedback}
    blueprint = {key: value for key, value in chosen.items() if value is not None and value != []}
    _require_one_way(room, name, resume=resume, chosen=bool(preset or blueprint))
    if preset is None and not blueprint:
        preset = DEFAULT_PRESET
    command = f"crossdrill drill --url {url}" if url else "crossdrill drill"
    wish = Wish(preset, blueprint, room, name, language, resume, confidence, command)
    screen = Screen(Console(highlight=False), language or "en")
    server = _at(url) if url else _local(_prepared(screen))
    raise SystemExit(_played(wish, screen, server, token))


def _require_one_way(room: str | None, name: str | None, *, resume: bool, chosen: bool) -> None:
    if resume and (room or chosen):
        stop("--resume goes on with a drill as it is: leave out everything that chooses another one.")
    if room and chosen:
        stop("A room has its own problems: leave out everything that chooses others.")
    if name and not room:
        stop("--name is for a room: give its code with --room.")


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
