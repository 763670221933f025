"""How much may be asked for in how much time, and how often it was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_RATE: Final = re.compile(r"([1-9][0-9]{0,8})/(second|minute|hour|day)")

MOST_KEYS: Final = 50_000
"""Of how many callers or addresses a window keeps count; beyond that the one that was counted first is forgotten."""

REPORTS_PER_WINDOW: Final = 20


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    amount: int
    seconds: int


def rate_of(text: str) -> Rate | None:
    """Return the rate that a setting names, such as `600/minute`; None for an empty text, which names none.

    Raises
    ------
    ValueError
        The text is neither empty nor a rate.
    """
    if not text:
        return None
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError("Give a rate such as 600/minute (second, minute, hour or day), or nothing for no limit.")
    return Rate(int(found[1]), SECONDS[found[2]])


@dataclass(frozen=True, slots=True)
class Report:
    """What one process counted of a key within a window and hasn't told the others yet."""

    key: str
    window: int
    amount: int


class Windows:
    """Counts by key within the window that a time falls into: all windows of a rate begin at multiples of its length.

    The clock divides them, so that processes agree on them without a word, and forgetting a window is dropping one dict. Where
    counts are shared, what was counted here becomes due for a report after a twentieth of the rate.
    """

    __slots__ = ("_due", "_most", "_step", "_taken", "_unreported", "_window", "rate")

    def __init__(self, rate: Rate, *, shared: bool = False, most_keys: int = MOST_KEYS) -> None:
        self.rate = rate
        self._step = max(1, rate.amount // REPORTS_PER_WINDOW) if shared else 0
        self._most = most_keys
        self._begin(-1)

    def _begin(self, window: int) -> None:
        self._window = window
        self._taken: dict[str, int] = {}
        self._unreported: dict[str, int] = {}
        self._due: set[str] = set()

    def left(self, key: str, now: float) -> int:
        """Return how many more `key` may have."""
        window = int(now) // self.rate.seconds
        return self.rate.amount - (self._taken.get(key, 0) if window == self._window else 0)

    def take(self, key: str, now: float) -> int:
        """Count one of `key`, and return how many more it may have; -1 where it had all, and nothing is counted."""
        window = int(now) // self.rate.seconds
        if window != self._window:
            self._begin(window)
        taken = self._taken.get(key, 0)
        left = self.rate.amount - taken - 1
        if left < 0:
            return -1
        self._taken[key] = taken + 1
        if taken == 0 and len(self._taken) > self._most:
            self._forget(next(iter(self._taken)))
        if self._step:
            self._note(key, 1)
        return left

    def ends_in(self, now: float) -> int:
        """Return the whole seconds until the next window begins, at least one."""
        return self.rate.seconds - int(now) % self.rate.seconds

    def _forget(self, key: str) -> None:
        del self._taken[key]
        self._unreported.pop(key, None)
        self._due.discard(key)

    def _note(self, key: str, amount: int) -> None:
        unreported = self._unreported.get(key, 0) + amount
        self._unreported[key] = unreported
        if unreported >= self._step:
            self._due.add(key)

    def reports(self) -> list[Report]:
        """Return what is due to be told to the others; it counts as told from now on."""
        due, self._due = self._due, set()
        return [Report(key, self._window, self._unreported.pop(key)) for key in due]

    def not_told(self, report: Report) -> None:
        """Take back a report that reached nobody, to be told again with whatever comes meanwhile."""
        if report.window == self._window and report.key in self._taken:
            self._note(report.key, report.amount)

    def told(self, report: Report, total: int) -> None:
        """Learn how many all processes counted; never less than what is known here, should the others have forgotten."""
        if report.window == self._window and report.key in self._taken:
            known = total + self._unreported.get(report.key, 0)
            self._taken[report.key] = max(self._taken[report.key], min(known, self.rate.amount))
