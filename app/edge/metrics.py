"""Counting and measuring what the service does. Who tells of it needs to know nothing of how it is exported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import time
from typing import Final

from app.edge.exposition import exposed
from app.edge.instruments import Instruments
from app.storage.watch import Load

METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class Metrics:
    """What one application tells of itself.

    `in_progress` and `streams` belong to the event loop: how many requests are being answered, and how many of them watch
    a room. What changes by itself, such as the length of a queue, is looked at by `sample`.
    """

    def __init__(self) -> None:
        self.instruments = Instruments()
        self.in_progress = 0
        self.streams = 0
        self._loads: dict[str, Load] = {}
        self._reachable = True
        self._export, self._sample_process = exposed(self.instruments.registry)

    def answered(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count an answer; a path that no route took and a method that nobody knows have one name for all of them."""
        method, route = method if method in METHODS else "other", route or "none"
        self.instruments.requests[method, route, status].inc()
        self.instruments.latency[method, route].observe(seconds)

    @contextmanager
    def streaming(self) -> Iterator[None]:
        """Count an answer that watches a room, for as long as it goes on."""
        self.streams += 1
        try:
            yield
        finally:
            self.streams -= 1

    def drew(self, seconds: float) -> None:
        """Count a variant that was made."""
        self.instruments.draw.observe(seconds)

    def posed(self, family: str) -> None:
        """Count a problem that was set."""
        self.instruments.problems[family,].inc()

    def judged(self, family: str, verdict: str, misconception: str | None, seconds: float) -> None:
        """Count a verdict, and the mistake if one was found."""
        self.instruments.verdicts[family, verdict].inc()
        self.instruments.grade.observe(seconds)
        if misconception is not None:
            self.instruments.mistakes[misconception,].inc()

    def missed(self) -> None:
        """Count a problem that was not in memory."""
        self.instruments.misses.inc()

    def opened(self, lane: str, load: Load) -> None:
        """Look at a lane from now on."""
        self._loads[lane] = load
        self.instruments.failures[lane,].inc(0)

    def ended(self, lane: str, works: int, seconds: float, committing: float, *, failed: bool) -> None:
        """Count a transaction."""
        self._reachable = not failed
        self.instruments.transactions[lane,].observe(seconds)
        self.instruments.commits[lane,].observe(committing)
        self.instruments.works[lane,].observe(works)
        if failed:
            self.instruments.failures[lane,].inc()

    def did(self, chore: str, seconds: float, *, failed: bool) -> None:
        """Count a chore."""
        self.instruments.chores[chore, "failed" if failed else "done"].inc()
        self.instruments.chore[chore,].observe(seconds)
        if not failed:
            self.instruments.chore_done[chore,].set(time())

    def stumbled(self, chore: str) -> None:
        """Count one of many things for each of which a chore does something, and for which it failed."""
        self.instruments.chores[chore, "failed"].inc()

    def sample(self) -> None:
        """Look at what changes by itself."""
        known = self.instruments
        known.in_progress.set(self.in_progress)
        known.streams.set(self.streams)
        known.reachable.set(self._reachable)
        for lane, load in self._loads.items():
            known.connections[lane,].set(load.threads)
            known.busy[lane,].set(load.busy)
            known.waiting[lane,].set(load.waiting)
        self._sample_process()

    def export(self) -> bytes:
        """Return everything in the text format of Prometheus."""
        self.sample()
        return self._export()
