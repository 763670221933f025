"""Mistakes that persist and mistakes that are overcome, told from a history of first tries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.services.misconceptions import Mistakes, mistakes
from app.storage.history import Practised

START = datetime(2026, 9, 1, 18, tzinfo=UTC)
ONE_HOT = "cross-entropy-one-hot"  # invites wrong-log-base-2, sign-flipped, complement …
SOFTMAX = "softmax"  # invites none of those
BASE, SIGN, COMPLEMENT = "wrong-log-base-2", "sign-flipped", "complement"
RIGHT = "right"
OTHER = None


def history(*tries: str | None, family: str = ONE_HOT, days: float = 1, start: datetime = START) -> list[Practised]:
    """Return a try every so many days: right, wrong by a mistake, or wrong for no known reason."""
    return [
        Practised(
            family=family,
            topic="cross-entropy",
            happened_at=start + timedelta(days=days * number),
            right=each == RIGHT,
            misconception=None if each == RIGHT else each,
            seconds=30.0,
            expected_seconds=60,
            solved=True,
        )
        for number, each in enumerate(tries)
    ]


def codes(found: Mistakes) -> tuple[list[str], list[str]]:
    return [each.code for each in found.persisting], [each.code for each in found.overcome]


@pytest.mark.parametrize(
    ("tries", "persisting", "overcome"),
    [
        ((), [], []),
        ((RIGHT, OTHER), [], []),
        ((BASE,), [], []),
        ((BASE, BASE), [BASE], []),
        ((BASE, RIGHT, RIGHT, BASE), [BASE], []),
        ((BASE, RIGHT, RIGHT, RIGHT), [], [BASE]),
        ((BASE, BASE, RIGHT, RIGHT), [BASE], []),
        ((BASE, BASE, RIGHT, RIGHT, RIGHT), [], [BASE]),
        ((BASE, BASE, RIGHT, RIGHT, OTHER, RIGHT), [BASE], []),
        ((BASE, BASE, RIGHT, RIGHT, RIGHT, BASE), [BASE], []),
        ((BASE, RIGHT, RIGHT, RIGHT, BASE, RIGHT, RIGHT, RIGHT), [], [BASE]),
    ],
)
def test_a_mistake_persists_from_its_second_time_until_three_in_a_row_are_right(
    tries: tuple[str | None, ...], persisting: list[str], overcome: list[str]
) -> None:
    assert codes(mistakes(history(*tries))) == (persisting, overcome)


def test_what_was_overcome_stays_so_until_it_comes_back() -> None:
    behind = (BASE, BASE, RIGHT, RIGHT, RIGHT)
    assert codes(mistakes(history(*behind, OTHER, SIGN))) == ([], [BASE])
    assert codes(mistakes(history(*behind, BASE))) == ([BASE], [])


def test_problems_that_do_not_invite_a_mistake_say_nothing_of_it() -> None:
    elsewhere = history(RIGHT, RIGHT, RIGHT, family=SOFTMAX, start=START + timedelta(days=9))
    assert codes(mistakes(history(BASE, BASE) + elsewhere)) == ([BASE], [])


def test_problems_of_another_family_that_invite_it_count() -> None:
    elsewhere = history(RIGHT, RIGHT, RIGHT, family="entropy", start=START + timedelta(days=9))
    assert codes(mistakes(history(BASE, BASE) + elsewhere)) == ([], [BASE])


def test_what_was_made_lately_stands_before_what_was_made_more_often_long_ago() -> None:
    long_ago = history(*[BASE] * 4)
    lately = history(COMPLEMENT, COMPLEMENT, start=START + timedelta(days=60))
    assert codes(mistakes(long_ago + lately)) == ([COMPLEMENT, BASE], [])


def test_of_mistakes_made_alike_lately_the_more_frequent_stands_first() -> None:
    assert codes(mistakes(history(SIGN, BASE, BASE, SIGN, BASE, days=0.1))) == ([BASE, SIGN], [])


def test_mistakes_of_many_years_ago_still_have_an_order() -> None:
    """The weights are below the smallest float by then."""
    lately = history(COMPLEMENT, COMPLEMENT, start=START + timedelta(days=36_500))
    assert codes(mistakes(history(SIGN, BASE, SIGN, BASE) + lately)) == ([COMPLEMENT, BASE, SIGN], [])


def test_a_pair_of_mistakes_is_both() -> None:
    assert codes(mistakes(history(BASE, f"{SIGN}+{BASE}"))) == ([BASE], [])


def test_a_mistake_is_told_with_where_how_often_and_when() -> None:
    tries = history(BASE, RIGHT, BASE) + history(BASE, family="entropy", start=START + timedelta(days=9))
    [found] = mistakes(tries).persisting
    assert (found.families, found.times) == ((ONE_HOT, "entropy"), 3)
    assert (found.first_seen, found.last) == (START, tries[-1])


def test_the_latest_to_be_overcome_stands_first() -> None:
    assert codes(mistakes(history(BASE, SIGN, RIGHT, RIGHT, RIGHT))) == ([], [SIGN, BASE])


def test_a_mistake_in_a_family_that_is_gone_persists() -> None:
    assert codes(mistakes(history(BASE, BASE, family="gone"))) == ([BASE], [])
