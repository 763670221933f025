"""The problem of a day: the same for everybody, for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Connection

from app.errors import FamilyUnavailableError, InvalidInputError, NotFoundError, NotYetError, WithheldError
from app.services import accounts, dailies, problems
from app.services.dailies import APART, FIRST_DAY
from app.services.problems import Setting, Wish
from app.services.shelf import Shelf
from app.storage import dailies as stored
from app.storage import drills
from app.storage.drills import DrillRow
from app.storage.ids import LOCAL_LEARNER, new_id
from quiz_bank.registry import FAMILIES
from tests.storage.connected import connected

NOW = datetime(2027, 6, 30, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
YEAR = timedelta(days=365)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connected(database_url) as opened:
        yield opened


@pytest.fixture
def on_sqlite(sqlite_url: str) -> Iterator[Connection]:
    with connected(sqlite_url) as opened:
        yield opened


@pytest.fixture
def on_postgres(postgres_url: str) -> Iterator[Connection]:
    with connected(postgres_url) as opened:
        yield opened


def of_day(connection: Connection, day: date) -> stored.DailyRow:
    [row] = dailies.fixed(connection, day, day, NOW)
    return row


def test_a_day_has_the_same_problem_whenever_and_wherever_it_is_asked_for(
    on_sqlite: Connection, on_postgres: Connection
) -> None:
    first = of_day(on_sqlite, TODAY)
    assert of_day(on_sqlite, TODAY) == of_day(on_postgres, TODAY) == first


def test_the_first_day_has_just_this_problem(on_sqlite: Connection) -> None:
    row = of_day(on_sqlite, FIRST_DAY)
    assert (row.family, row.level, row.seed) == ("which-reduction", 2, "daily-2026-11-20")


def test_days_are_fixed_alike_in_any_order(on_sqlite: Connection, on_postgres: Connection) -> None:
    forwards = dailies.fixed(on_sqlite, TODAY - 9 * DAY, TODAY, NOW)
    backwards = [of_day(on_postgres, TODAY - number * DAY) for number in range(10)]
    assert backwards[::-1] == forwards


def test_no_family_comes_twice_within_thirty_days(on_sqlite: Connection) -> None:
    rows = dailies.fixed(on_sqlite, FIRST_DAY, FIRST_DAY + YEAR, NOW)
    last: dict[str, date] = {}
    for row in rows:
        assert row.day - last.get(row.family, date.min) > APART
        last[row.family] = row.day
    assert last.keys() == FAMILIES.keys()


def test_two_days_in_a_row_have_different_topics(on_sqlite: Connection) -> None:
    rows = dailies.fixed(on_sqlite, FIRST_DAY, FIRST_DAY + YEAR, NOW)
    assert all(FAMILIES[a.family].topic != FAMILIES[b.family].topic for a, b in pairwise(rows))


def test_the_level_is_the_lowest_on_monday_and_the_highest_on_sunday_and_never_falls_between(on_sqlite: Connection) -> None:
    for row in dailies.fixed(on_sqlite, FIRST_DAY, FIRST_DAY + YEAR, NOW):
        levels = sorted(FAMILIES[row.family].levels)
        assert row.level == levels[row.day.weekday() * len(levels) // 7]
        assert row.day.weekday() != 0 or row.level == levels[0]
        assert row.day.weekday() != 6 or row.level == levels[-1]


def test_a_day_stays_what_it_was_when_the_bank_changes(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    before = of_day(connection, TODAY)
    fewer = {slug: known for slug, known in FAMILIES.items() if slug != before.family}
    monkeypatch.setattr(dailies, "FAMILIES", fewer)
    assert of_day(connection, TODAY) == before


def test_a_changed_bank_repeats_no_family_that_came_lately(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {row.family for row in dailies.fixed(connection, TODAY - 30 * DAY, TODAY - DAY, NOW)}
    monkeypatch.setattr(dailies, "FAMILIES", dict(list(FAMILIES.items())[::-1][:40]))
    assert of_day(connection, TODAY).family not in before


def test_of_a_bank_so_small_that_all_came_lately_one_comes_again(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dailies, "FAMILIES", dict(list(FAMILIES.items())[:2]))
    assert {row.family for row in dailies.fixed(connection, TODAY - 3 * DAY, TODAY, NOW)} == {
        "surprisal",
        "probability-from-surprisal",
    }


def test_what_is_stored_first_stays(connection: Connection) -> None:
    row = of_day(connection, TODAY)
    stored.add(connection, replace(row, family="another"))
    assert dailies.known(connection, TODAY, TODAY, NOW) == [row]


def test_days_are_known_once_all_of_them_are_fixed(connection: Connection) -> None:
    of_day(connection, TODAY)
    assert dailies.known(connection, TODAY - DAY, TODAY, NOW) is None
    of_day(connection, TODAY - DAY)
    known = dailies.known(connection, TODAY - DAY, TODAY, NOW)
    assert known is not None
    assert [row.day for row in known] == [TODAY - DAY, TODAY]


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [(TODAY, TODAY + DAY, NotYetError), (FIRST_DAY - DAY, FIRST_DAY, NotFoundError)],
)
def test_tomorrow_has_no_problem_yet_and_the_time_before_the_first_never_had(
    connection: Connection, first: date, last: date, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        dailies.known(connection, first, last, NOW)


def test_from_one_day_to_the_day_before_there_is_nothing(connection: Connection) -> None:
    assert dailies.known(connection, FIRST_DAY, FIRST_DAY - DAY, NOW) == []


def test_everybody_is_asked_the_same_and_nobody_twice(connection: Connection) -> None:
    ada, _ = accounts.enrol(connection, name="Ada", role="learner", language="en", secret="s" * 32, now=NOW)
    wish, shelf = Wish("en"), Shelf()
    mine, new = dailies.posed(connection, shelf, LOCAL_LEARNER, TODAY, wish, NOW)
    again, new_again = dailies.posed(connection, shelf, LOCAL_LEARNER, TODAY, wish, NOW)
    hers, _ = dailies.posed(connection, shelf, ada.id, TODAY, wish, NOW)
    row = of_day(connection, TODAY)
    assert (new, new_again, again) == (True, False, mine)
    assert hers.id != mine.id
    for problem in (mine, hers):
        assert (problem.family, problem.level, problem.seed) == (row.family, row.level, f"daily-{TODAY}")
        assert (problem.parameters, problem.truth) == (row.parameters, row.truth)


def test_its_truth_is_the_one_that_was_stored(connection: Connection) -> None:
    row = of_day(connection, FIRST_DAY + DAY)
    stored_truth = dict.fromkeys(dailies.variant_of_day(row).truths, 42.0)
    assert dailies.variant_of_day(replace(row, truth=json.dumps(stored_truth))).truths == stored_truth


def test_a_problem_whose_family_is_gone_cannot_be_set(connection: Connection) -> None:
    stored.add(connection, replace(of_day(connection, TODAY), day=TODAY - DAY, family="gone"))
    with pytest.raises(FamilyUnavailableError):
        dailies.posed(connection, Shelf(), LOCAL_LEARNER, TODAY - DAY, Wish("en"), NOW)


def test_of_several_days_each_learner_finds_their_own_problems(connection: Connection) -> None:
    ada, _ = accounts.enrol(connection, name="Ada", role="learner", language="en", secret="s" * 32, now=NOW)
    shelf, rows = Shelf(), dailies.fixed(connection, TODAY - 2 * DAY, TODAY, NOW)
    mine, _ = dailies.posed(connection, shelf, LOCAL_LEARNER, TODAY, Wish("en"), NOW)
    hers, _ = dailies.posed(connection, shelf, ada.id, TODAY - DAY, Wish("en"), NOW)
    assert stored.problems_of(connection, LOCAL_LEARNER, rows) == {TODAY: mine}
    assert stored.problems_of(connection, ada.id, rows) == {TODAY - DAY: hers}


def test_what_a_drill_withholds_is_not_set_beside_it(connection: Connection) -> None:
    drill = DrillRow(new_id(), LOCAL_LEARNER, None, None, "{}", "[]", "en", "running", 1, NOW, None, None, 0.0, None)
    drills.add(connection, drill)
    variant = dailies.variant_of_day(of_day(connection, TODAY))
    setting = Setting("en", drill_id=drill.id, position=1, withheld=True)
    problems.place(connection, Shelf(), LOCAL_LEARNER, variant, setting, NOW)
    with pytest.raises(WithheldError):
        dailies.posed(connection, Shelf(), LOCAL_LEARNER, TODAY, Wish("en"), NOW)


@pytest.mark.parametrize(
    ("day", "wish", "pointer", "says"),
    [
        (TODAY + DAY, Wish("en"), "/daily", "2027-07-01T00:00:00Z"),
        (TODAY + DAY, Wish("zh"), "/daily", "2027-07-01T00:00:00Z"),
        (FIRST_DAY - DAY, Wish("en"), "/daily", "2026-11-20"),
        (TODAY, Wish("en", family="entropy"), "/family", "daily"),
        (TODAY, Wish("zh", level=2), "/level", "daily"),
    ],
)
def test_a_wish_that_no_day_meets_is_refused_where_it_is_at_fault(
    connection: Connection, day: date, wish: Wish, pointer: str, says: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        dailies.posed(connection, Shelf(), LOCAL_LEARNER, day, wish, NOW)
    [error] = refused.value.errors
    assert error.pointer == pointer
    assert says in error.detail
