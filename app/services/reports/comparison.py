"""A drill beside the learner's earlier ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import fsum
from statistics import linear_regression, median
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from app.services.blueprints import blueprint_from_json
from app.services.reports.model import Comparison, Item, Past
from app.services.reports.scores import never_reached
from app.storage import drill_reports
from app.storage.drill_reports import ResultRow
from app.storage.drills import DrillRow

COMPARED: Final = 5
"""The drills that a trend looks at, this one included."""


def comparison_of(connection: Connection, drill: DrillRow, items: Iterable[Item], share: float | None) -> Comparison:
    """Compare a drill with those before it that were made from the same preset, or with any where there are none."""
    same = [] if drill.preset is None else drill_reports.earlier(connection, drill, preset=drill.preset, limit=COMPARED - 1)
    rows = same or drill_reports.earlier(connection, drill, limit=COMPARED - 1)
    earlier = pasts(connection, rows)
    shares = [past.share for past in reversed(earlier) if past.share is not None]
    return Comparison(
        same_preset=bool(same),
        earlier=earlier,
        pace=_pace((item.seconds, item.expected_seconds) for item in items),
        change=share - shares[-1] if shares and share is not None else None,
        trend=_trend([*shares, share]) if shares and share is not None else None,
    )


def pasts(connection: Connection, rows: Sequence[DrillRow]) -> tuple[Past, ...]:
    """Return what came of drills that have ended."""
    results: dict[UUID, list[ResultRow]] = defaultdict(list)
    for result in drill_reports.results(connection, [row.id for row in rows]):
        results[result.drill_id].append(result)
    return tuple(_past(row, results[row.id]) for row in rows)


def _past(drill: DrillRow, results: Sequence[ResultRow]) -> Past:
    possible = len(results) + never_reached(drill, blueprint_from_json(drill.blueprint))
    share = fsum(result.credit for result in results) / possible if possible else None
    pace = _pace((result.seconds, result.expected_seconds) for result in results)
    return Past(drill.id, drill.preset, drill.started_at, share, pace)


def _pace(times: Iterable[tuple[float | None, int]]) -> float | None:
    """Return the median of time taken to time expected, over the problems of which it is known."""
    known = [seconds / expected for seconds, expected in times if seconds is not None and expected]
    return median(known) if known else None


def _trend(shares: Sequence[float]) -> float:
    return linear_regression(range(len(shares)), shares).slope
