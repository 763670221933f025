"""Which problems go into a file: families by name, topic and level, and how many frozen variants of each.

A frozen variant is a preset of its family or a drawing from a seed of the export's own (`anki-1`, `anki-2`, … at the family's
levels in turn), so that the same selection is the same problems on every machine, and a larger one holds the smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app import errors
from app.errors import FieldError, InvalidInputError
from app.exports.texts import text
from quiz_bank import registry
from quiz_bank.problem import Family, Language, Variant
from quiz_bank.registry import FAMILIES
from quiz_bank.variants import draw, preset

DEFAULT_COUNT: Final = 5
LARGEST_COUNT: Final = 50
LARGEST_FILE: Final = 2_000
SEEDS_PER_PROBLEM: Final = 4
"""How many seeds are tried for each problem asked for: a family with few variants soon draws them again."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The families, how many problems of each, and their level where only one is wanted."""

    families: tuple[Family[Any], ...]
    count: int = DEFAULT_COUNT
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Frozen:
    """One problem of a file. `key` names it within its family for ever, whatever its texts become."""

    variant: Variant[Any]
    key: str


def select(
    slugs: Sequence[str] = (),
    *,
    topic: str | None = None,
    level: int | None = None,
    count: int = DEFAULT_COUNT,
    language: Language = "en",
) -> Selection:
    """Return the selection that these conditions leave: all families where there are none.

    A family that is named and that a condition excludes is refused rather than left out. `language` is that of refusals.

    Raises
    ------
    UnknownFamilyError
        There is no family of some name; with near matches.
    InvalidInputError
        A condition excludes a named family, or leaves nothing; the selection is too large.
    """
    families = [_family(slug) for slug in dict.fromkeys(slugs)] or list(FAMILIES.values())
    if topic is not None:
        families = _of_topic(families, topic, language, named=bool(slugs))
    if level is not None:
        families = _of_level(families, topic or "Crossdrill", level, language, named=bool(slugs))
    most = min(LARGEST_COUNT, LARGEST_FILE // len(families))
    if not 1 <= count <= most:
        raise _invalid("/count", text("count", language, most=most, largest=LARGEST_COUNT, limit=LARGEST_FILE))
    return Selection(tuple(families), count, level)


def _invalid(pointer: str, detail: str) -> InvalidInputError:
    return InvalidInputError(errors=(FieldError(pointer, detail),))


def _family(slug: str) -> Family[Any]:
    try:
        return registry.family(slug)
    except registry.UnknownFamilyError as error:
        raise errors.UnknownFamilyError(slug=error.slug, near=error.near) from None


def _of_topic(families: list[Family[Any]], topic: str, language: Language, *, named: bool) -> list[Family[Any]]:
    known = dict.fromkeys(family.topic for family in FAMILIES.values())
    if topic not in known:
        raise _invalid("/topic", text("unknown-topic", language, topic=topic, known=", ".join(known)))
    other = next((family for family in families if named and family.topic != topic), None)
    if other is not None:
        raise _invalid("/topic", text("other-topic", language, family=other.slug, topic=other.topic))
    return [family for family in families if family.topic == topic]


def _of_level(families: list[Family[Any]], where: str, level: int, language: Language, *, named: bool) -> list[Family[Any]]:
    fitting = [family for family in families if level in family.levels]
    without = next((family for family in families if named and level not in family.levels), None)
    if fitting and without is None:
        return fitting
    levels = sorted({known for family in ([without] if without else families) for known in family.levels})
    where = without.slug if without else where
    raise _invalid("/level", text("no-level", language, where=where, level=level, known=", ".join(map(str, levels))))


def frozen(selection: Selection, prefix: str) -> Iterator[Frozen]:
    """Yield the problems of a selection, family by family; `prefix` begins the seeds, one for each kind of file."""
    for family in selection.families:
        yield from _of_family(family, selection, prefix)


def _of_family(family: Family[Any], selection: Selection, prefix: str) -> Iterator[Frozen]:
    """Yield the family's presets, then drawings; none twice, and fewer than asked for where there are no more."""
    taken: list[object] = []
    for problem in _candidates(family, selection, prefix):
        if len(taken) == selection.count:
            return
        if problem.variant.parameters not in taken:
            taken.append(problem.variant.parameters)
            yield problem


def _candidates(family: Family[Any], selection: Selection, prefix: str) -> Iterator[Frozen]:
    presets = (Frozen(preset(family, name), name) for name in family.presets)
    yield from (problem for problem in presets if selection.level in (None, problem.variant.level))
    levels = sorted(family.levels) if selection.level is None else [selection.level]
    for number in range(1, SEEDS_PER_PROBLEM * selection.count + 1):
        level, seed = levels[(number - 1) % len(levels)], f"{prefix}-{number}"
        yield Frozen(draw(family, level, seed).variant, f"{level}.{seed}")
