from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import UnknownZoneError
from app.services.streaks import Streak, day_of, streak, zone_of

TODAY = date(2026, 11, 20)
DAYS_BACK = st.sets(st.integers(0, 40))


def back(*counts: int) -> list[date]:
    """Give the days so many days before today."""
    return [TODAY - timedelta(days=count) for count in counts]


def written(pattern: str) -> list[date]:
    """Give the practised days of a pattern that ends today: x is practice, a dot is none."""
    return back(*(len(pattern) - 1 - place for place, mark in enumerate(pattern) if mark == "x"))


def by_definition(days: set[date]) -> int:
    """Give the most practised days between any two of them, where no seven consecutive days between have two missed ones."""
    best = 0
    for first in days:
        for last in days:
            span = [first + timedelta(days=each) for each in range((last - first).days + 1)]
            missed = [day not in days for day in span]
            weeks = [missed[start : start + 7] for start in range(max(1, len(missed) - 6))]
            if span and all(sum(week) <= 1 for week in weeks):
                best = max(best, len(days.intersection(span)))
    return best


@pytest.mark.parametrize(
    ("pattern", "current", "longest"),
    [
        ("", 0, 0),
        (".", 0, 0),
        ("x", 1, 1),
        ("xxx", 3, 3),
        ("xxx.", 3, 3),  # today isn't over
        ("xxx..", 3, 3),  # yesterday was missed, and is forgiven
        ("xxx...", 0, 3),
        ("xx.x", 3, 3),
        ("xx..x", 1, 2),
        ("x.x.x", 2, 2),  # two missed within five days
        ("xx.xxxxx.x", 6, 7),  # two missed, six days apart: seven days hold both
        ("xx.xxxxxx.x", 9, 9),  # seven days apart: no seven days hold both
        ("xx.xxxxx.", 7, 7),
        ("xx.xxxxx..", 5, 7),  # yesterday is forgiven only where the earlier missed day is let go
        ("xxxxx..x.x", 2, 5),
    ],
)
def test_a_streak_is_the_practised_days_in_a_row_with_one_missed_day_a_week_forgiven(
    pattern: str, current: int, longest: int
) -> None:
    counted = streak(written(pattern), TODAY)
    assert (counted.current, counted.longest) == (current, longest)


def test_the_forgiven_days_of_the_current_run_are_named_in_order() -> None:
    counted = streak(written("x..xx.xxxxxx.x"), TODAY)
    assert counted == Streak(current=9, longest=9, forgiven_on=tuple(back(8, 1)), practised_today=True)


def test_yesterday_is_forgiven_before_today_is_practised() -> None:
    assert streak(back(2), TODAY) == Streak(current=1, longest=1, forgiven_on=tuple(back(1)), practised_today=False)


def test_a_broken_streak_forgives_nothing() -> None:
    assert streak(written("xx.x..."), TODAY) == Streak(current=0, longest=3, forgiven_on=(), practised_today=False)


def test_a_day_after_today_counts_for_nothing() -> None:
    assert streak(back(0, -1, -2), TODAY) == Streak(current=1, longest=1, forgiven_on=(), practised_today=True)


@pytest.mark.parametrize("today", [date(2028, 3, 1), date(2027, 1, 1), date(2026, 3, 30)])
def test_a_streak_runs_over_a_leap_day_a_year_end_and_a_change_of_clocks(today: date) -> None:
    assert streak([today - timedelta(days=each) for each in range(5)], today).current == 5


def test_the_leap_day_can_be_the_missed_one() -> None:
    assert streak([date(2028, 2, 28), date(2028, 3, 1)], date(2028, 3, 1)).forgiven_on == (date(2028, 2, 29),)


@given(DAYS_BACK)
def test_the_longest_streak_is_the_longest_by_the_definition(counts: set[int]) -> None:
    days = set(back(*counts))
    assert streak(days, TODAY).longest == by_definition(days)


