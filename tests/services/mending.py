"""A family whose key is wrong until it is mended, and problems that were set and answered meanwhile."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from app.services.practice import Attempt, Submission, submit
from app.services.problems import Setting, Wish, place, pose
from app.services.shelf import Shelf
from app.storage.ids import LOCAL_LEARNER
from quiz_bank import registry
from quiz_bank.problem import Family
from quiz_bank.variants import preset

NOW = datetime(2026, 11, 20, 21, 16, tzinfo=UTC)
SLUG = "cross-entropy-one-hot"
IN_NATS, IN_BITS = "0.357", "0.5146"
"""What is right for the mock question, and what the wrong key takes for right."""


def in_bits(parameters: Any) -> dict[str, float]:  # noqa: ANN401 - the parameters of the family
    """Return the loss in the wrong unit."""
    return {"loss": -math.log2(parameters.true_probability)}


class Bank:
    """The registry of a test, in which one family can be changed as an author would."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._good = registry.FAMILIES

    def breaks(self) -> None:
        """Publish a version whose key is wrong."""
        self.publish(truth=in_bits)

    def mends(self) -> None:
        """Publish the next version, whose key is right."""
        self.publish(version=2)

    def publish(self, slug: str = SLUG, **changes: Any) -> None:  # noqa: ANN401 - whatever a family has
        """Publish a family that differs in something from how it really is."""
        changed: Family[Any] = replace(self._good[slug], **changes)
        self._set({**registry.FAMILIES, slug: changed})

    def withdraws(self) -> None:
        """Take the family out."""
        self._set({slug: family for slug, family in registry.FAMILIES.items() if slug != SLUG})

    def _set(self, families: dict[str, Family[Any]]) -> None:
        self._patch.setattr(registry, "FAMILIES", MappingProxyType(families))


@dataclass(frozen=True, slots=True)
class Practice:
    """What a learner does, on one connection."""

    connection: Connection
    shelf: Shelf
    learner_id: UUID = LOCAL_LEARNER

    def problem(self, slug: str = SLUG) -> UUID:
        """Return a new mock question of a family."""
        wish = Wish("en", family=slug, preset="mock-question")
        return pose(self.connection, self.shelf, self.learner_id, wish, now=NOW, new_seed="0").id

    def answer(self, problem_id: UUID, *values: str) -> list[Attempt]:
        """Return the attempts that some answers make."""
        return self.give(problem_id, *({"loss": value} for value in values))

    def give(self, problem_id: UUID, *answers: Mapping[str, object]) -> list[Attempt]:
        """Return the attempts that some answers to all parts make."""
        sent = (Submission(each, "en") for each in answers)
        return [submit(self.connection, self.shelf, self.learner_id, problem_id, each, NOW) for each in sent]

    def in_drill(self, drill_id: UUID, position: int, *, withheld: bool) -> UUID:
        """Return a new mock question of a drill."""
        setting = Setting("en", preset="mock-question", drill_id=drill_id, position=position, withheld=withheld)
        variant = preset(registry.FAMILIES[SLUG], "mock-question")
        return place(self.connection, self.shelf, self.learner_id, variant, setting, NOW).id
