"""Which problems a drill asks, in their order: decided at its start, drawn when each is handed out."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from app.errors import FamilyUnavailableError, FieldError, InvalidInputError, UnsatisfiableBlueprintError
from app.services.blueprints import Blueprint, sized
from app.services.shelf import truths_from_json, truths_to_json
from app.services.texts import text
from app.storage import drills
from quiz_bank.engine import ENGINE_VERSION
from quiz_bank.parameters import ParameterError, read_parameters, show_parameters
from quiz_bank.problem import Family, Language, Variant
from quiz_bank.registry import FAMILIES, family
from quiz_bank.sampling import Stream
from quiz_bank.variants import build, draw, preset

FEWEST_IN_TIME: Final = 10
MOST_IN_TIME: Final = 100
"""How many problems a drill that is bounded by its minutes alone has, whatever the expected times say."""

WARM_SHARE: Final = 1 / 3
"""How much of a drill is warm-up: there every family comes at the easiest level that it may have."""

FOLLOW_UP_SECONDS: Final = 60
"""What an interviewer would give to the question after a problem."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A variant that was drawn beforehand, as JSON, so that all who are asked are asked the same.

    Once its family or the engine is mended it has the key of today, which a regrade gives to those who were asked before.
    """

    family_version: int
    parameters: Mapping[str, object]
    convention: Mapping[str, str]
    truth: Mapping[str, object]
    engine_version: str


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One problem to come: drawn from the seed or named by a preset of its family, or restored where it is frozen.

    A problem of chosen parameters has no seed.
    """

    family: str
    level: int
    seed: str | None
    preset: str | None = None
    frozen: Frozen | None = None


Plan = tuple[PlanItem, ...]


def plan_to_json(plan: Sequence[PlanItem]) -> str:
    """Return a plan as it is stored."""
    return json.dumps([asdict(item) for item in plan])


def plan_from_json(stored: str) -> Plan:
    """Return a plan as it was before `plan_to_json`."""
    items: list[dict[str, Any]] = json.loads(stored)
    return tuple(PlanItem(**{**item, "frozen": item["frozen"] and Frozen(**item["frozen"])}) for item in items)


def freeze(variant: Variant[Any], seed: str | None, name: str | None) -> PlanItem:
    """Return the item that asks just this variant; `seed` or `name` of a preset say where it came from."""
    frozen = Frozen(
        variant.family.version,
        show_parameters(variant.parameters),
        variant.convention.items(),
        truths_to_json(variant.truths),
        ENGINE_VERSION,
    )
    return PlanItem(variant.family.slug, variant.level, seed, name, frozen)


def variant_of(item: PlanItem) -> Variant[Any]:
    """Return the variant that an item asks.

    Raises
    ------
    FamilyUnavailableError
        The family is no longer installed, or has lost what the item needs of it.
    """
    try:
        its_family = family(item.family)
        its_family.levels[item.level]
        if item.frozen is not None:
            return _restored(its_family, item.level, item.frozen)
        return draw(its_family, item.level, item.seed or "").variant if item.preset is None else preset(its_family, item.preset)
    except (LookupError, ParameterError) as error:
        raise FamilyUnavailableError from error


def _restored(its_family: Family[Any], level: int, frozen: Frozen) -> Variant[Any]:
    """Return the variant of frozen parameters; a key of another version isn't taken over, for it may be what was mended."""
    parameters = read_parameters(its_family.parameters, frozen.parameters)
    as_then = (frozen.family_version, frozen.engine_version) == (its_family.version, ENGINE_VERSION)
    return build(its_family, level, parameters, truths_from_json(its_family, frozen.truth) if as_then else None)