@given(DAYS_BACK, st.integers(0, 40))
def test_one_more_practised_day_never_shortens_a_streak(counts: set[int], more: int) -> None:
    before, after = streak(back(*counts), TODAY), streak(back(*counts, more), TODAY)
    assert after.current >= before.current
    assert after.longest >= before.longest


@given(DAYS_BACK)
def test_practice_today_adds_one_day_to_the_current_streak(counts: set[int]) -> None:
    earlier = back(*counts - {0})
    assert streak([*earlier, TODAY], TODAY).current == streak(earlier, TODAY).current + 1


@given(DAYS_BACK)
def test_forgiven_days_are_missed_ones_a_week_apart(counts: set[int]) -> None:
    counted = streak(back(*counts), TODAY)
    assert counted.current <= counted.longest <= len(counts)
    assert not set(counted.forgiven_on) & set(back(*counts))
    assert all((b - a).days >= 7 for a, b in zip(counted.forgiven_on, counted.forgiven_on[1:], strict=False))


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        ("2026-11-20T16:00:00Z", "Asia/Shanghai", date(2026, 11, 21)),
        ("2026-11-20T15:59:59Z", "Asia/Shanghai", date(2026, 11, 20)),
        ("2026-12-31T10:00:00Z", "Pacific/Kiritimati", date(2027, 1, 1)),  # +14
        ("2027-01-01T11:59:59Z", "Etc/GMT+12", date(2026, 12, 31)),  # −12: the sign of these names is turned round
        ("2028-02-29T04:59:59Z", "America/New_York", date(2028, 2, 28)),
        ("2028-02-29T05:00:00Z", "America/New_York", date(2028, 2, 29)),
        # Berlin's 29 March 2026 has 23 hours and begins an hour after UTC's 23:00; its 25 October has 25.
        ("2026-03-28T23:00:00Z", "Europe/Berlin", date(2026, 3, 29)),
        ("2026-03-29T21:59:59Z", "Europe/Berlin", date(2026, 3, 29)),
        ("2026-03-29T22:00:00Z", "Europe/Berlin", date(2026, 3, 30)),
        ("2026-10-24T22:00:00Z", "Europe/Berlin", date(2026, 10, 25)),
        ("2026-10-25T22:59:59Z", "Europe/Berlin", date(2026, 10, 25)),
        ("2026-10-25T23:00:00Z", "Europe/Berlin", date(2026, 10, 26)),
        # Samoa went over the date line: after the 29th of December 2011 came the 31st.
        ("2011-12-30T09:59:59Z", "Pacific/Apia", date(2011, 12, 29)),
        ("2011-12-30T10:00:00Z", "Pacific/Apia", date(2011, 12, 31)),
    ],
)
def test_a_day_begins_at_the_learners_midnight(instant: str, zone: str, day: date) -> None:
    assert day_of(datetime.fromisoformat(instant), zone_of(zone)) == day


def test_the_same_instant_is_the_same_day_however_it_is_written() -> None:
    instant, zone = datetime(2026, 11, 20, 23, 30, tzinfo=UTC), zone_of("Asia/Tokyo")
    assert day_of(instant.astimezone(ZoneInfo("America/Lima")), zone) == day_of(instant, zone) == date(2026, 11, 21)


def test_an_instant_without_a_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 11, 20), zone_of("UTC"))  # noqa: DTZ001 - the naive time is what is refused


@pytest.mark.parametrize("name", ["UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT-14"])
def test_a_zone_is_found_by_its_name(name: str) -> None:
    assert zone_of(name).key == name


@pytest.mark.parametrize(
    "name",
    [
        "", "asia/shanghai", "UTC ", "PST", "CEST", "UTC+8", "+08:00", "Mars/Olympus",
        "Asia", "Asia/", "/etc/passwd", "../UTC", "Europe/../UTC", "posix/UTC", "right/UTC", "posixrules",
        "zone.tab", "localtime", "Factory", "UTC\0", "亚洲/上海",
    ],
)  # fmt: skip
def test_what_is_no_zones_name_is_refused(name: str) -> None:
    with pytest.raises(UnknownZoneError) as refusal:
        zone_of(name)
    assert refusal.value.values == {"zone": name}
