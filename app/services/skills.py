"""How likely each family's problems are guessed: what knowledge tracing needs to know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from math import factorial, prod
from typing import Any

from app.services.mastery import TYPICAL, Skill, mastery
from app.storage.outcomes import MOST_FIRST_TRIES
from quiz_bank.problem import Family, PartSpec
from quiz_bank.registry import FAMILIES


def known(slug: str, first_tries: Sequence[bool]) -> float:
    """Return the probability that a family is known after its first tries, oldest first.

    The last `MOST_FIRST_TRIES` alone count, so that what was long ago doesn't outweigh what is so now.
    """
    return mastery(first_tries[-MOST_FIRST_TRIES:], skill_of(slug))


@cache
def skill_of(slug: str) -> Skill:
    """Return the model of a family: one that is answered by options alone is guessed with 1/answers.

    The typical one for numbers, for families that are gone, and wherever guessing would succeed more rarely than a wrong
    method meets the truth.
    """
    family = FAMILIES.get(slug)
    if family is None or any(isinstance(part, PartSpec) for part in family.parts):
        return TYPICAL
    fewest = min(_answers(family, parameters) for parameters in family.fallbacks.values())
    return replace(TYPICAL, guess=max(TYPICAL.guess, 1 / fewest))


def _answers(family: Family[Any], parameters: object) -> float:
    """Return how many answers there are to a problem that is answered by options alone."""
    options, items = family.options(parameters), family.items(parameters)
    return prod(_choices(part.kind, len(options[part.name]), len(items.get(part.name, ()))) for part in family.parts)


def _choices(kind: str, options: int, items: int) -> float:
    """Return how many answers a part with options has; one's own words aren't guessed but assessed by oneself."""
    ways: dict[str, float] = {
        "choice": options,
        "multi_select": 2**options,
        "ordering": factorial(options),
        "matching": options**items,
    }
    return ways.get(kind, 1 / TYPICAL.guess)