def planned(
    connection: Connection,
    learner_id: UUID | None,
    blueprint: Blueprint,
    seed: str,
    *,
    language: Language = "en",
    given: Collection[str] | None = None,
) -> Plan:
    """Return the problems of a drill: always the same for one blueprint, seed and bank, and for what the learner missed.

    Topics take turns, and no family comes twice before all have come. In the first third each family comes at its easiest
    level, the easier first; then at any level that it may have. A drill of `minutes` alone has problems until their expected
    times fill it. Families that learners assess themselves come only where they are named.

    Parameters
    ----------
    learner_id
        Who is asked; None where several are, who have missed different things.
    language
        The language of refusals.
    given
        The fields that the request itself names; what is refused of another is put down to the preset. None: all of them.

    Raises
    ------
    InvalidInputError
        There is no such topic or family; or what was missed is asked for, and of nobody.
    UnsatisfiableBlueprintError
        No problem meets all the conditions; the pointer is to the first, in the order of families, topics, levels, tool,
        minutes and missed_only, that leaves none.
    """
    blueprint, refusal = sized(blueprint), _Refusal(language, given)
    _require_known(blueprint, refusal)
    missed = _missed(connection, learner_id, blueprint, refusal)
    levels = _levels(blueprint, missed, refusal)
    return tuple(_items(levels, blueprint, Stream("plan", seed)))


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Where a field at fault stands, and in which language that is said."""

    language: Language
    given: Collection[str] | None

    def field(self, name: str, code: str, index: int | None = None, **values: object) -> tuple[FieldError, ...]:
        pointer = f"/blueprint/{name}" if self.given is None or name in self.given else "/preset"
        return (FieldError(pointer if index is None else f"{pointer}/{index}", text(code, self.language, **values)),)

    def of_condition(self, name: str, before: Sequence[str]) -> tuple[FieldError, ...]:
        """Say that a condition leaves nothing of what those before it have left; one of a preset has no field to point to."""
        if name == "missed_only":
            return self.field(name, "nothing-missed")
        code = "nothing-left-after" if before else "nothing-left"
        [error] = self.field(name, code, before=("、" if self.language == "zh" else ", ").join(before))
        if error.pointer != "/preset":
            return (error,)
        return (replace(error, detail=text("of-preset", self.language, name=name, detail=error.detail)),)


def _require_known(blueprint: Blueprint, refusal: _Refusal) -> None:
    topics = list(dict.fromkeys(known.topic for known in FAMILIES.values()))
    for index, topic in enumerate(blueprint.topics):
        if topic not in topics:
            values = {"topic": topic, "known": ", ".join(topics)}
            raise InvalidInputError(errors=refusal.field("topics", "unknown-topic", index, **values))
    for index, slug in enumerate(blueprint.families):
        if slug not in FAMILIES:
            raise InvalidInputError(errors=refusal.field("families", "unknown-family", index, family=slug))
    if blueprint.last is not None and blueprint.last not in FAMILIES:
        raise InvalidInputError(errors=refusal.field("last", "unknown-family", family=blueprint.last))


def _missed(connection: Connection, learner_id: UUID | None, blueprint: Blueprint, refusal: _Refusal) -> Collection[str]:
    if not blueprint.missed_only:
        return ()
    if learner_id is None:
        raise InvalidInputError(errors=refusal.field("missed_only", "missed-of-nobody"))
    return drills.missed_families(connection, learner_id)


_Condition = Callable[[Family[Any], int], bool]


def _conditions(blueprint: Blueprint, missed: Collection[str]) -> dict[str, _Condition]:
    """Return what a problem of a family and a level must meet, by the field of the blueprint that asks for it."""
    seconds = (blueprint.minutes or 0) * 60
    conditions: dict[str, tuple[bool, _Condition]] = {
        "families": (bool(blueprint.families), lambda its, _: its.slug in blueprint.families),
        "topics": (bool(blueprint.topics), lambda its, _: its.topic in blueprint.topics),
        "levels": (bool(blueprint.levels), lambda _, level: level in blueprint.levels),
        "tool": (blueprint.tool != "any", lambda its, level: its.levels[level].tool == blueprint.tool),
        "minutes": (blueprint.minutes is not None, lambda its, level: its.levels[level].seconds <= seconds),
        "missed_only": (blueprint.missed_only, lambda its, _: its.slug in missed),
    }
    return {name: condition for name, (asked, condition) in conditions.items() if asked}


def _levels(blueprint: Blueprint, missed: Collection[str], refusal: _Refusal) -> dict[str, list[int]]:
    """Return the levels that each family may come at."""
    left = [(its, level) for its in FAMILIES.values() for level in sorted(its.levels)]
    if not blueprint.families:
        left = [(its, level) for its, level in left if all(part.kind != "rubric" for part in its.parts)]
    before: list[str] = []
    for name, condition in _conditions(blueprint, missed).items():
        left = [(its, level) for its, level in left if condition(its, level)]
        if not left:
            raise UnsatisfiableBlueprintError(errors=refusal.of_condition(name, before))
        before.append(name)
    levels: dict[str, list[int]] = {}
    for its, level in left:
        levels.setdefault(its.slug, []).append(level)
    return levels


def _items(levels: Mapping[str, list[int]], blueprint: Blueprint, stream: Stream) -> list[PlanItem]:
    families = _taking_turns(list(levels), stream)
    end = [] if blueprint.last is None else [_item(blueprint.last, min(FAMILIES[blueprint.last].levels), stream)]
    warm: list[PlanItem] = []
    rest: list[PlanItem] = []
    seconds = sum(_seconds(item, blueprint) for item in end)
    while not _full(len(warm) + len(rest) + len(end), seconds, blueprint):
        slug = next(families)
        is_warm = _share(len(warm) + len(rest) + len(end), seconds, blueprint) < WARM_SHARE
        item = _item(slug, levels[slug][0] if is_warm else stream.choice(levels[slug]), stream)
        (warm if is_warm else rest).append(item)
        seconds += _seconds(item, blueprint)
    return sorted(warm, key=lambda item: item.level) + rest + end


def _taking_turns(slugs: Sequence[str], stream: Stream) -> Iterator[str]:
    """Yield families for ever, a topic after the other, all of them in some order before any comes again."""
    while True:
        topics: dict[str, list[str]] = {}
        for slug in stream.sample(slugs, len(slugs)):
            topics.setdefault(FAMILIES[slug].topic, []).append(slug)
        for turn in zip_longest(*topics.values()):
            yield from filter(None, turn)


def _item(slug: str, level: int, stream: Stream) -> PlanItem:
    # Learners see the seed of a problem: it must tell nothing of those to come.
    return PlanItem(slug, level, f"{stream.integer(0, 2**64 - 1):016x}")


def _seconds(item: PlanItem, blueprint: Blueprint) -> int:
    return FAMILIES[item.family].levels[item.level].seconds + (FOLLOW_UP_SECONDS if blueprint.interview else 0)


def _share(count: int, seconds: int, blueprint: Blueprint) -> float:
    """Return how much of the drill is filled."""
    return count / blueprint.length if blueprint.length else seconds / ((blueprint.minutes or 0) * 60)


def _full(count: int, seconds: int, blueprint: Blueprint) -> bool:
    if blueprint.length is None and not FEWEST_IN_TIME <= count < MOST_IN_TIME:
        return count >= MOST_IN_TIME
    return _share(count, seconds, blueprint) >= 1
