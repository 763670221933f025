"""Counting the figures of everybody beside the service's other work, in steps that are short each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.services.figures import Figures, tallied, with_discrimination
from app.storage import analytics, rollups
from app.storage.analytics import LearnerRange, MomentRow, Sample
from app.storage.rollups import RollupRow

LEARNERS_A_STEP: Final = 50

_KEPT: Final = tuple(name for name in RollupRow.__slots__ if name not in {"misconceptions", "as_of"})


class Rollup:
    """One counting of everybody's figures: each of its steps is a transaction that reads, and `store` the one that writes.

    Between two steps the readers do what else is asked of them, and no snapshot of the database is held for long. What
    changes meanwhile is in some figures and not yet in others, and in all of them the next time.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._families: list[str] = []
        self._ranges: list[LearnerRange] = []
        self._figures: list[Figures] = []
        self._moments: list[MomentRow] = []

    def steps(self) -> Iterator[Callable[[Connection], None]]:
        """Yield what has to be read; each step has to be done before the next one is asked for."""
        yield self._look_round
        for family in self._families:
            yield partial(self._tally, Sample(family))
        for some in self._ranges:
            yield partial(self._correlate, some)

    def store(self, connection: Connection) -> None:
        """Keep what was counted, in place of what was kept before."""
        figures = with_discrimination(self._figures, self._moments)
        rollups.replace(connection, [_row(each, self._now) for each in figures], self._now)

    def _look_round(self, connection: Connection) -> None:
        self._families = rollups.families(connection)
        self._ranges = rollups.learner_ranges(connection, LEARNERS_A_STEP)

    def _tally(self, sample: Sample, connection: Connection) -> None:
        self._figures += tallied(connection, sample)

    def _correlate(self, some: LearnerRange, connection: Connection) -> None:
        self._moments += analytics.moments(connection, Sample(), some)


def is_due(connection: Connection, now: datetime, every: timedelta) -> bool:
    """Whether the kept figures are as old as `every`, or there are none."""
    as_of = rollups.as_of(connection)
    return as_of is None or as_of + every <= now


def kept(row: RollupRow) -> Figures:
    """Return the figures of a row of the table."""
    misconceptions = tuple((code, count) for code, count in json.loads(row.misconceptions))
    return Figures(**{name: getattr(row, name) for name in _KEPT}, misconceptions=misconceptions)


def _row(figures: Figures, as_of: datetime) -> RollupRow:
    numbers = {name: getattr(figures, name) for name in _KEPT}
    return RollupRow(**numbers, misconceptions=json.dumps(figures.misconceptions), as_of=as_of)
