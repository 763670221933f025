"""The figures of families: against sets counted by hand, and a correlation computed from the single tries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import Connection

from app.services import rollups
from app.services.analytics import Overview, Scope, Viewer, of_families, of_family, people
from app.services.figures import FEWEST_LEARNERS, Figures, correlation, tallied
from app.services.rollups import Rollup, is_due
from app.storage import analytics, learners
from app.storage.analytics import ALL_LEVELS, MomentRow, Sample
from app.storage.ids import LOCAL_LEARNER
from tests.services.crowds import NOW, First, met, person, room
from tests.storage.connected import connected

LATER = NOW + timedelta(minutes=5)
WRONG = First("wrong", "softmax-twice", solved=False)
ADMIN = Viewer(LOCAL_LEARNER, sees_all=True)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connected(database_url) as opened:
        yield opened


def seen(connection: Connection, viewer: Viewer = ADMIN, scope: Scope = "everyone") -> dict[int, Figures]:
    """Return the figures of softmax by level."""
    return {each.level: each for each in of_family(connection, viewer, scope, "softmax").figures}


def rolled_up(connection: Connection, at: int = 0) -> None:
    """Count and keep the figures of everybody, so many seconds after the start."""
    rollup = Rollup(NOW + timedelta(seconds=at))
    for step in rollup.steps():
        step(connection)
    rollup.store(connection)


def small_set(connection: Connection) -> None:
    """Two people at two levels of softmax, and one of them elsewhere."""
    ada, bob = person(connection), person(connection)
    met(connection, ada, First(seconds=10), First("wrong", "softmax-twice", 20, tries=3), First(None, tries=0, solved=False))
    met(connection, bob, First("partly_right", "softmax-twice", 60, tries=2, solved=False))
    met(connection, bob, First(seconds=40), First("wrong", "sign-flipped", None, 1, solved=False), level=2)
    met(connection, bob, First(seconds=1000), family="entropy")


def test_the_figures_of_a_small_set_are_those_counted_by_hand(connection: Connection) -> None:
    small_set(connection)
    total, first, second = seen(connection).values()
    assert first == Figures("softmax", 1, 4, 3, 6, 2, 1, 2, 20.0, None, (("softmax-twice", 2),))
    assert second == Figures("softmax", 2, 2, 2, 2, 1, 1, 1, 40.0, None, (("sign-flipped", 1),))
    mistakes = (("softmax-twice", 2), ("sign-flipped", 1))
    assert total == Figures("softmax", ALL_LEVELS, 6, 5, 8, 2, 2, 3, 30.0, None, mistakes)


def test_rates_are_shares_of_first_tries_and_of_problems() -> None:
    figures = Figures("softmax", 1, problems=10, answered=8, first_right=6, solved=7)
    assert (figures.first_try_rate, figures.difficulty, figures.solved_rate) == (0.75, 0.25, 0.7)


def test_of_what_nobody_met_there_are_no_rates() -> None:
    figures = Figures("softmax", 1)
    assert (figures.first_try_rate, figures.difficulty, figures.solved_rate) == (None, None, None)


@pytest.mark.parametrize(("seconds", "median"), [([7.0], 7.0), ([1.0, 4.0], 2.5), ([9.0, 1.0, 2.0], 2.0), ([3, 1, 2, 90], 2.5)])
def test_a_median_is_the_middle_one_or_the_mean_of_the_middle_two(
    connection: Connection, seconds: list[float], median: float
) -> None:
    met(connection, person(connection), *(First(seconds=each) for each in seconds))
    assert analytics.medians(connection, Sample("softmax"))["softmax", 1] == median


def test_a_time_that_is_not_known_is_in_no_median(connection: Connection) -> None:
    met(connection, person(connection), First(seconds=None), First(seconds=8))
    assert seen(connection)[1].median_seconds == 8


def crowd(connection: Connection, size: int) -> list[tuple[UUID, str, int, bool]]:
    """Let so many people meet three families at random, the able ones with more success; return each first try."""
    random, tries = Random(7), []  # noqa: S311 - the same crowd each time
    for _ in range(size):
        learner, ability = person(connection), random.random()
        for family, level in (("softmax", 1), ("softmax", 2), ("entropy", 1), ("focal-loss", 1)) * 2:
            if random.random() < 0.7:
                right = random.random() < ability
                met(connection, learner, First("right" if right else "wrong"), family=family, level=level)
                tries.append((learner, family, level, right))
    return tries


def correlated(tries: list[tuple[UUID, str, int, bool]], levels: tuple[int, ...]) -> float:
    """Return the correlation at levels of softmax, computed from the single tries."""
    pairs = []
    for learner, family, level, right in tries:
        others = [each[3] for each in tries if each[0] == learner and each[1] != "softmax"]
        if family == "softmax" and level in levels and others:
            pairs.append((right, np.mean(others)))
    return float(np.corrcoef(np.array(pairs, dtype=float).T)[0, 1])


def test_discrimination_is_the_correlation_with_the_rate_in_all_other_families(connection: Connection) -> None:
    tries = crowd(connection, 40)
    figures = seen(connection)
    for level, levels in ((ALL_LEVELS, (1, 2)), (1, (1,)), (2, (2,))):
        assert figures[level].discrimination == pytest.approx(correlated(tries, levels), abs=1e-12)
    assert figures[ALL_LEVELS].discrimination != pytest.approx(0, abs=0.1)


def test_what_is_kept_is_what_counting_at_once_gives(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(connection, 25)
    live = seen(connection)
    monkeypatch.setattr(rollups, "LEARNERS_A_STEP", 7)
    rolled_up(connection)
    kept = seen(connection)
    assert live.keys() == kept.keys()
    for level, figures in live.items():
        without = {name: getattr(figures, name) for name in Figures.__slots__ if name != "discrimination"}
        assert {name: getattr(kept[level], name) for name in without} == without
        assert kept[level].discrimination == pytest.approx(figures.discrimination, abs=1e-12)


MOMENTS = MomentRow("softmax", 1, FEWEST_LEARNERS, tries=40, right=20, rest=20, rest_squared=20, right_and_rest=20)


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        (MOMENTS, 1.0),
        (MomentRow("softmax", 1, FEWEST_LEARNERS, 40, 20, 20, 20, 0), -1.0),
        (MomentRow("softmax", 1, FEWEST_LEARNERS - 1, 40, 20, 20, 20, 20), None),
        (MomentRow("softmax", 1, FEWEST_LEARNERS, 40, 40, 20, 20, 20), None),
        (MomentRow("softmax", 1, FEWEST_LEARNERS, 40, 0, 20, 20, 0), None),
        (MomentRow("softmax", 1, FEWEST_LEARNERS, 40, 20, 12, 3.6, 6), None),
    ],
    ids=["the same", "the opposite", "too few", "all right", "all wrong", "all alike"],
)
def test_a_correlation_needs_enough_people_and_some_difference(moments: MomentRow, expected: float | None) -> None:
    assert correlation(moments) == expected


def test_figures_are_those_that_were_kept_until_they_are_counted_again(connection: Connection) -> None:
    ada = person(connection)
    met(connection, ada, First())
    rolled_up(connection)
    met(connection, ada, First())
    assert (seen(connection)[1].problems, overview(connection).as_of) == (1, NOW)
    rolled_up(connection, at=300)
    assert (seen(connection)[1].problems, overview(connection).as_of) == (2, NOW + timedelta(seconds=300))


def overview(connection: Connection, viewer: Viewer = ADMIN, scope: Scope = "everyone") -> Overview:
    """Return the figures of all families."""
    return of_families(connection, viewer, scope)


def test_before_any_are_kept_the_figures_are_those_of_now(connection: Connection) -> None:
    met(connection, person(connection), First())
    assert (seen(connection)[1].problems, overview(connection).as_of) == (1, None)


def test_whoever_is_erased_is_gone_from_the_figures_with_the_next_counting(connection: Connection) -> None:
    ada, bob = person(connection), person(connection)
    met(connection, ada, First(), family="entropy")
    met(connection, ada, WRONG)
    met(connection, bob, First())
    rolled_up(connection)
    learners.erase(connection, ada)
    rolled_up(connection, at=300)
    assert [each.family for each in overview(connection).figures] == ["softmax"]
    assert (seen(connection)[1].learners, seen(connection)[1].misconceptions) == (1, ())


def test_a_counting_that_comes_too_late_replaces_nothing(connection: Connection) -> None:
    ada = person(connection)
    slow = Rollup(NOW)
    for step in slow.steps():
        step(connection)
    met(connection, ada, First())
    rolled_up(connection, at=1)
    slow.store(connection)
    assert (seen(connection)[1].problems, overview(connection).as_of) == (1, NOW + timedelta(seconds=1))


def test_figures_are_due_when_there_are_none_and_when_they_are_old(connection: Connection) -> None:
    minute = timedelta(minutes=1)
    assert is_due(connection, NOW, minute)
    met(connection, person(connection), First())
    rolled_up(connection)
    assert not is_due(connection, NOW + timedelta(seconds=59), minute)
    assert is_due(connection, NOW + minute, minute)


def coach(connection: Connection, *of: UUID) -> Viewer:
    """Return a new coach, with a room in which these people have a drill."""
    viewer = Viewer(person(connection, "Coach", "coach"), sees_all=False)
    room(connection, viewer.id, *of)
    return viewer


def test_a_coach_sees_the_figures_of_the_people_of_their_own_rooms(connection: Connection) -> None:
    ada, bob = person(connection), person(connection)
    met(connection, ada, First())
    met(connection, bob, WRONG, WRONG)
    mine, other = coach(connection, ada), coach(connection, bob)
    assert seen(connection, mine, "rooms")[1] == Figures("softmax", 1, 1, 1, 1, 1, 1, 1)
    assert seen(connection, other, "rooms")[1].misconceptions == (("softmax-twice", 2),)
    assert overview(connection, other, "rooms").figures[0].problems == 2


def test_of_all_families_of_rooms_only_what_is_quickly_counted_is_told(connection: Connection) -> None:
    ada = person(connection)
    met(connection, ada, First(seconds=8), WRONG)
    [figures] = overview(connection, coach(connection, ada), "rooms").figures
    assert figures == Figures("softmax", ALL_LEVELS, 2, 2, 2, 1, 1, 1)


def test_whoever_is_in_two_rooms_of_a_coach_is_counted_once(connection: Connection) -> None:
    ada = person(connection)
    met(connection, ada, First())
    mine = coach(connection, ada)
    room(connection, mine.id, ada)
    assert seen(connection, mine, "rooms")[1].problems == 1


def test_the_figures_of_rooms_are_never_old(connection: Connection) -> None:
    ada = person(connection)
    mine = coach(connection, ada)
    rolled_up(connection)
    met(connection, ada, First())
    assert (seen(connection, mine, "rooms")[1].problems, overview(connection, mine, "rooms").as_of) == (1, None)


def test_discrimination_in_rooms_is_that_of_their_people_alone(connection: Connection) -> None:
    tries = crowd(connection, 60)
    people_of_rooms = list(dict.fromkeys(each[0] for each in tries))[:30]
    mine = coach(connection, *people_of_rooms)
    expected = correlated([each for each in tries if each[0] in people_of_rooms], (1, 2))
    assert seen(connection, mine, "rooms")[ALL_LEVELS].discrimination == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("strangers", "suppressed"), [(4, True), (5, False)])
def test_a_coach_sees_no_totals_of_a_few_others(connection: Connection, strangers: int, suppressed: bool) -> None:
    ada, *others = (person(connection) for _ in range(1 + strangers))
    for each in (ada, *others):
        met(connection, each, First())
    rolled_up(connection)
    figures = seen(connection, coach(connection, ada))
    assert [each.suppressed for each in figures.values()] == [suppressed] * 2
    assert [each.problems for each in figures.values()] == [0 if suppressed else strangers + 1] * 2


def test_a_coach_is_no_other_to_themselves(connection: Connection) -> None:
    mine = coach(connection)
    for each in (mine.id, *(person(connection) for _ in range(4))):
        met(connection, each, First())
    rolled_up(connection)
    assert seen(connection, mine)[ALL_LEVELS].suppressed


def test_levels_are_suppressed_together_lest_one_be_worked_out_from_the_others(connection: Connection) -> None:
    crew = [person(connection) for _ in range(6)]
    for each in crew:
        met(connection, each, First())
    met(connection, crew[0], WRONG, level=2)
    figures = seen(connection, coach(connection))
    assert {level: each.suppressed for level, each in figures.items()} == {ALL_LEVELS: False, 1: True, 2: True}


def test_an_admin_sees_totals_of_a_single_one(connection: Connection) -> None:
    met(connection, person(connection), First())
    assert not seen(connection)[ALL_LEVELS].suppressed


def test_a_coach_lists_the_people_of_their_own_rooms_and_an_admin_all(connection: Connection) -> None:
    ada, bob = person(connection, "Ada"), person(connection, "Bob")
    mine = coach(connection, ada)
    names = [each.name for each in people(connection, ADMIN, None, 10)]
    assert [each.name for each in people(connection, mine, None, 10)] == ["Ada"]
    assert names[:3] == ["Coach", "Bob", "Ada"]
    assert [each.name for each in people(connection, ADMIN, bob, 10)] == names[2:]


def test_how_much_somebody_practised_is_told_with_their_name(connection: Connection) -> None:
    ada = person(connection, "Ada")
    met(connection, ada, First(), WRONG, First(None, solved=False))
    met(connection, ada, First(), family="entropy", at=LATER)
    [row] = people(connection, coach(connection, ada), None, 10)
    assert (row.problems, row.answered, row.first_right, row.last_practised_at) == (4, 3, 2, LATER)


def test_of_whoever_never_practised_there_are_no_figures(connection: Connection) -> None:
    [row] = people(connection, coach(connection, person(connection)), None, 10)
    assert (row.problems, row.answered, row.last_practised_at) == (0, 0, None)


def test_a_family_that_nobody_met_has_no_figures(connection: Connection) -> None:
    met(connection, person(connection), First(), family="entropy")
    assert tallied(connection, Sample("softmax")) == []
