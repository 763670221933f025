"""From a family to a problem: drawn and proven, given explicitly, or restored as it was stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, Generic, cast

from quiz_bank.grading.tolerance import coincide, unit_of_last_place
from quiz_bank.parameters import ParameterError, read_parameters
from quiz_bank.problem import (
    UNIT_OF_BASE,
    ChoicePart,
    Codes,
    Convention,
    Family,
    Misconception,
    P,
    Part,
    PartSpec,
    SharedMisconception,
    Truths,
    Unit,
    Value,
    Variant,
    WrongValue,
    components,
)
from quiz_bank.sampling import Stream

MOST_REDRAWS: Final = 64


@dataclass(frozen=True, slots=True)
class Drawing(Generic[P]):
    """A drawn variant, how many were rejected before it, and whether the fallback had to serve."""

    variant: Variant[P]
    rejected: int
    fell_back: bool = False


def draw(family: Family[P], level: int, seed: str) -> Drawing[P]:
    """Return the problem that a seed gives at a level: always the same for one version of the family.

    What isn't separable or is degenerate is drawn again from the seed's next stream; after 64 rejections one of the family's
    own fallbacks serves.
    """
    for attempt in range(MOST_REDRAWS):
        parameters = family.draw(Stream(family.slug, family.version, level, seed, attempt), level)
        if family.degenerate(parameters):
            continue
        variant, separable = _build(family, level, parameters, family.truth(parameters))
        if separable and _plain_sailing(variant):
            return Drawing(variant, attempt)
    return Drawing(build(family, level, family.fallbacks[level]), MOST_REDRAWS, fell_back=True)


def explicit(family: Family[P], level: int, raw: Mapping[str, object]) -> Variant[P]:
    """Return the problem of given parameters, as JSON has them; raises ParameterError where they make no problem."""
    parameters = read_parameters(family.parameters, raw)
    if family.check is not None:
        family.check(parameters)
    try:
        variant = build(family, level, parameters)
        family.working(parameters)  # hints and the solution will need it
    except ParameterError:
        raise
    except (ArithmeticError, ValueError) as error:
        raise ParameterError("", "out-of-reach") from error
    return variant


def preset(family: Family[P], name: str) -> Variant[P]:
    """Return a family's named problem; KeyError where it has none of that name."""
    return build(family, family.preset_levels.get(name, min(family.levels)), family.presets[name])


def build(family: Family[P], level: int, parameters: P, truths: Truths | None = None) -> Variant[P]:
    """Return the variant of some parameters; `truths` are taken as given where they were stored.

    Misconceptions whose value lies within two units of the truth play no part in it.
    """
    return _build(family, level, parameters, family.truth(parameters) if truths is None else truths)[0]


def _build(family: Family[P], level: int, parameters: P, truths: Truths) -> tuple[Variant[P], bool]:
    """Return the variant, and whether all its misconceptions stand clear of the truth."""
    convention = family.convention(parameters)
    options, items = family.options(parameters), family.items(parameters)
    parts = tuple(
        Part(spec, cast("Value", truths[spec.name]), _unit(spec, convention))
        if isinstance(spec, PartSpec)
        else ChoicePart(spec, options[spec.name], cast("Codes", truths[spec.name]), items.get(spec.name, ()))
        for spec in family.parts
    )
    numeric = {part.name: part for part in parts if isinstance(part, Part)}
    wrong = list(_wrong_values(family, parameters, numeric))
    kept = tuple(_separable(numeric, wrong))
    return Variant(family, level, parameters, parts, convention, kept), len(kept) == len(wrong)


def _unit(spec: PartSpec, convention: Convention) -> Unit | None:
    return UNIT_OF_BASE[convention.log_base or "e"] if spec.in_log_units else None


def _wrong_values(family: Family[P], parameters: P, named: Mapping[str, Part]) -> Iterator[WrongValue]:
    for misconception in family.misconceptions:
        if isinstance(misconception, SharedMisconception):
            for name in misconception.parts or named:
                for code, value in misconception.recipe(named[name]).items():
                    yield WrongValue(name, code, value, shared=True)
        else:
            for value in _recipe_values(misconception, parameters):
                yield WrongValue(misconception.part, misconception.code, value)


def _recipe_values(misconception: Misconception[P], parameters: P) -> list[Value]:
    try:
        given = misconception.recipe(parameters)
    except (ArithmeticError, ValueError):  # on explicit parameters a wrong route may lead nowhere, such as to 1/0
        return []
    return list(given) if isinstance(given, list) else [given]


def _separable(parts: Mapping[str, Part], wrong: Iterable[WrongValue]) -> Iterator[WrongValue]:
    """Yield the wrong values that a learner could mean and that are not, within two units, the truth itself."""
    named = {name: (part.spec.special, components(part.truth), _unit_of(part)) for name, part in parts.items()}
    for w in wrong:
        special, truth, unit = named[w.part]
        if isinstance(w.value, float) and len(truth) == 1 and not special:  # as nearly all are
            if isfinite(w.value) and not abs(w.value - truth[0]) <= 2 * unit:
                yield w
            continue
        numbers = components(w.value)
        if (special or all(map(isfinite, numbers))) and not coincide(numbers, truth, unit):
            yield w


def _unit_of(part: Part) -> float:
    return float(unit_of_last_place(part.truth, part.spec.significant_digits))


def _plain_sailing(variant: Variant[Any]) -> bool:
    """Say whether every answer is finite and none is zero: the others belong to presets and to families about them."""
    ordinary = [part for part in variant.numeric.values() if not part.spec.special]
    return all(isfinite(number) and number != 0 for part in ordinary for number in components(part.truth))
