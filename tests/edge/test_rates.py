"""Counting requests within windows of time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rates import MOST_KEYS, REPORTS_PER_WINDOW, Rate, Report, Windows, rate_of

NOON = 43_200.0


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("600/minute", Rate(600, 60)),
        ("1/second", Rate(1, 1)),
        ("5000/hour", Rate(5000, 3600)),
        ("9/day", Rate(9, 86400)),
        ("", None),
    ],
)
def test_a_rate_is_a_number_and_a_unit_and_nothing_is_no_limit(text: str, rate: Rate | None) -> None:
    assert rate_of(text) == rate


@pytest.mark.parametrize(
    "text", ["0/minute", "-1/minute", "10", "10/week", "10 / minute", "ten/minute", "1e3/day", "٣/day", "9999999999/day"]
)
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="600/minute"):
        rate_of(text)


def test_within_a_window_there_are_so_many_and_no_more() -> None:
    windows = Windows(Rate(3, 60))
    assert [windows.take("ann", NOON + second) for second in range(5)] == [2, 1, 0, -1, -1]


def test_everybody_has_their_own() -> None:
    windows = Windows(Rate(1, 60))
    assert (windows.take("ann", NOON), windows.take("bob", NOON), windows.take("ann", NOON)) == (0, 0, -1)


def test_with_the_next_window_all_is_there_again() -> None:
    windows = Windows(Rate(1, 60))
    windows.take("ann", NOON)
    assert windows.left("ann", NOON + 59.9) == 0
    assert windows.left("ann", NOON + 60) == 1
    assert windows.take("ann", NOON + 60) == 0


def test_a_clock_that_steps_back_begins_a_window() -> None:
    windows = Windows(Rate(1, 60))
    windows.take("ann", NOON)
    assert windows.take("ann", NOON - 3600) == 0


def test_what_is_refused_is_not_counted() -> None:
    windows = Windows(Rate(1, 60), shared=True)
    for _ in range(9):
        windows.take("ann", NOON)
    assert windows.reports() == [Report("ann", int(NOON) // 60, 1)]


@given(st.floats(0, 4e9), st.sampled_from([1, 60, 3600, 86400]))
def test_a_window_ends_in_at_least_a_second_and_at_most_its_length(now: float, seconds: int) -> None:
    windows = Windows(Rate(1, seconds))
    ends_in = windows.ends_in(now)
    assert 1 <= ends_in <= seconds
    assert (int(now) + ends_in) % seconds == 0


def test_of_a_bounded_number_of_keys_there_is_a_count_and_the_first_is_forgotten() -> None:
    windows = Windows(Rate(1, 60), most_keys=2)
    for key in ("ann", "bob", "cid"):
        windows.take(key, NOON)
    assert [windows.left(key, NOON) for key in ("ann", "bob", "cid")] == [1, 0, 0]


def test_a_flood_of_addresses_takes_no_more_than_its_bound() -> None:
    windows = Windows(Rate(1, 60), shared=True)
    for number in range(MOST_KEYS + 1000):
        windows.take(str(number), NOON)
    assert len(windows.reports()) == MOST_KEYS


def test_a_count_is_due_after_a_share_of_the_rate_and_told_once() -> None:
    windows = Windows(Rate(10 * REPORTS_PER_WINDOW, 60), shared=True)
    for _ in range(9):
        windows.take("ann", NOON)
    assert windows.reports() == []
    windows.take("ann", NOON)
    assert windows.reports() == [Report("ann", int(NOON) // 60, 10)]
    assert windows.reports() == []


def test_what_is_not_shared_is_never_due() -> None:
    windows = Windows(Rate(1, 60))
    windows.take("ann", NOON)
    assert windows.reports() == []


def test_what_others_counted_is_gone_here_too() -> None:
    windows = Windows(Rate(5, 60), shared=True)
    windows.take("ann", NOON)
    [report] = windows.reports()
    windows.take("ann", NOON)  # while the report is on its way
    windows.told(report, 3)
    assert windows.left("ann", NOON) == 1


def test_others_who_forgot_give_nothing_back() -> None:
    windows = Windows(Rate(5, 60), shared=True)
    for _ in range(4):
        windows.take("ann", NOON)
    [report] = windows.reports()
    windows.told(report, 1)
    assert windows.left("ann", NOON) == 1


def test_a_report_that_reached_nobody_is_told_with_what_came_meanwhile() -> None:
    windows = Windows(Rate(5, 60), shared=True)
    windows.take("ann", NOON)
    [report] = windows.reports()
    windows.take("ann", NOON)
    windows.not_told(report)
    assert windows.reports() == [Report("ann", int(NOON) // 60, 2)]


def test_a_report_of_a_window_that_is_over_changes_nothing() -> None:
    windows = Windows(Rate(5, 60), shared=True)
    windows.take("ann", NOON)
    [report] = windows.reports()
    windows.take("ann", NOON + 60)
    windows.reports()
    windows.not_told(report)
    windows.told(report, 5)
    assert (windows.reports(), windows.left("ann", NOON + 60)) == ([], 4)
