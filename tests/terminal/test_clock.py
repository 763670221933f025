"""The time that is left, between two answers of the server."""

from __future__ import annotations

import pytest

from app.terminal.clock import Clock, Stopwatch, minutes


class Time:
    """A time that a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


def test_it_counts_down_from_what_the_server_said(time: Time) -> None:
    clock = Clock(time)
    clock.set(60, stands=False)
    time.now += 12.5
    assert clock.left == 47.5


def test_the_servers_next_word_replaces_its_own_count(time: Time) -> None:
    clock = Clock(time)
    clock.set(60, stands=False)
    time.now += 10
    clock.set(55, stands=False)
    assert clock.left == 55


def test_it_is_over_at_nought_and_never_goes_below(time: Time) -> None:
    clock = Clock(time)
    clock.set(1, stands=False)
    time.now += 5
    assert (clock.left, clock.over) == (0, True)


def test_it_stands_in_a_pause(time: Time) -> None:
    clock = Clock(time)
    clock.set(30, stands=True)
    time.now += 5
    assert clock.left == 30


def test_without_a_limit_it_is_never_over(time: Time) -> None:
    clock = Clock(time)
    clock.set(None, stands=False)
    time.now += 1e6
    assert (clock.left, clock.over) == (None, False)


def test_a_stopwatch_leaves_out_the_pauses(time: Time) -> None:
    watch = Stopwatch(time)
    time.now += 2
    watch.stop()
    time.now += 50
    watch.go_on()
    time.now += 0.25
    assert watch.milliseconds == 2250


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (0.1, "0:01"), (59.2, "1:00"), (60, "1:00"), (3725, "62:05")])
def test_begun_seconds_are_shown_whole(seconds: float, shown: str) -> None:
    assert minutes(seconds) == shown
