"""Pooled perplexities and gains over a base rate are the float64 nearest to the exact value."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from mpmath import iv

from quiz_bank.engine import reference
from quiz_bank.engine.reference import Exact
from tests.engine.oracle import Interval, exactly, nearest


def pooled(perplexities: list[Exact], counts: list[int]) -> Interval:
    total = sum(counts)
    return iv.exp(sum((n * iv.log(exactly(x)) for x, n in zip(perplexities, counts, strict=True)), iv.mpf(0)) / total)


def gain(base_rate: Exact, loss: Exact) -> Interval:
    p = exactly(base_rate)
    return -p * iv.log(p) - (1 - p) * iv.log(1 - p) - exactly(loss)


def test_pooled_perplexity_is_correctly_rounded() -> None:
    draw = Random(7)  # noqa: S311 - test data, not a secret
    for _ in range(100):
        perplexities: list[Exact] = [Decimal(draw.randint(11, 99999)).scaleb(-1) for _ in range(draw.randint(2, 5))]
        counts = [draw.randint(1, 9999) for _ in perplexities]
        assert reference.pooled_perplexity(perplexities, counts) == nearest(pooled, perplexities, counts)


def test_gain_over_a_base_rate_is_correctly_rounded() -> None:
    draw = Random(7)  # noqa: S311 - test data, not a secret
    for _ in range(100):
        base_rate, loss = Fraction(draw.randint(1, 999), 1000), Decimal(draw.randint(0, 9999)).scaleb(-4)
        assert reference.gain_over_base_rate(base_rate, loss) == nearest(gain, base_rate, loss)


def test_rational_results_are_exact() -> None:
    assert reference.pooled_perplexity([4, 16], [50, 50]) == 8
    assert reference.pooled_perplexity([1, 3], [5, 0]) == 1
    assert reference.gain_over_base_rate(1, Fraction(1, 4)) == -0.25
    assert reference.gain_over_base_rate(0, 0) == 0


@pytest.mark.parametrize(("perplexities", "counts"), [([], []), ([2], [0]), ([0], [1]), ([2, 3], [1]), ([2], [-1])])
def test_what_is_no_corpus_is_refused(perplexities: list[int], counts: list[int]) -> None:
    with pytest.raises(ValueError, match=r"perplexities|counts"):
        reference.pooled_perplexity(perplexities, counts)


@pytest.mark.parametrize(("base_rate", "loss"), [(2, 0), (Fraction(1, 2), -1)])
def test_what_is_no_base_rate_or_loss_is_refused(base_rate: Exact, loss: Exact) -> None:
    with pytest.raises(ValueError, match=r"base_rate|loss"):
        reference.gain_over_base_rate(base_rate, loss)
