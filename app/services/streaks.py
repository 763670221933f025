"""Days of practice in the learner's own time zone, and how many of them stand in a row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from app.errors import UnknownZoneError

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_NO_PLACES: Final = frozenset({"Factory", "localtime"})  # "not set", and the server's own zone: neither is the learner's


@dataclass(frozen=True, slots=True)
class Streak:
    """Practised days in the current and the longest run, and the missed days that the current one bridges, in order."""

    current: int
    longest: int
    forgiven_on: tuple[date, ...]
    practised_today: bool


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name, as `Asia/Shanghai`, spelt exactly; UnknownZoneError for anything else."""
    if name not in _zone_names():
        raise UnknownZoneError(zone=name)
    return ZoneInfo(name)


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day of an instant in a zone; ValueError for an instant without a zone of its own."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(zone).date()


def streak(days: Collection[date], today: date) -> Streak:
    """Count the practised days in a row, up to today and at most.

    Any seven consecutive days may contain one missed day: it is bridged, and not counted. Today breaks nothing while it lasts.

    Parameters
    ----------
    days
        The days with practice, in any order; days after today are passed over.
    today
        The learner's day.
    """
    practised = {day for day in days if day <= today}
    runs = list(_runs(sorted(practised | {today})))
    current = runs[-1]
    longest = max(len(practised.intersection(run)) for run in runs)
    forgiven = tuple(before + _DAY for before, after in pairwise(current) if after - before > _DAY)
    return Streak(len(practised.intersection(current)), longest, forgiven, today in practised)


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_PLACES


def _runs(days: Sequence[date]) -> Iterator[Sequence[date]]:
    """Yield the longest unbroken runs of `days`, which are in order; two runs may share the days between two missed ones."""
    run, missed = [days[0]], None
    for day in days[1:]:
        gap = day - run[-1]
        if gap > 2 * _DAY:
            yield run
            run, missed = [], None
        elif gap > _DAY:
            if missed is not None and day - _DAY - missed < _WEEK:
                yield run
                run = [each for each in run if each > missed]
            missed = day - _DAY
        run.append(day)
    yield run
