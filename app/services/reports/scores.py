"""Sums over the problems of a drill."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from math import fsum

from app.services.blueprints import Blueprint
from app.services.calibration import Calibration, Forecast, calibration
from app.services.plans import plan_from_json
from app.services.reports.model import Group, Item, Mistake, MistakeCount, Score
from app.storage.drills import DrillRow


def never_reached(drill: DrillRow, blueprint: Blueprint) -> int:
    """Return how many problems a finished drill never handed out; one that lasts so many minutes just has as many as fit."""
    as_many_as_fit = blueprint.length is None and blueprint.minutes is not None
    if drill.state != "finished" or as_many_as_fit:
        return 0
    return max(0, len(plan_from_json(drill.plan)) - drill.shown)


def score_of(items: Sequence[Item], drill: DrillRow, blueprint: Blueprint, now: datetime) -> Score:
    """Return the result of a drill in numbers."""
    verdicts = Counter(item.verdict for item in items)
    missing = never_reached(drill, blueprint)
    return Score(
        credit=fsum(item.credit for item in items),
        possible=len(items) + missing,
        right=verdicts["right"],
        partly_right=verdicts["partly_right"],
        wrong=verdicts["wrong"],
        too_coarse=verdicts["too_coarse"],
        unanswered=verdicts[None] + missing,
        never_reached=missing,
        late=sum(len(item.late) for item in items),
        seconds=_seconds(drill, blueprint, now),
        seconds_allowed=None if blueprint.minutes is None else blueprint.minutes * 60,
    )


def _seconds(drill: DrillRow, blueprint: Blueprint, now: datetime) -> float:
    """Return how long the drill's clock has run; a clock that was set back makes it no shorter than nothing."""
    until = drill.finished_at or drill.paused_at or now
    ran = max(0.0, (until - drill.started_at).total_seconds() - drill.paused_seconds)
    return ran if blueprint.minutes is None else min(ran, blueprint.minutes * 60)


def groups_of(items: Iterable[Item], name_of: Callable[[Item], str], title_of: Callable[[Item], str]) -> tuple[Group, ...]:
    """Return the problems by topic or family, in the order in which they were first met."""
    members: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        members[name_of(item)].append(item)
    return tuple(_group(name, title_of(some[0]), some) for name, some in members.items())


def _group(name: str, title: str, members: Sequence[Item]) -> Group:
    timed = [(item.seconds, item.expected_seconds) for item in members if item.seconds is not None]
    return Group(
        name=name,
        title=title,
        problems=len(members),
        credit=fsum(item.credit for item in members),
        first_right=sum(item.first_right for item in members),
        seconds=fsum(seconds for seconds, _ in timed),
        expected_seconds=sum(expected for _, expected in timed),
    )


def mistakes_of(items: Iterable[Item]) -> tuple[MistakeCount, ...]:
    """Return the misconceptions that answers showed, the most frequent first; each counts once in a problem."""
    met: dict[tuple[str, str], list[tuple[Item, Mistake]]] = defaultdict(list)
    for item in items:
        for mistake in {mistake.code: mistake for mistake in item.mistakes}.values():
            met[mistake.code, item.family].append((item, mistake))
    counts = (
        MistakeCount(code, family, found[0][0].title, tuple(item.position for item, _ in found), found[0][1].why)
        for (code, family), found in met.items()
    )
    return tuple(sorted(counts, key=lambda count: -count.problems))


def calibration_of(items: Iterable[Item]) -> Calibration:
    """Score how sure the learner was of the first answers, where they said so."""
    return calibration(Forecast(item.confidence, item.first_right) for item in items if item.confidence is not None)
