"""Draws from a seed: the same bits for ever, exact decimals, and uniform."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz_bank.sampling import Stream


def test_a_key_gives_the_same_numbers_for_ever() -> None:
    """Computed with BLAKE2b of RFC 7693; a change here would change every problem that a seed ever gave."""
    stream = Stream("surprisal", 1, 2, "8c1f", 0)
    assert [stream.integer(0, 10**9) for _ in range(4)] == [802490152, 647063618, 990887584, 853852323]
    assert Stream("surprisal", 1, 2, "8c1f", 1).integer(0, 10**9) != 802490152


@given(st.text(), st.integers(-1000, 1000), st.integers(0, 1000))
def test_an_integer_lies_within_its_bounds(key: str, low: int, span: int) -> None:
    assert low <= Stream(key.encode("utf-8", "replace")).integer(low, low + span) <= low + span


def test_integers_are_uniform() -> None:
    stream = Stream("uniform")
    counts = Counter(stream.integer(0, 6) for _ in range(7000))
    assert sorted(counts) == list(range(7))
    assert all(850 < count < 1150 for count in counts.values())


@given(st.text(), st.integers(2, 8), st.integers(1, 5), st.integers(2, 3))
def test_a_distribution_sums_to_one_exactly_and_keeps_its_minimum(key: str, count: int, minimum: int, places: int) -> None:
    probabilities = Stream(key.encode("utf-8", "replace")).distribution(count, places, minimum)
    assert len(probabilities) == count
    assert sum(probabilities) == 1
    assert all(p >= Decimal(minimum).scaleb(-places) for p in probabilities)
    assert all(p.as_tuple().exponent == -places for p in probabilities)


def test_distributions_are_uniform() -> None:
    counts = Counter(Stream("uniform", i).distribution(2, 1)[0] for i in range(9000))
    assert len(counts) == 9
    assert all(850 < count < 1150 for count in counts.values())


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="don't fit"):
        Stream("x").distribution(11, places=1)
    with pytest.raises(ValueError, match="no integer"):
        Stream("x").integer(2, 1)


def test_decimals_keep_their_places() -> None:
    assert all(len(str(abs(d)).split(".")[1]) == 2 for d in Stream("x").decimals(50, -500, 500, 2))


def test_a_sample_has_no_item_twice() -> None:
    assert sorted(Stream("x").sample(range(6), 6)) == list(range(6))
    assert Stream("x").choice("abc") in "abc"
