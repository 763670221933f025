"""`crossdrill serve`."""

from __future__ import annotations

import os
import signal
import sys
from socket import socket
from typing import Annotated, NoReturn

import typer
import uvicorn
from rich.markup import escape
from uvicorn.supervisors import Multiprocess

from app.commands.console import out, stop
from app.commands.counting import counting_together, only_of
from app.commands.sockets import listening, url_of
from app.settings import Settings
from app.storage import migrate as migrations

GRACE_SECONDS = 20
"""How long a server that is told to stop goes on with what it has taken on."""

app = typer.Typer()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.")] = None,
    workers: Annotated[int | None, typer.Option(help="Server processes; more than one needs PostgreSQL.")] = None,
    migrate: Annotated[bool, typer.Option("--migrate", help="First bring the database to this version's schema.")] = False,
) -> None:
    """Serve until stopped."""
    for name, value in (("HOST", host), ("PORT", port), ("WORKERS", workers)):
        if value is not None:
            os.environ[f"CROSSDRILL_{name}"] = str(value)  # the server's processes read their settings from there
    settings = Settings()
    signal.signal(signal.SIGTERM, _end)  # the server hands the signal on once it has answered what it had taken on
    if migrate:
        migrations.upgrade(settings.database_url)
    migrations.require_head(settings.database_url)
    migrations.require_sound(settings.database_url)
    sockets = _listening(settings)
    _greet(settings, url_of(settings.host, sockets[0]))
    config = uvicorn.Config(
        "app.main:create_app_from_env",
        factory=True,
        workers=settings.workers,
        http="app.api.connections:Connection" if sys.implementation.name == "cpython" else "auto",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whose word counts is CROSSDRILL_TRUSTED_PROXIES's to say, and no other variable's
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    if settings.workers > 1:
        with counting_together():
            _Workers(config, sockets).run()
    else:
        uvicorn.Server(config).run(sockets)


def _end(*_: object) -> NoReturn:
    """End as one does who was asked to: with status 0."""
    raise SystemExit


class _Workers(Multiprocess):
    """Several server processes, which end on Ctrl-C as a single one does."""

    _interrupted = False

    def keep_subprocess_alive(self) -> None:
        super().keep_subprocess_alive()
        only_of({process.pid for process in self.processes})

    def handle_int(self) -> None:
        self._interrupted = True
        super().handle_int()

    def run(self) -> None:
        super().run()
        if self._interrupted:
            raise KeyboardInterrupt


def _listening(settings: Settings) -> list[socket]:
    try:
        return listening(settings.host, settings.port)
    except OSError as error:
        stop(f"can't listen on {settings.host} at port {settings.port}: {error.strerror}")


def _greet(settings: Settings, url: str) -> None:
    out.print(f"Crossdrill on [bold]{escape(url)}[/], stored in {escape(str(settings.masked()['database_url']))}")
    out.print(f"Practise at {url} in a browser, read about the calls at {url}/docs, or try:", markup=False)
    body = '{"family": "cross-entropy-one-hot", "preset": "mock-question"}'
    curl = "curl -gs" if "[" in url else "curl -s"  # curl takes brackets for a pattern unless told not to
    shown = "" if settings.access == "local" else " -H 'Authorization: Bearer TOKEN'"
    out.print(f"  {curl} {url}/v1/problems{shown} -H 'Content-Type: application/json' -d '{body}'", markup=False)
