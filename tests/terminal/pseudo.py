"""A terminal that a test types into and reads from, as somebody at a keyboard would."""

from __future__ import annotations

import codecs
import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

PATIENCE: Final = 90.0
CROSSDRILL: Final = Path(sys.executable).with_name("crossdrill")
_ESCAPES: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P^_].*?(?:\x1b\\|\x07)|\x1b[@-Z\\-_=>]")
# A terminal is asked where its cursor is, and answers; only then a line at its bottom is drawn.
_WHERE: Final = b"\x1b[6n"
_HERE: Final = b"\x1b[38;1R"


class Terminal:
    """Runs a program at a pseudo-terminal of its own."""

    def __init__(self, *arguments: str, environment: Mapping[str, str], folder: Path, columns: int = 100) -> None:
        self._keys, screen = os.openpty()
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        self.before = termios.tcgetattr(screen)
        self.raw = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._read_to = 0
        self.process = subprocess.Popen(
            [CROSSDRILL, *arguments],
            stdin=screen,
            stdout=screen,
            stderr=screen,
            cwd=folder,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - closing it must be felt
            env={**environment, "TERM": "xterm-256color"},
        )
        self._screen = screen

    @property
    def text(self) -> str:
        """Everything that was shown, without what moves the cursor or sets a colour."""
        return _ESCAPES.sub("", self.raw).replace("\r", "")

    @property
    def attributes(self) -> list[object]:
        """How the terminal treats keys now."""
        return list(termios.tcgetattr(self._screen))

    def expect(self, wanted: str) -> str:
        """Wait until a text is shown that wasn't there at the last `expect`, and return what came before it."""
        end = time.monotonic() + PATIENCE
        while wanted not in self.text[self._read_to :]:
            if not self._more(end):
                shown = self.text[self._read_to :]
                raise AssertionError(f"{wanted!r} never came; there was:\n{shown}")
        start, self._read_to = self._read_to, self.text.index(wanted, self._read_to) + len(wanted)
        return self.text[start : self._read_to]

    def type(self, line: str) -> None:
        """Type a line and Enter."""
        self.press(line + "\r")

    def press(self, keys: str) -> None:
        """Press keys, without Enter."""
        os.write(self._keys, keys.encode())

    def end(self) -> int:
        """Wait for the program to end, and return its exit status."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and self._more(end):
            pass
        while select.select([self._keys], [], [], 0)[0] and self._take():
            pass
        return self.process.wait(PATIENCE)

    def hang_up(self) -> int:
        """Close the terminal as a window is closed, and return the exit status."""
        os.close(self._keys)
        self._keys = -1
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """Let go of all of it."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        for descriptor in (self._keys, self._screen):
            if descriptor >= 0:
                os.close(descriptor)

    def _more(self, end: float) -> bool:
        """Read on for a moment; False once the time or the program is over."""
        if select.select([self._keys], [], [], 0.05)[0]:
            return self._take()
        return self.process.poll() is None and time.monotonic() < end

    def _take(self) -> bool:
        try:
            taken = os.read(self._keys, 65536)
        except OSError:
            return False
        for _ in range(taken.count(_WHERE)):
            os.write(self._keys, _HERE)
        self.raw += self._decoder.decode(taken)
        return True
