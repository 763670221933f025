"""From what was sent to what was read: one text for each component, or the list of all fields that can't be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from quiz_bank.grading.read import Reading, UnreadableError, read
from quiz_bank.grading.unreadable import explain
from quiz_bank.problem import Language, Part, Unit, shape
from quiz_bank.texts.templates import common


@dataclass(frozen=True, slots=True)
class AnswerError:
    """One field that is no answer: where it is, why, and at which character where that matters."""

    pointer: str
    code: str
    position: int | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    cause: UnreadableError | None = None

    def detail(self, language: Language) -> str:
        """Return what is wrong and what to do, as one sentence or two."""
        if self.cause is not None:
            return explain(self.cause, language)
        return common(language).render(f"answer {self.code}", self.values)


class UnreadableAnswersError(ValueError):
    """An attempt that can't be judged; `errors` name every field at fault."""

    def __init__(self, errors: tuple[AnswerError, ...]) -> None:
        super().__init__(", ".join(f"{error.pointer}: {error.code}" for error in errors))
        self.errors = errors


def read_answers(parts: tuple[Part, ...], answers: Mapping[str, object]) -> dict[str, tuple[Reading, ...]]:
    """Return the readings of each part, in reading order; raises UnreadableAnswersError with all that is wrong at once."""
    errors = [
        AnswerError(_pointer(name), "unknown-part", values={"name": name, "known": ", ".join(part.name for part in parts)})
        for name in answers
        if name not in {part.name for part in parts}
    ]
    readings = {part.name: tuple(_part(part, answers, errors)) for part in parts}
    if errors:
        raise UnreadableAnswersError(tuple(errors))
    return readings


def _part(part: Part, answers: Mapping[str, object], errors: list[AnswerError]) -> Iterator[Reading]:
    pointer = _pointer(part.name)
    if part.name not in answers:
        errors.append(AnswerError(pointer, "missing-part", values={"name": part.name}))
        return
    units: set[Unit | None] = set()
    for at, leaf in _leaves(answers[part.name], shape(part.truth), pointer, errors):
        if isinstance(leaf, bool) or not isinstance(leaf, str | int | float):
            errors.append(AnswerError(at, "number-expected"))
            continue
        try:
            reading = read(text_of(leaf), unit_allowed=part.unit is not None, nan_allowed=part.spec.nan_possible)
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
    if not isinstance(answer, list | tuple):
        errors.append(AnswerError(pointer, "list-expected", values={"length": length}))
    elif len(answer) != length:
        errors.append(AnswerError(pointer, "list-length", values={"length": length, "found": len(answer)}))
    else:
        for i, item in enumerate(answer):
            yield from _leaves(item, tuple(inner), f"{pointer}/{i}", errors)


def text_of(leaf: str | float) -> str:
    """Return a leaf as text: a JSON number stands for its shortest text, 0.360 for `0.36`."""
    return leaf if isinstance(leaf, str) else repr(leaf)


def _pointer(name: str) -> str:
    return "/answers/" + name.replace("~", "~0").replace("/", "~1")
