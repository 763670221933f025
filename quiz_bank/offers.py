"""The families that installed packages offer, each through an entry point."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from quiz_bank.problem import Family

ENTRY_POINTS: Final = "crossdrill.families"


class OfferError(Exception):
    """An installed package offers what can't be taken; the message names the entry point and what is wrong with it."""


def offered() -> Iterator[Family[Any]]:
    """Yield the families of installed packages: each entry point of the group names one; raises OfferError."""
    for entry in entry_points(group=ENTRY_POINTS):
        yield _family(entry)


def _family(entry: EntryPoint) -> Family[Any]:
    try:
        family = entry.load()
    except Exception as error:  # another package's code: whatever it raises, the reader needs to know whose it is
        raise OfferError(f"{entry.value} can't be loaded, which a package offers as {entry.name}: {error!r}") from error
    if not isinstance(family, Family):
        raise OfferError(f"{entry.value} is no Family, which a package offers as {entry.name}")
    return family
