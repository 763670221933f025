"""What the services tell whoever counts what is practised."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Is told what happens inside a transaction, before its commit; must be quick and never raise."""

    def drew(self, seconds: float) -> None:
        """Take note that a variant was made, drawn or of given numbers."""

    def posed(self, family: str) -> None:
        """Take note that a problem was set."""

    def judged(self, family: str, verdict: str, misconception: str | None, seconds: float) -> None:
        """Take note of the verdict on a readable answer, and how long it took to read and judge it."""

    def missed(self) -> None:
        """Take note that a problem was not in memory and had to be read."""


class Unwatched:
    """Counts nothing."""

    def drew(self, seconds: float) -> None:
        """Do nothing."""

    def posed(self, family: str) -> None:
        """Do nothing."""

    def judged(self, family: str, verdict: str, misconception: str | None, seconds: float) -> None:
        """Do nothing."""

    def missed(self) -> None:
        """Do nothing."""


UNWATCHED = Unwatched()
