"""From readings to a verdict: each component against the truth, then what follows from earlier parts, then why it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Final

from quiz_bank.grading.answers import Answers, read_answers
from quiz_bank.grading.choices import judge_choice
from quiz_bank.grading.diagnose import diagnose
from quiz_bank.grading.read import Reading
from quiz_bank.grading.tolerance import are_right, is_coarse, is_right, unit_of_last_place
from quiz_bank.misconceptions import WRONG_LOG_BASE, convert
from quiz_bank.problem import (
    Carry,
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

_RIGHT: Final[tuple[State, ...]] = ("right",)


def grade(variant: Variant[P], answers: Mapping[str, object]) -> Verdict:
    """Return the verdict on the answers to all parts: text, numbers, letters or nested lists of them, by part name.

    Raises UnreadableAnswersError, which is no verdict: nobody is wrong for a text that can't be read.
    """
    read = read_answers(variant.parts, answers)
    if (right := _all_right(variant, read, answers)) is not None:
        return Verdict("right", 1.0, right)
    tied = variant.family.carried or variant.family.identities
    own = {name: _own_value(part, read.readings[name]) for name, part in variant.numeric.items()} if tied else {}
    verdicts = tuple(
        _judge_part(variant, part, read.readings[part.name], own, answers[part.name])
        if isinstance(part, Part)
        else judge_choice(part, read.picks[part.name], answers[part.name])
        for part in variant.parts
    )
    credit = sum(verdict.credit for verdict in verdicts) / len(verdicts)
    result = _overall([verdict.result for verdict in verdicts])
    return Verdict(result, credit, _with_identities(variant, verdicts, own) if tied else verdicts)


def _all_right(variant: Variant[P], read: Answers, answers: Mapping[str, object]) -> tuple[PartVerdict, ...] | None:
    """Return the verdicts on the parts where each is right by itself, which needs none of the rest; else None."""
    verdicts = []
    for part in variant.parts:
        name = part.spec.name
        if isinstance(part, Part):
            verdict = _right(part, read.readings[name], answers[name])
        else:
            verdict = judge_choice(part, read.picks[name], answers[name])
        if verdict is None or verdict.result != "right":
            return None
        verdicts.append(verdict)
    return tuple(verdicts)


def _right(part: Part, readings: tuple[Reading, ...], submitted: object) -> PartVerdict | None:
    """Return the verdict on a part that is right, in whatever unit it was given; None where it isn't."""
    other_unit, asked = _as_typed(part, readings)
    if not are_right(readings, asked.truth, part.spec.significant_digits):
        return None
    read_as = _read_as(part, readings)
    return PartVerdict(part.name, "right", submitted, read_as, _RIGHT * len(readings), 1.0, None, other_unit)


def _as_typed(part: Part, readings: tuple[Reading, ...]) -> tuple[Unit | None, Part]:
    """Return the unit that was typed where it isn't the part's own, and the part in it."""
    typed = readings[0].unit  # that of all components: mixed ones are refused
    if typed is None or typed == part.unit:
        return None, part
    return typed, _in_unit(part, typed)


def _overall(results: Iterable[PartResult]) -> PartResult:
    """Sum up the states of components, or the results of parts."""
    kinds = set(results)
    if kinds == {"right"}:
        return "right"
    if "partly_right" in kinds or {"right", "wrong"} <= kinds:
        return "partly_right"
    return "wrong" if "wrong" in kinds else "too_coarse"


def _judge_part(variant: Variant[P], part: Part, readings: tuple[Reading, ...], own: Values, submitted: object) -> PartVerdict:
    if (right := _right(part, readings, submitted)) is not None:
        return right
    other_unit, asked = _as_typed(part, readings)
    read_as = _read_as(part, readings)
    if carry := _followed(variant, asked, readings, own):
        all_right = _RIGHT * len(readings)
        return PartVerdict(part.name, "right", submitted, read_as, all_right, 1.0, None, other_unit, carry.uses)
    wrong = _wrong(variant, part, asked)
    states = tuple(_states(asked, readings, wrong))
    diagnosis = diagnose(readings, asked, wrong) if "wrong" in states else None
    credit = states.count("right") / len(states)
    return PartVerdict(part.name, _overall(states), submitted, read_as, states, credit, diagnosis, other_unit)


