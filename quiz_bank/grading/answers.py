"""From what was sent to what was read: one text for each component, or the list of all fields that can't be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quiz_bank.grading.choices import read_choice
from quiz_bank.grading.errors import AnswerError, UnreadableAnswersError, pointer_of
from quiz_bank.grading.read import Reading, UnreadableError, read
from quiz_bank.problem import ChoicePart, Codes, Part, Unit, shape


@dataclass(frozen=True, slots=True)
class Answers:
    """What was read: the numbers of each numeric part in reading order, and the picks of each part with options."""

    readings: Mapping[str, tuple[Reading, ...]]
    picks: Mapping[str, Codes]


def read_answers(parts: tuple[Part | ChoicePart, ...], answers: Mapping[str, object]) -> Answers:
    """Return what was read of each part; raises UnreadableAnswersError with all that is wrong at once."""
    names = [part.name for part in parts]
    errors = [
        AnswerError(pointer_of(name), "unknown-part", values={"name": name, "known": ", ".join(names)})
        for name in answers
        if name not in names
    ]
    errors += [AnswerError(pointer_of(name), "missing-part", values={"name": name}) for name in names if name not in answers]
    given = [part for part in parts if part.name in answers]
    readings = {part.name: tuple(_numbers(part, answers, errors)) for part in given if isinstance(part, Part)}
    picks = {part.name: read_choice(part, answers[part.name], errors) for part in given if isinstance(part, ChoicePart)}
    if errors:
        raise UnreadableAnswersError(tuple(errors))
    return Answers(readings, picks)


def _numbers(part: Part, answers: Mapping[str, object], errors: list[AnswerError]) -> Iterator[Reading]:
    pointer = pointer_of(part.name)
    units: set[Unit | None] = set()
    for at, leaf in _leaves(answers[part.name], shape(part.truth), pointer, errors):
        if isinstance(leaf, bool) or not isinstance(leaf, str | int | float):
            errors.append(AnswerError(at, "number-expected"))
            continue
        try:
            reading = read(text_of(leaf), unit_allowed=part.unit is not None, nan_allowed=part.spec.special)
        except UnreadableError as error:
            errors.append(AnswerError(at, error.code, error.position, cause=error))
            continue
        units.add(reading.unit)
        if part.spec.unit_fixed and reading.unit not in (None, part.unit):
            errors.append(AnswerError(at, "unit-fixed", values={"unit": part.unit}))
        yield reading
    if len(units) > 1:  # is a component without a unit in the others' unit or in the part's own? Nobody should guess
        errors.append(AnswerError(pointer, "mixed-units"))


def _leaves(answer: object, expected: tuple[int, ...], pointer: str, errors: list[AnswerError]) -> Iterator[tuple[str, object]]:
    if not expected:
        yield pointer, answer
        return
    length, *inner = expected
    if inner and not (isinstance(answer, list | tuple) and len(answer) == length):
        errors.append(AnswerError(pointer, "rows-expected", values={"length": length, "columns": inner[0]}))
    elif not isinstance(answer, list | tuple):
        errors.append(AnswerError(pointer, "list-expected", values={"length": length}))
    elif len(answer) != length:
        errors.append(AnswerError(pointer, "list-length", values={"length": length, "found": len(answer)}))
    else:
        for i, item in enumerate(answer):
            yield from _leaves(item, tuple(inner), f"{pointer}/{i}", errors)


def text_of(leaf: str | float) -> str:
    """Return a leaf as text: a JSON number stands for its shortest text, 0.360 for `0.36`."""
    return leaf if isinstance(leaf, str) else repr(leaf)
