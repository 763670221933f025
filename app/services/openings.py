"""What a coach asks for, before it is a room: decided quickly, then drawn where it holds nobody up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection

from app.errors import FieldError, InvalidInputError
from app.services.blueprints import Blueprint
from app.services.drill_presets import PRESETS, resolved
from app.services.plans import Plan, planned
from app.services.rooms import Choice, Opening, chosen, frozen
from app.services.texts import text
from quiz_bank.problem import Language

SELECTION: Final = ("length", "topics", "families", "levels", "tool", "missed_only", "last")
"""The fields of a blueprint that say which problems come; the others are the terms."""


@dataclass(frozen=True, slots=True)
class RoomWish:
    """What a coach asks for; `given` are the fields of the blueprint that they name, `choices` problems one by one."""

    language: Language
    title: str | None = None
    preset: str | None = None
    given: Mapping[str, Any] | None = None
    choices: tuple[Choice, ...] | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A wish with everything decided but the numbers."""

    wish: RoomWish
    blueprint: Blueprint
    plan: Plan


def decided(connection: Connection, wish: RoomWish, seed: str) -> Decided:
    """Return what a room is to be like.

    Raises
    ------
    InvalidInputError, UnsatisfiableBlueprintError
        A preset, topic or family that isn't known; conditions beside chosen problems; conditions that no problem meets.
    """
    given = wish.given or {}
    blueprint = resolved(wish.preset, given, wish.language)
    if wish.choices is None:
        plan = planned(connection, None, blueprint, seed, language=wish.language, given=given)
        return Decided(wish, blueprint, plan)
    for name in SELECTION:
        if name in given:
            raise InvalidInputError(errors=(FieldError(f"/blueprint/{name}", text("chosen-already", wish.language)),))
    nothing = {name: getattr(Blueprint(), name) for name in SELECTION}
    return Decided(wish, replace(blueprint, **{**nothing, "length": len(wish.choices)}), ())


def drawn(found: Decided, seed: str) -> Opening:
    """Return the opening of a room with the numbers of its problems.

    Raises
    ------
    InvalidInputError
        A chosen problem that can't be.
    """
    wish = found.wish
    plan = frozen(found.plan) if wish.choices is None else chosen(wish.choices, wish.language, seed)
    return Opening(wish.title or _title(wish), wish.preset, found.blueprint, plan)


def _title(wish: RoomWish) -> str:
    return text("room-title", wish.language) if wish.preset is None else PRESETS[wish.preset].titles[wish.language]
