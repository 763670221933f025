"""What an answer got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from quiz_bank.problem.parts import Codes, PartResult, State, Unit, Value


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a number is wrong: the first misconception that gives it, and the others that would too."""

    code: str
    also: tuple[str, ...] = ()


class PartVerdict(NamedTuple):
    """What the answer to one part got.

    `read_as` are the numbers that were read, or the codes that were picked. `states` has one entry for each component or
    pick. `other_unit` names the unit that was typed where it isn't the part's own, `carried_from` the parts from whose
    submitted numbers this one follows, `identity` the equation that it breaks and by how much.
    """

    name: str
    result: PartResult
    submitted: object
    read_as: Value | Codes
    states: tuple[State, ...]
    credit: float
    diagnosis: Diagnosis | None = None
    other_unit: Unit | None = None
    carried_from: tuple[str, ...] = ()
    identity: tuple[str, float] | None = None


class Verdict(NamedTuple):
    """What a whole attempt got: `credit` is the mean over the parts."""

    result: PartResult
    credit: float
    parts: tuple[PartVerdict, ...]
