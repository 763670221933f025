"""Setting a problem: the one that was asked for, or a good next one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app import errors
from app.errors import FieldError, InvalidInputError, NotFoundError, WithheldError
from app.services.next_family import next_family
from app.services.shelf import Shelf, truths_to_json
from app.services.shown import shown
from app.services.texts import text
from app.storage import outcomes, problems
from app.storage.ids import new_id
from app.storage.problems import ProblemRow
from quiz_bank.engine import ENGINE_VERSION
from quiz_bank.parameters import ParameterError, show_parameters
from quiz_bank.problem import Family, Language, Variant
from quiz_bank.registry import FAMILIES, UnknownFamilyError, family
from quiz_bank.rendering import parameter_message
from quiz_bank.variants import draw, explicit, preset

SOLVED_PER_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Setting:
    """How a problem came to be set: its language, what was drawn or named, and its place in a drill."""

    language: Language
    seed: str | None = None
    preset: str | None = None
    drill_id: UUID | None = None
    position: int | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for; nothing given means a good next problem."""

    language: Language
    family: str | None = None
    topic: str | None = None
    level: int | None = None
    seed: str | None = None
    preset: str | None = None
    parameters: Mapping[str, object] | None = None


def pose(connection: Connection, shelf: Shelf, learner_id: UUID, wish: Wish, *, now: datetime, new_seed: str) -> ProblemRow:
    """Store and return a new problem for the learner.

    `new_seed` is used where a drawing is wanted and no seed was given.

    Raises
    ------
    UnknownFamilyError, InvalidInputError
        No such family; a level, preset or parameters that it doesn't have.
    WithheldError
        The very problem that is named is before the learner in a drill that gives its feedback at the end; or own numbers
        are, for a problem of its family: they could be the same, written or ordered otherwise.
    """
    _one_way(wish)
    chosen = _named(wish) if wish.family is not None else _next(connection, learner_id, wish, now)
    level, began = _level(connection, learner_id, chosen, wish), perf_counter()
    variant, seed = _variant(chosen, level, wish, new_seed)
    shelf.watch.drew(perf_counter() - began)
    row = _row(variant, learner_id, Setting(wish.language, seed, wish.preset), now)
    if wish.seed is not None or wish.preset is not None or wish.parameters is not None:
        withheld = problems.withheld(connection, learner_id, row.family)
        if row.parameters in withheld or (withheld and wish.parameters is not None):
            raise WithheldError(family=row.family)
    return _store(connection, shelf, row, variant)


def choose(wish: Wish, new_seed: str) -> tuple[Variant[Any], str | None]:
    """Return the problem of a wish that names its family, with the seed that it was drawn from; without a level, the lowest.

    Raises
    ------
    UnknownFamilyError, InvalidInputError
        No such family; a level, preset or parameters that it doesn't have.
    """
    _one_way(wish)
    its_family = _named(wish)
    level = min(its_family.levels) if wish.level is None else _known_level(its_family, wish.level, wish.language)
    return _variant(its_family, level, wish, new_seed)


def place(
    connection: Connection, shelf: Shelf, learner_id: UUID, variant: Variant[Any], setting: Setting, now: datetime
) -> ProblemRow:
    """Store and return a variant as a new problem of the learner."""
    return _store(connection, shelf, _row(variant, learner_id, setting, now), variant)


def _store(connection: Connection, shelf: Shelf, row: ProblemRow, variant: Variant[Any]) -> ProblemRow:
    problems.add(connection, row)
    shelf.keep(row, variant)
    shelf.watch.posed(row.family)
    return row


def find(connection: Connection, learner_id: UUID, problem_id: UUID) -> ProblemRow:
    """Return a learner's problem as it is now; NotFoundError where the learner has none of that id."""
    row = problems.get(connection, learner_id, problem_id)
    if row is None:
        raise NotFoundError
    return row


def _one_way(wish: Wish) -> None:
    given = [name for name in ("seed", "preset", "parameters") if getattr(wish, name) is not None]
    if len(given) > 1:
        raise _invalid(f"/{given[1]}", text("one-way", wish.language))
    if wish.family is None and given:
        raise _invalid(f"/{given[0]}", text("needs-family", wish.language))


def _invalid(pointer: str, detail: str) -> InvalidInputError:
    return InvalidInputError(errors=(FieldError(pointer, detail),))


