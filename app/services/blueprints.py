"""What a drill is to be like, once everything about it is decided."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

Feedback = Literal["at-once", "at-end"]
Tool = Literal["any", "mental", "calculator"]


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The conditions of a drill; an empty tuple means no condition.

    Without a `length` as many problems come as fit into the `minutes`; without `minutes` there is no limit of time. With
    feedback at the end nothing is told of an answer before. `tries` is how many answers to a problem count; None is any
    number. With `interview`, each problem is followed by the question that an interviewer would ask next.
    """

    length: int | None = None
    minutes: float | None = None
    topics: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    tool: Tool = "any"
    feedback: Feedback = "at-once"
    tries: int | None = None
    hints: bool = True
    pause: bool = True
    interview: bool = False
    missed_only: bool = False
    reviews: bool = True

    def to_json(self) -> str:
        """Return the blueprint as it is stored."""
        return json.dumps(asdict(self))


def blueprint_from_json(text: str) -> Blueprint:
    """Return a blueprint as it was before `to_json`."""
    raw: dict[str, Any] = json.loads(text)
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    return Blueprint(**fields)