def _states(part: Part, readings: tuple[Reading, ...], wrong: tuple[WrongValue, ...] = ()) -> list[State]:
    digits = part.spec.significant_digits
    unit = unit_of_last_place(part.truth, digits)
    states: list[State] = []
    for i, (reading, truth) in enumerate(zip(readings, components(part.truth), strict=True)):
        if is_right(reading, truth, unit):
            states.append("right")
        elif is_coarse(reading, truth, digits) and not _is_coarse_mistake(reading, i, part, wrong):
            states.append("too_coarse")
        else:
            states.append("wrong")
    return states


def _is_coarse_mistake(reading: Reading, i: int, part: Part, wrong: tuple[WrongValue, ...]) -> bool:
    """Say whether a coarse component is what a mistake gives there, where the mistake differs from the truth at all."""
    digits = part.spec.significant_digits
    truth, unit = components(part.truth)[i], float(unit_of_last_place(part.truth, digits))
    values = (components(w.value)[i] for w in wrong)
    return any(is_coarse(reading, value, digits) for value in values if not abs(value - truth) < unit)


def _in_unit(part: Part, unit: Unit) -> Part:
    """Return the part as it is in the unit that the learner typed."""
    return Part(part.spec, convert(part.truth, part.unit, unit), unit) if part.unit is not None else part


def _wrong(variant: Variant[P], part: Part, asked: Part) -> tuple[WrongValue, ...]:
    """Return what mistakes give for a part, in the unit that it is judged in."""
    name = part.name
    wrong = tuple([w for w in variant.wrong if w.part == name])
    if asked is part or part.unit is None or asked.unit is None:
        return wrong
    source, unit = part.unit, asked.unit
    # Which log base is the wrong one depends on the unit, so these are made anew instead of converted.
    bases = tuple(WrongValue(part.name, code, value, shared=True) for code, value in WRONG_LOG_BASE.recipe(asked).items())
    others = (w for w in wrong if w.code not in WRONG_LOG_BASE.codes)
    return bases + tuple(w._replace(value=convert(w.value, source, unit)) for w in others)


def _followed(variant: Variant[P], part: Part, readings: tuple[Reading, ...], own: Values) -> Carry[P] | None:
    """Return how a part follows from the learner's own earlier numbers; None where it doesn't."""
    for carry in variant.family.carried:
        if carry.part != part.name:
            continue
        try:
            value = carry.recipe(variant.parameters, own)
        except (ArithmeticError, ValueError):  # the learner's own numbers may lead nowhere, such as to a division by zero
            continue
        base_unit = variant.numeric[part.name].unit
        if part.unit is not None and base_unit is not None:
            value = convert(value, base_unit, part.unit)
        if are_right(readings, value, part.spec.significant_digits):
            return carry
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
            named[culprit] = named[culprit]._replace(identity=(identity.code, residual))
    return tuple(named[verdict.name] for verdict in verdicts)


def _rounding(variant: Variant[P], names: tuple[str, ...]) -> float:
    parts = [variant.numeric[name] for name in names]
    return sum(
        float(unit_of_last_place(part.truth, part.spec.significant_digits)) * len(components(part.truth)) for part in parts
    )


def _own_value(part: Part, readings: tuple[Reading, ...]) -> Value:
    """Return what the learner gave, in the part's own unit."""
    value = _read_as(part, readings)
    unit = readings[0].unit
    return convert(value, unit, part.unit) if unit is not None and part.unit is not None else value


def _read_as(part: Part, readings: tuple[Reading, ...]) -> Value:
    """Return the numbers that were read in the shape of the truth."""
    if not isinstance(part.truth, tuple):
        return readings[0].value
    numbers = tuple([reading.value for reading in readings])
    if not isinstance(part.truth[0], tuple):
        return numbers
    width = len(part.truth[0])
    return tuple(numbers[i : i + width] for i in range(0, len(numbers), width))
