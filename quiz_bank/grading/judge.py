"""From readings to a verdict: each component against the truth, then what follows from earlier parts, then why it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import isfinite

from quiz_bank.grading.answers import read_answers
from quiz_bank.grading.choices import judge_choice
from quiz_bank.grading.diagnose import diagnose
from quiz_bank.grading.read import Reading
from quiz_bank.grading.tolerance import is_coarse, is_right, unit_of_last_place
from quiz_bank.misconceptions import WRONG_LOG_BASE, convert
from quiz_bank.problem import (
    P,
    Part,
    PartResult,
    PartVerdict,
    State,
    Unit,
    Value,
    Values,
    Variant,
    Verdict,
    WrongValue,
    components,
)

Readings = Mapping[str, tuple[Reading, ...]]


def grade(variant: Variant[P], answers: Mapping[str, object]) -> Verdict:
    """Return the verdict on the answers to all parts: text, numbers, letters or nested lists of them, by part name.

    Raises UnreadableAnswersError, which is no verdict: nobody is wrong for a text that can't be read.
    """
    read = read_answers(variant.parts, answers)
    own = {name: _own_value(part, read.readings[name]) for name, part in variant.numeric.items()}
    verdicts = tuple(
        _judge_part(variant, part, read.readings, own, answers[part.name])
        if isinstance(part, Part)
        else judge_choice(part, read.picks[part.name], answers[part.name])
        for part in variant.parts
    )
    credit = sum(verdict.credit for verdict in verdicts) / len(verdicts)
    return Verdict(_overall([verdict.result for verdict in verdicts]), credit, _with_identities(variant, verdicts, own))


def _overall(results: Iterable[PartResult]) -> PartResult:
    """Sum up the states of components, or the results of parts."""
    kinds = set(results)
    if kinds == {"right"}:
        return "right"
    if "partly_right" in kinds or {"right", "wrong"} <= kinds:
        return "partly_right"
    return "wrong" if "wrong" in kinds else "too_coarse"


def _judge_part(variant: Variant[P], part: Part, all_readings: Readings, own: Values, submitted: object) -> PartVerdict:
    readings = all_readings[part.name]
    unit = _typed_unit(readings) or part.unit
    in_unit, wrong = _in_unit(variant, part, unit)
    states = tuple(_states(in_unit, readings, wrong))
    carried: tuple[str, ...] = ()
    if set(states) != {"right"} and (again := _carried_states(variant, in_unit, readings, own)):
        states, carried = again
    diagnosis = diagnose(readings, in_unit, wrong) if "wrong" in states else None
    other_unit = unit if unit != part.unit else None
    read_as = _shaped(tuple(reading.value for reading in readings), part.truth)
    credit = states.count("right") / len(states)
    result = _overall(states)
    return PartVerdict(part.name, result, submitted, read_as, states, credit, diagnosis, other_unit, carried)


def _states(part: Part, readings: tuple[Reading, ...], wrong: tuple[WrongValue, ...] = ()) -> list[State]:
    digits = part.spec.significant_digits
    unit = unit_of_last_place(part.truth, digits)
    states: list[State] = []
    for i, (reading, truth) in enumerate(zip(readings, components(part.truth), strict=True)):
        if is_right(reading, truth, unit):
            states.append("right")
        elif is_coarse(reading, truth, digits) and not any(is_coarse(reading, components(w.value)[i], digits) for w in wrong):
            states.append("too_coarse")
        else:
            states.append("wrong")
    return states


def _typed_unit(readings: tuple[Reading, ...]) -> Unit | None:
    return next((reading.unit for reading in readings if reading.unit is not None), None)


def _in_unit(variant: Variant[P], part: Part, unit: Unit | None) -> tuple[Part, tuple[WrongValue, ...]]:
    """Return the part and its wrong values in the unit that the learner typed."""
    wrong = tuple(w for w in variant.wrong if w.part == part.name)
    if unit is None or part.unit is None or unit == part.unit:
        return part, wrong
    source = part.unit
    converted = Part(part.spec, convert(part.truth, source, unit), unit)
    # Which log base is the wrong one depends on the unit, so these are made anew instead of converted.
    bases = tuple(WrongValue(part.name, code, value, shared=True) for code, value in WRONG_LOG_BASE.recipe(converted).items())
    others = tuple(replace(w, value=convert(w.value, source, unit)) for w in wrong if not w.code.startswith("wrong-log-base-"))
    return converted, bases + others


def _carried_states(
    variant: Variant[P], part: Part, readings: tuple[Reading, ...], own: Values
) -> tuple[tuple[State, ...], tuple[str, ...]] | None:
    """Mark a part anew with the learner's own earlier numbers; None where that doesn't make it right."""
    for carry in variant.family.carried:
        if carry.part != part.name:
            continue
        try:
            value = carry.recipe(variant.parameters, own)
        except (ArithmeticError, ValueError):  # the learner's own numbers may lead nowhere, such as to a division by zero
            continue
        if part.unit is not None and (base_unit := variant.numeric[part.name].unit) is not None:
            value = convert(value, base_unit, part.unit)
        states = _states(replace(part, truth=value), readings)
        if set(states) == {"right"}:
            return tuple(states), carry.uses
    return None


def _with_identities(variant: Variant[P], verdicts: tuple[PartVerdict, ...], own: Values) -> tuple[PartVerdict, ...]:
    """Name the identity that a wrong part breaks, beyond what rounding explains."""
    named = {verdict.name: verdict for verdict in verdicts}
    for identity in variant.family.identities:
        culprit = next((name for name in identity.parts if "wrong" in named[name].states), None)
        if culprit is None:
            continue
        try:
            residual = identity.residual(variant.parameters, own)
        except (ArithmeticError, ValueError):  # infinities and numbers near the largest float have no sum
            continue
        if isfinite(residual) and abs(residual) > _rounding(variant, identity.parts):
            named[culprit] = replace(named[culprit], identity=(identity.code, residual))
    return tuple(named[verdict.name] for verdict in verdicts)


def _rounding(variant: Variant[P], names: tuple[str, ...]) -> float:
    parts = [variant.numeric[name] for name in names]
    return sum(
        float(unit_of_last_place(part.truth, part.spec.significant_digits)) * len(components(part.truth)) for part in parts
    )


def _own_value(part: Part, readings: tuple[Reading, ...]) -> Value:
    """Return what the learner gave, in the part's own unit."""
    value = _shaped(tuple(reading.value for reading in readings), part.truth)
    unit = _typed_unit(readings)
    return convert(value, unit, part.unit) if unit is not None and part.unit is not None else value


def _shaped(numbers: tuple[float, ...], like: Value) -> Value:
    """Return numbers in the shape of another value."""
    if not isinstance(like, tuple):
        return numbers[0]
    if not isinstance(like[0], tuple):
        return numbers
    width = len(like[0])
    return tuple(numbers[i : i + width] for i in range(0, len(numbers), width))
