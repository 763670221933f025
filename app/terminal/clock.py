"""How long is left, between two answers of the server that say so."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic


class Clock:
    """Counts on from what the server said last; the server alone decides when the time is over."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._left: float | None = None
        self._said_at = now()
        self._stands = False

    def set(self, left: float | None, *, stands: bool) -> None:
        """Take over the server's remaining seconds; None where there is no limit. `stands` in a pause."""
        self._left, self._stands, self._said_at = left, stands, self._now()

    @property
    def left(self) -> float | None:
        """The seconds that are left, never less than 0; None where there is no limit."""
        if self._left is None or self._stands:
            return self._left
        return max(0.0, self._left - (self._now() - self._said_at))

    @property
    def over(self) -> bool:
        """Whether the time is over as far as can be told from here."""
        return self.left == 0


class Stopwatch:
    """Measures how long an answer takes, without the pauses."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._since: float | None = now()
        self._before = 0.0

    def stop(self) -> None:
        """Let it stand still."""
        self._before, self._since = self._seconds, None

    def go_on(self) -> None:
        """Let it run on."""
        self._since = self._now()

    @property
    def _seconds(self) -> float:
        return self._before + (0.0 if self._since is None else self._now() - self._since)

    @property
    def milliseconds(self) -> int:
        """What it shows."""
        return round(self._seconds * 1000)


def minutes(seconds: float) -> str:
    """Return seconds as `m:ss`, begun ones counted: it shows 0:00 when the time is over, not before."""
    whole = int(-(-seconds // 1))
    return f"{whole // 60}:{whole % 60:02d}"
