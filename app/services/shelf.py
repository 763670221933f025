"""Problems that were met lately, so that an attempt needs to read only what changes of its problem."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.errors import FamilyUnavailableError, NotFoundError
from app.services.watch import UNWATCHED, Watch
from app.storage import problems
from app.storage.problems import ProblemRow
from quiz_bank.parameters import ParameterError, read_parameters
from quiz_bank.problem import ChoiceSpec, Codes, Family, Truths, Value, Variant
from quiz_bank.registry import family
from quiz_bank.variants import build


@dataclass(frozen=True, slots=True)
class Problem:
    """A stored problem and the variant that it shows."""

    row: ProblemRow
    variant: Variant[Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What doesn't change of a problem: its variant, and the drill that it belongs to.

    But for a key that was wrong: `corrected_at` tells whether this is what the database holds.
    """

    variant: Variant[Any]
    drill_id: UUID | None
    corrected_at: datetime | None


class Shelf:
    """A bounded memory of problems by id; what changes of a problem is never taken from here.

    Shared by the writer's and the readers' threads. With it goes `watch`, who is told what is drawn, set and judged.
    """

    def __init__(self, size: int = 4096, watch: Watch = UNWATCHED) -> None:
        self.watch = watch
        self._size = size
        self._kept: OrderedDict[tuple[UUID, UUID], Kept] = OrderedDict()
        self._lock = Lock()

    def kept(self, connection: Connection, learner_id: UUID, problem_id: UUID) -> Kept:
        """Return what doesn't change of a learner's problem; NotFoundError where the learner has none of that id."""
        key = (learner_id, problem_id)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        self.watch.missed()
        return self._restored(_found(connection, learner_id, problem_id))

    def reread(self, connection: Connection, learner_id: UUID, problem_id: UUID) -> Kept:
        """Return what the database holds of a learner's problem now: its key was corrected since it was remembered."""
        return self._restored(_found(connection, learner_id, problem_id))

    def problem(self, connection: Connection, learner_id: UUID, problem_id: UUID) -> Problem:
        """Return a learner's problem as it is now; NotFoundError where the learner has none of that id."""
        return self.restored(_found(connection, learner_id, problem_id))

    def restored(self, row: ProblemRow) -> Problem:
        """Return a stored problem with its variant; FamilyUnavailableError where that can't be had any more."""
        return Problem(row, self._restored(row).variant)

    def _restored(self, row: ProblemRow) -> Kept:
        with self._lock:
            kept = self._kept.get((row.learner_id, row.id))
        if kept is None or kept.corrected_at != row.corrected_at:
            kept = self.keep(row, restore(row))
        return kept

    def keep(self, row: ProblemRow, variant: Variant[Any]) -> Kept:
        """Remember a problem and return what is remembered."""
        kept = Kept(variant, row.drill_id, row.corrected_at)
        with self._lock:
            self._kept[row.learner_id, row.id] = kept
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return kept


def _found(connection: Connection, learner_id: UUID, problem_id: UUID) -> ProblemRow:
    row = problems.get(connection, learner_id, problem_id)
    if row is None:
        raise NotFoundError
    return row


def restore(row: ProblemRow) -> Variant[Any]:
    """Return the variant as it was stored: its truth is taken from there and never computed anew.

    Raises
    ------
    FamilyUnavailableError
        The family is no longer installed, has lost the level, or reads other parameters or parts than were stored.
    """
    try:
        its_family = family(row.family)
        its_family.levels[row.level]
        parameters = read_parameters(its_family.parameters, json.loads(row.parameters))
        truths = truths_from_json(its_family, json.loads(row.truth))
    except (LookupError, ParameterError) as error:
        raise FamilyUnavailableError from error
    return build(its_family, row.level, parameters, truths)


def value_to_json(value: Value | Codes | str) -> object:
    """Return a value, or the codes of options, as JSON can hold it: infinities and nan as text."""
    if isinstance(value, tuple):
        return [item if isinstance(item, str) else value_to_json(item) for item in value]
    if isinstance(value, str):  # an infinity as it was stored
        return value
    return value if -float("inf") < value < float("inf") else str(value)


def value_from_json(raw: Any) -> Value:  # noqa: ANN401 - JSON has no narrower type
    """Return a value as it was before `value_to_json`."""
    if isinstance(raw, list):
        return tuple(value_from_json(item) for item in raw)  # type: ignore[return-value]  # rows of one matrix are vectors
    return float(raw)


def truths_to_json(truths: Truths) -> dict[str, object]:
    """Return the truth of each part as JSON."""
    return {name: value_to_json(value) for name, value in truths.items()}


def truths_from_json(its_family: Family[Any], raw: Mapping[str, Any]) -> Truths:
    """Return the truth of each part as it was before `truths_to_json`."""
    return {
        spec.name: tuple(raw[spec.name]) if isinstance(spec, ChoiceSpec) else value_from_json(raw[spec.name])
        for spec in its_family.parts
    }
