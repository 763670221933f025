"""From what was sent to what was read: one text for each component, or the list of all fields that can't be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import NamedTuple

from quiz_bank.grading.choices import read_choice
from quiz_bank.grading.errors import AnswerError, UnreadableAnswersError, pointer_of
from quiz_bank.grading.read import Reading, UnreadableError, read, read_decimal
from quiz_bank.problem import ChoicePart, Codes, Part, shape


class Answers(NamedTuple):
    """What was read: the numbers of each numeric part in reading order, and the picks of each part with options."""

    readings: Mapping[str, tuple[Reading, ...]]
    picks: Mapping[str, Codes]


def read_answers(parts: tuple[Part | ChoicePart, ...], answers: Mapping[str, object]) -> Answers:
    """Return what was read of each part; raises UnreadableAnswersError with all that is wrong at once."""
    errors: list[AnswerError] = []
    readings: dict[str, tuple[Reading, ...]] = {}
    picks: dict[str, Codes] = {}
    for part in parts:
        name = part.spec.name
        if name not in answers:
            continue
        if isinstance(part, Part):
            readings[name] = _numbers(part, answers[name], errors)
        else:
            picks[name] = read_choice(part, answers[name], errors)
    if not len(readings) + len(picks) == len(parts) == len(answers):
        errors = _misnamed([part.name for part in parts], answers) + errors
    if errors:
        raise UnreadableAnswersError(tuple(errors))
    return Answers(readings, picks)


def _misnamed(names: list[str], answers: Mapping[str, object]) -> list[AnswerError]:
    """Return what is answered and not asked, and what is asked and not answered."""
    known = ", ".join(names)
    unknown = [name for name in answers if name not in names]
    errors = [AnswerError(pointer_of(name), "unknown-part", values={"name": name, "known": known}) for name in unknown]
    missing = [name for name in names if name not in answers]
    return errors + [AnswerError(pointer_of(name), "missing-part", values={"name": name}) for name in missing]


def _numbers(part: Part, answer: object, errors: list[AnswerError]) -> tuple[Reading, ...]:
    expected = shape(part.truth)
    if (decimals := _decimals(answer, expected)) is not None:
        return decimals
    leaves = _leaves(part, "", answer, expected, errors) if expected else (("", answer),)
    readings = tuple(reading for at, leaf in leaves if (reading := _number(part, at, leaf, errors)) is not None)
    if len(readings) > 1 and len({reading.unit for reading in readings}) > 1:
        # Is a component without a unit in the others' unit or in the part's own? Nobody should guess.
        errors.append(_error(part, "", "mixed-units"))
    return readings


def _decimals(answer: object, expected: tuple[int, ...]) -> tuple[Reading, ...] | None:
    """Return what was read of an answer whose every component is a plain decimal; None for any other."""
    if not expected:
        only = read_decimal(answer)
        return None if only is None else (only,)
    if not isinstance(answer, list) or len(answer) != expected[0]:
        return None
    readings: list[Reading] = []
    for item in answer:
        if len(expected) > 1:
            readings.extend(_decimals(item, expected[1:]) or ())
        elif (reading := read_decimal(item)) is not None:
            readings.append(reading)
    return tuple(readings) if len(readings) == prod(expected) else None


def _number(part: Part, at: str, leaf: object, errors: list[AnswerError]) -> Reading | None:
    """Read the component at a place within the part's answer, or note why it can't be read."""
    if isinstance(leaf, bool) or not isinstance(leaf, (str, int, float)):
        errors.append(_error(part, at, "number-expected"))
        return None
    try:
        reading = read(text_of(leaf), unit_allowed=part.unit is not None, nan_allowed=part.spec.special)
    except UnreadableError as error:
        errors.append(AnswerError(pointer_of(part.name) + at, error.code, error.position, cause=error))
        return None
    if part.spec.unit_fixed and reading.unit not in (None, part.unit):
        errors.append(_error(part, at, "unit-fixed", unit=part.unit))
    return reading


def _error(part: Part, at: str, code: str, **values: object) -> AnswerError:
    return AnswerError(pointer_of(part.name) + at, code, values=values)


def _leaves(
    part: Part, at: str, answer: object, expected: tuple[int, ...], errors: list[AnswerError]
) -> Iterator[tuple[str, object]]:
    """Yield each component of a vector or matrix with its place, as far as the answer has the expected shape."""
    length, *inner = expected
    if inner and not (isinstance(answer, list | tuple) and len(answer) == length):
        errors.append(_error(part, at, "rows-expected", length=length, columns=inner[0]))
    elif not isinstance(answer, list | tuple):
        errors.append(_error(part, at, "list-expected", length=length))
    elif len(answer) != length:
        errors.append(_error(part, at, "list-length", length=length, found=len(answer)))
    elif inner:
        for i, item in enumerate(answer):
            yield from _leaves(part, f"{at}/{i}", item, tuple(inner), errors)
    else:
        yield from ((f"{at}/{i}", item) for i, item in enumerate(answer))


def text_of(leaf: str | float) -> str:
    """Return a leaf as text: a JSON number stands for its shortest text, 0.360 for `0.36`."""
    return leaf if isinstance(leaf, str) else repr(leaf)
