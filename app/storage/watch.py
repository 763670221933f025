"""What a database tells whoever watches it work."""

from __future__ import annotations

from typing import Protocol


class Load(Protocol):
    """How busy a lane is, at this moment."""

    @property
    def threads(self) -> int:
        """How many pieces of work it can do at once."""

    @property
    def busy(self) -> int:
        """How many of its threads are in a transaction."""

    @property
    def waiting(self) -> int:
        """How many pieces of work are queued."""


class Watch(Protocol):
    """Is told of every transaction, in the thread in which it ran; must be quick and never raise."""

    def opened(self, lane: str, load: Load) -> None:
        """Take note of a lane; `load` can be looked at from any thread for as long as the database is open."""

    def ended(self, lane: str, works: int, seconds: float, committing: float, *, failed: bool) -> None:
        """Take note of a transaction with so many pieces of work, from its begin to after its commit.

        `committing` is what of it was not the work: beginning, savepoints, and above all the commit.
        `failed` means that the database refused or was not there, not that a piece of work raised an error of its own.
        """
