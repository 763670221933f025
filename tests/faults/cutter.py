"""A line between the service and PostgreSQL that can be cut at an answer."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

PIECE: Final = 65_536
PATIENCE_SECONDS: Final = 60


class Cutter:
    """Passes on everything between a port of its own and a socket; told to, it swallows one answer and hangs up."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._last: bytes | None = None
        self._was_cut = threading.Event()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for line in list(self._open):
            _hang_up(line)

    @property
    def port(self) -> int:
        """Return where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    def cut_at(self, answer: bytes) -> None:
        """Hang up on the service when PostgreSQL next answers this, which doesn't arrive any more, and return."""
        self._was_cut.clear()
        self._last = answer
        if not self._was_cut.wait(PATIENCE_SECONDS):
            raise TimeoutError(f"PostgreSQL never answered {answer!r}")

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                service, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=(service,), daemon=True).start()

    def _connect(self, service: socket.socket) -> None:
        with service, socket.socket(socket.AF_UNIX) as database:
            database.connect(str(self._target))
            self._open |= {service, database}
            asking = threading.Thread(target=_ask, args=(service, database), daemon=True)
            asking.start()
            with suppress(OSError):
                self._answer(database, service)
            _hang_up(service)
            _hang_up(database)
            asking.join()
            self._open -= {service, database}

    def _answer(self, database: socket.socket, service: socket.socket) -> None:
        while piece := database.recv(PIECE):
            if self._last is not None and self._last in piece:
                self._last = None
                self._was_cut.set()
                return
            service.sendall(piece)


def _ask(service: socket.socket, database: socket.socket) -> None:
    with suppress(OSError):
        while piece := service.recv(PIECE):
            database.sendall(piece)
    _hang_up(database)


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
