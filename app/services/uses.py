"""When tokens were used, in memory until it is written down: a write with every request would cost more than the request."""

from __future__ import annotations

from datetime import datetime
from itertools import islice


class Uses:
    """The last use of each token since it was written down last; any thread may note one."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}

    def note(self, digest: str, now: datetime) -> None:
        """Note that the token with this digest is used."""
        self._last[digest] = now

    def take(self, most: int) -> list[tuple[str, datetime]]:
        """Return and forget up to `most` of what was noted."""
        # one step each: what another thread notes meanwhile is either taken or stays
        return list(islice(iter(self._pop, None), most))

    def _pop(self) -> tuple[str, datetime] | None:
        try:
            return self._last.popitem()
        except KeyError:
            return None
