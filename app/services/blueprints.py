"""What a drill is to be like, once everything about it is decided."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

Feedback = Literal["at-once", "at-end"]
Tool = Literal["any", "mental", "calculator"]

DEFAULT_LENGTH: Final = 10
"""How many problems a drill has that neither a length nor minutes bound."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The conditions of a drill; an empty tuple means no condition.

    Without a `length` as many problems come as fit into the `minutes`; without `minutes` there is no limit of time. With
    feedback at the end nothing is told of an answer before. `tries` is how many answers to a problem count; None is any
    number, which with feedback at the end means: revise until then, and the last one is the answer. With `interview`, each
    problem is followed by the question that an interviewer would ask next. The drill ends with a problem of the family
    `last`, where one is named, whatever the other conditions say.
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
    last: str | None = None

    def to_json(self) -> str:
        """Return the blueprint as it is stored."""
        return json.dumps(asdict(self))


def blueprint_from_json(text: str) -> Blueprint:
    """Return a blueprint as it was before `to_json`."""
    raw: dict[str, Any] = json.loads(text)
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    return Blueprint(**fields)


def sized(blueprint: Blueprint) -> Blueprint:
    """Return the blueprint with an end: with a length where it has neither that nor minutes."""
    unbounded = blueprint.length is None and blueprint.minutes is None
    return replace(blueprint, length=DEFAULT_LENGTH) if unbounded else blueprint
