"""Where answers come from: the keyboard of a terminal, or lines that are piped in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Final, Protocol

from prompt_toolkit import PromptSession
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from app.terminal.errors import TerminalError
from app.terminal.layout import Passage

INTERRUPTED: Final = 130  # 128 + SIGINT, as shells have it
TICK: Final = 0.5
ROOM: Final = 24
"""The seconds between two drawings of the bottom line, and the columns that an answer should have beside its question."""


class LeftError(TerminalError):
    """Whoever sat here is gone; `status` is what the shell is told."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class Asker(Protocol):
    """Asks for a line."""

    @property
    def interactive(self) -> bool:
        """Whether somebody is there who can be asked back."""

    async def ask(self, question: str, default: str = "") -> str:
        """Return the line that is typed; `default` stands there to be edited. Raises LeftError where none will come."""


def prompt_of(question: str, console: Console) -> str:
    """Return what to print right before the answer; a question that leaves little room for one is printed above it."""
    if cell_len(question) + ROOM <= console.width:
        return f"{question} › "
    console.print(Passage(Text(question)))
    return "› "


class Keyboard:
    """A terminal: lines can be edited, and the line at the bottom is drawn anew twice a second."""

    interactive = True

    def __init__(self, toolbar: Callable[[], str], console: Console) -> None:
        self._console = console
        self._session: PromptSession[str] = PromptSession(bottom_toolbar=toolbar, refresh_interval=TICK)

    async def ask(self, question: str, default: str = "") -> str:
        """Return the line that is typed; `default` stands there to be edited."""
        prompt = prompt_of(question, self._console)
        try:
            # Signals are the caller's: the library would take its handler away and leave none.
            return await self._session.prompt_async(prompt, default=default, handle_sigint=False)
        except EOFError:
            raise LeftError(0) from None
        except KeyboardInterrupt:
            raise LeftError(INTERRUPTED) from None


class Lines:
    """Lines of a pipe or a file, shown after the prompt as if they were typed.

    They are read in a thread of their own, which dies with the program: a read can't be given up.
    """

    interactive = False

    def __init__(self, lines: Iterable[bytes], console: Console) -> None:
        self._lines = lines
        self._console = console
        self._queue: asyncio.Queue[str | None] | None = None

    async def ask(self, question: str, default: str = "") -> str:
        """Return the next line; nobody is there to edit the default."""
        prompt = prompt_of(question, self._console)
        line = await self._started().get()
        self._console.print(Text(f"{prompt}{line or ''}"))
        if line is None:
            raise LeftError(0)
        return line

    def _started(self) -> asyncio.Queue[str | None]:
        if self._queue is None:
            self._queue = asyncio.Queue()
            Thread(target=self._read, args=(self._queue, asyncio.get_running_loop()), daemon=True).start()
        return self._queue

    def _read(self, queue: asyncio.Queue[str | None], loop: asyncio.AbstractEventLoop) -> None:
        for line in self._lines:
            loop.call_soon_threadsafe(queue.put_nowait, line.decode(errors="replace").rstrip("\r\n"))
        loop.call_soon_threadsafe(queue.put_nowait, None)