def find_family(slug: str) -> Family[Any]:
    """Return the family of a slug; an unknown one is an UnknownFamilyError that names near matches."""
    try:
        return family(slug)
    except UnknownFamilyError as error:
        raise errors.UnknownFamilyError(slug=error.slug, near=error.near) from None


def topics() -> list[str]:
    """Return the topics of the bank in its own order."""
    return list(dict.fromkeys(known.topic for known in FAMILIES.values()))


def _named(wish: Wish) -> Family[Any]:
    chosen = find_family(wish.family or "")
    if wish.topic is not None and wish.topic != chosen.topic:
        raise _invalid("/topic", text("other-topic", wish.language, family=chosen.slug, topic=chosen.topic))
    return chosen


def _next(connection: Connection, learner_id: UUID, wish: Wish, now: datetime) -> Family[Any]:
    """Return the family to practise next, of a topic and with a level where these are wished for."""
    if wish.topic is not None and wish.topic not in topics():
        raise _invalid("/topic", text("unknown-topic", wish.language, topic=wish.topic, known=", ".join(topics())))
    candidates = [known for known in FAMILIES.values() if wish.topic in (None, known.topic)]
    if wish.level is not None:
        levels = sorted({level for candidate in candidates for level in candidate.levels})
        candidates = [known for known in candidates if wish.level in known.levels]
        if not candidates:
            raise _unknown_level(wish.topic or "Crossdrill", wish.level, levels, wish.language)
    return next_family(connection, learner_id, candidates, now)


def _level(connection: Connection, learner_id: UUID, chosen: Family[Any], wish: Wish) -> int:
    """Return the level that is asked for; without one a seed has the lowest, for it must give the same to everybody."""
    if wish.level is not None:
        return _known_level(chosen, wish.level, wish.language)
    if wish.seed is not None or wish.preset is not None:  # a preset comes with its own
        return min(chosen.levels)
    return _fitting_level(connection, learner_id, chosen)


def _known_level(its_family: Family[Any], level: int, language: Language) -> int:
    if level not in its_family.levels:
        raise _unknown_level(its_family.slug, level, sorted(its_family.levels), language)
    return level


def _unknown_level(where: str, level: int, known: list[int], language: Language) -> InvalidInputError:
    levels = ", ".join(map(str, known))
    return _invalid("/level", text("unknown-level", language, where=where, level=level, known=levels))


def _fitting_level(connection: Connection, learner_id: UUID, chosen: Family[Any]) -> int:
    """Return one level more for every few problems of the family that were solved."""
    solved = outcomes.count_solved(connection, learner_id, chosen.slug)
    levels = sorted(chosen.levels)
    return levels[min(solved // SOLVED_PER_LEVEL, len(levels) - 1)]


def _variant(chosen: Family[Any], level: int, wish: Wish, new_seed: str) -> tuple[Variant[Any], str | None]:
    if wish.preset is not None:
        return _preset(chosen, wish), None
    if wish.parameters is not None:
        try:
            return explicit(chosen, level, wish.parameters), None
        except ParameterError as error:
            raise _invalid(f"/parameters{error.pointer}", parameter_message(error, wish.language)) from None
    seed = wish.seed or new_seed
    return draw(chosen, level, seed).variant, seed


def _preset(chosen: Family[Any], wish: Wish) -> Variant[Any]:
    name = wish.preset or ""
    if name not in chosen.presets:
        known = ", ".join(chosen.presets) or "–"
        raise _invalid("/preset", text("unknown-preset", wish.language, family=chosen.slug, preset=name, known=known))
    named = preset(chosen, name)
    if wish.level not in (None, named.level):
        raise _invalid("/level", text("preset-level", wish.language, preset=name, level=named.level))
    return named


def _row(variant: Variant[Any], learner_id: UUID, setting: Setting, now: datetime) -> ProblemRow:
    return ProblemRow(
        id=new_id(),
        learner_id=learner_id,
        family=variant.family.slug,
        family_version=variant.family.version,
        topic=variant.family.topic,
        level=variant.level,
        parameters=json.dumps(show_parameters(variant.parameters)),
        convention=json.dumps(variant.convention.items()),
        truth=json.dumps(truths_to_json(variant.truths)),
        shown=json.dumps(shown(variant, setting.language), ensure_ascii=False),
        state="open",
        tries=0,
        hints_taken=0,
        created_at=now,
        closed_at=None,
        engine_version=ENGINE_VERSION,
        expected_seconds=variant.family.levels[variant.level].seconds,
        **asdict(setting),
    )
