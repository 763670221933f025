"""Exact decimals from a hash stream of the seed: the same bits on every machine and Python version, for ever.

NumPy promises no stream across versions and costs more to start than a whole drawing takes; BLAKE2b in counter mode is
fixed by RFC 7693.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from hashlib import blake2b
from itertools import pairwise
from struct import Struct
from typing import Final, TypeVar

T = TypeVar("T")

_WORD_BYTES: Final = 8
_WORD_LIMIT: Final = 1 << (8 * _WORD_BYTES)
_WORDS_OF_BLOCK: Final = Struct(">8Q").unpack


class Stream:
    """Uniform integers from a key; every other draw is made of them."""

    __slots__ = ("_counter", "_key", "_words")

    def __init__(self, *key: object) -> None:
        # The separator occurs in no slug, number or hexadecimal seed, and hashing takes keys of any length.
        self._key = blake2b("\x1f".join(map(str, key)).encode(), digest_size=32).digest()
        self._counter = 0
        self._words: list[int] = []
        """Those of the current block that are still to be drawn, the next one last."""

    def _word(self) -> int:
        if not self._words:
            block = blake2b(self._counter.to_bytes(_WORD_BYTES, "big"), key=self._key).digest()
            self._counter += 1
            self._words = list(_WORDS_OF_BLOCK(block))[::-1]
        return self._words.pop()

    def integer(self, low: int, high: int) -> int:
        """Return a uniform integer of low..high, both included."""
        span = high - low + 1
        if span < 1:
            raise ValueError(f"no integer lies between {low} and {high}")
        limit = _WORD_LIMIT - _WORD_LIMIT % span  # words beyond it would favour the small remainders
        while (word := self._word()) >= limit:
            pass
        return low + word % span

    def choice(self, items: Sequence[T]) -> T:
        """Return one of the items, each as likely as the others."""
        return items[self.integer(0, len(items) - 1)]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Return `count` different items in random order."""
        pool = list(items)
        for i in range(count):
            j = self.integer(i, len(pool) - 1)
            pool[i], pool[j] = pool[j], pool[i]
        return pool[:count]

    def _subset(self, size: int, count: int) -> list[int]:
        chosen: set[int] = set()
        while len(chosen) < count:
            chosen.add(self.integer(0, size - 1))
        return sorted(chosen)

    def decimal(self, low: int, high: int, places: int) -> Decimal:
        """Return an integer of low..high with its decimal point moved to the left: (5, 95, 2) gives 0.05 … 0.95."""
        return Decimal(self.integer(low, high)).scaleb(-places)

    def decimals(self, count: int, low: int, high: int, places: int) -> tuple[Decimal, ...]:
        """Return `count` independent draws of `decimal`."""
        return tuple(self.decimal(low, high, places) for _ in range(count))

    def distribution(self, count: int, places: int = 2, minimum: int = 1) -> tuple[Decimal, ...]:
        """Return `count` decimals that sum to 1 exactly, each at least `minimum` units of the last place.

        All such distributions are equally likely.
        """
        free = 10**places - count * minimum
        if free < 0:
            raise ValueError(f"{count} probabilities of at least {minimum} units don't fit into 10^{places}")
        # Stars and bars: count - 1 bars among the free units cut them into the parts.
        slots = free + count - 1
        edges = [-1, *self._subset(slots, count - 1), slots]
        units = [right - left - 1 + minimum for left, right in pairwise(edges)]
        return tuple(Decimal(unit).scaleb(-places) for unit in units)
