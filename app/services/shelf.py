"""Problems that were met lately, so that an attempt needs to read only what changes of its problem."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.errors import FamilyUnavailableError, NotFoundError
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


class Shelf:
    """A bounded memory of variants by problem id; what changes of a problem is never taken from here.

    Shared by the writer's and the readers' threads.
    """

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._variants: OrderedDict[tuple[UUID, UUID], Variant[Any]] = OrderedDict()
        self._lock = Lock()

    def variant(self, connection: Connection, learner_id: UUID, problem_id: UUID) -> Variant[Any]:
        """Return the variant of a learner's problem; NotFoundError where the learner has none of that id."""
        key = (learner_id, problem_id)
        with self._lock:
            if key in self._variants:
                self._variants.move_to_end(key)
                return self._variants[key]
        return self.problem(connection, learner_id, problem_id).variant

    def problem(self, connection: Connection, learner_id: UUID, problem_id: UUID) -> Problem:
        """Return a learner's problem as it is now; NotFoundError where the learner has none of that id."""
        row = problems.get(connection, learner_id, problem_id)
        if row is None:
            raise NotFoundError
        return self.restored(row)

    def restored(self, row: ProblemRow) -> Problem:
        """Return a stored problem with its variant; FamilyUnavailableError where that can't be had any more."""
        with self._lock:
            variant = self._variants.get((row.learner_id, row.id))
        if variant is None:
            variant = restore(row)
            self.keep(row, variant)
        return Problem(row, variant)

    def keep(self, row: ProblemRow, variant: Variant[Any]) -> None:
        """Remember the variant of a problem."""
        with self._lock:
            self._variants[row.learner_id, row.id] = variant
            if len(self._variants) > self._size:
                self._variants.popitem(last=False)


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
