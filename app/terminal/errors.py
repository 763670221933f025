"""What ends a drill in the terminal before its time: each error's text is the sentence that is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_OPTIONS: Final = {"families": "--family", "topics": "--topic", "levels": "--level"} | {
    name: f"--{name}" for name in ("preset", "length", "minutes", "feedback", "language", "name")
}


class TerminalError(Exception):
    """Base of what can't be helped here."""


class UnreachableError(TerminalError):
    """The server doesn't answer, or is too busy, time after time."""


class ForeignServerError(TerminalError):
    """Something answers there, but not as this version of Crossdrill does."""

    def __init__(self, server: str) -> None:
        super().__init__(f"{server} doesn't answer as this version of Crossdrill does.")


class TokenError(TerminalError):
    """The server knows nobody with that token, or takes nobody without one."""

    def __init__(self, server: str) -> None:
        super().__init__(f"{server} takes valid tokens only: give yours with --token or in CROSSDRILL_TOKEN.")


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that was refused: a JSON pointer to it, what to do about it, and the character where that matters."""

    pointer: str
    detail: str
    position: int | None = None


class RefusedError(TerminalError):
    """The server understood, and refused."""

    def __init__(self, code: str, detail: str, faults: tuple[Fault, ...] = ()) -> None:
        told = "; ".join(f"{_where(fault.pointer)}{fault.detail}" for fault in faults)
        super().__init__(told or detail)
        self.code = code
        self.detail = detail
        self.faults = faults


def _where(pointer: str) -> str:
    """Return what a fault is put under: the option of the command line that gives the field, or the pointer itself."""
    name = pointer.removeprefix("/blueprint").split("/")[1:2]
    place = _OPTIONS.get(name[0], pointer) if name else ""
    return f"{place}: " if place else ""
