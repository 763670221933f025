"""What progress is counted from outcomes, on both databases: days of the learner, weeks, medians, families that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from app.errors import InvalidInputError
from app.services.progress import Progress, explained, progress
from app.services.shelf import Shelf
from app.storage import learners
from app.storage.ids import LOCAL_LEARNER
from tests.services.crowds import First, met
from tests.storage.connected import connected

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAY = timedelta(days=1)
GONE = "a-family-that-is-gone"


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connected(database_url) as connection:
        yield connection


def seen(connection: Connection, now: datetime = NOW, zone: str = "UTC", topic: str | None = None) -> Progress:
    learners.update(connection, LOCAL_LEARNER, time_zone=zone)
    return progress(connection, LOCAL_LEARNER, now, topic=topic, language="en")


def practised(connection: Connection, *instants: datetime) -> None:
    for at in instants:
        met(connection, LOCAL_LEARNER, First(), at=at)


def test_a_family_is_counted_with_medians_over_what_was_timed(connection: Connection) -> None:
    timed = [First(seconds=30.0), First("wrong", seconds=90.0, solved=False), First("wrong", seconds=50.0)]
    met(connection, LOCAL_LEARNER, *timed, First(), First(None, solved=False))
    [family] = seen(connection).families
    found = family.tally
    assert (found.problems, found.answered, found.first_try_right, found.solved) == (5, 4, 2, 3)
    assert (found.median_seconds, found.median_expected_seconds) == (50.0, 60)


def test_a_topic_is_counted_over_its_families(connection: Connection) -> None:
    met(connection, LOCAL_LEARNER, First(seconds=10.0), First(seconds=20.0), family="softmax", at=NOW - DAY)
    met(connection, LOCAL_LEARNER, First("wrong", seconds=60.0), family="logsumexp")
    [topic] = [topic for topic in seen(connection).topics if topic.topic == "logits"]
    assert topic.tally is not None
    assert (topic.tally.problems, topic.tally.median_seconds) == (3, 20.0)
    assert (topic.mastered, topic.tally.last_practised.date()) == (1, date(2026, 11, 21))


@pytest.mark.parametrize(
    ("zone", "monday"),
    [("Etc/GMT+12", date(2026, 11, 9)), ("UTC", date(2026, 11, 16)), ("Pacific/Kiritimati", date(2026, 11, 16))],
)
def test_on_monday_morning_in_utc_the_week_of_who_is_far_west_has_not_begun(
    connection: Connection, zone: str, monday: date
) -> None:
    practised(connection, datetime(2026, 11, 16, 11, 59, tzinfo=UTC))
    assert [week.monday for week in seen(connection, zone=zone).weeks if week.problems] == [monday]


def test_far_east_a_week_begins_on_sunday_morning_in_utc(connection: Connection) -> None:
    practised(connection, datetime(2026, 11, 15, 9, 59, tzinfo=UTC), datetime(2026, 11, 15, 10, 0, tzinfo=UTC))
    weeks = {week.monday: week.problems for week in seen(connection, zone="Pacific/Kiritimati").weeks}
    assert (weeks[date(2026, 11, 9)], weeks[date(2026, 11, 16)]) == (1, 1)


@pytest.mark.parametrize(
    ("zone", "instants", "days"),
    [
        # The clocks go back on 25 October at 01:00 UTC: that day begins at 23:00 UTC and ends 25 hours later.
        (
            "Europe/London",
            ("2026-10-24T22:59Z", "2026-10-24T23:00Z", "2026-10-25T23:59Z", "2026-10-26T00:00Z"),
            (24, 25, 25, 26),
        ),
        # They go forward on 8 March at 07:00 UTC: that day begins at 05:00 UTC and ends 23 hours later.
        (
            "America/New_York",
            ("2026-03-08T04:59Z", "2026-03-08T05:00Z", "2026-03-09T03:59Z", "2026-03-09T04:00Z"),
            (7, 8, 8, 9),
        ),
    ],
)
def test_a_day_on_which_the_clocks_change_is_one_day(
    connection: Connection, zone: str, instants: tuple[str, ...], days: tuple[int, ...]
) -> None:
    times = [datetime.fromisoformat(each) for each in instants]
    practised(connection, *times)
    found = seen(connection, times[-1] + DAY, zone)
    assert [day.day for day, count in found.days.items() for _ in range(count)] == list(days)
    assert found.streak is not None
    assert found.streak.current == 3


def test_the_days_go_back_a_year_and_the_weeks_twelve(connection: Connection) -> None:
    practised(connection, NOW, NOW - 365 * DAY, NOW - 366 * DAY, NOW - 84 * DAY, NOW - 82 * DAY)
    found = seen(connection)
    assert list(found.days) == [(NOW - back * DAY).date() for back in (365, 84, 82, 0)]
    assert [week.problems for week in found.weeks] == [1, *[0] * 10, 1]
    assert found.families[0].tally.problems == 5


def test_only_answers_are_days_of_practice(connection: Connection) -> None:
    met(connection, LOCAL_LEARNER, First(None, solved=False))
    found = seen(connection)
    assert found.days == {}
    assert found.streak is not None
    assert (found.streak.current, sum(week.problems for week in found.weeks)) == (0, 0)


def test_a_family_that_is_gone_stands_behind_the_bank_under_its_topic_of_then(connection: Connection) -> None:
    met(connection, LOCAL_LEARNER, First(), family=GONE)
    found = seen(connection)
    assert [(family.family, family.topic) for family in found.families] == [(GONE, "probabilities")]
    assert found.topics[-1].topic == "probabilities"
    assert [family.family for family in seen(connection, topic="probabilities").families] == [GONE]


def test_a_topic_is_one_of_the_bank_or_of_what_was_practised(connection: Connection) -> None:
    with pytest.raises(InvalidInputError) as refused:
        seen(connection, topic="probabilities")
    assert refused.value.errors[0].pointer == "/topic"


@pytest.mark.parametrize("family", ["softmax", GONE])
def test_a_mistake_that_nobody_can_explain_any_more_is_still_told(connection: Connection, family: str) -> None:
    """Neither in a family that is gone nor in a problem that the family can't read any more."""
    met(connection, LOCAL_LEARNER, First("wrong", "softmax-twice"), family=family, at=NOW - DAY)
    met(connection, LOCAL_LEARNER, First("wrong", "softmax-twice"), family=family)
    [mistake] = seen(connection).mistakes.persisting
    told = explained(connection, Shelf(), LOCAL_LEARNER, mistake, "en")
    assert (told.mistake.times, told.why) == (2, None)
