"""The fields of an answer, one for each component, and back from what was typed in them to an answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from app.errors import FieldError
from app.services.shown import shown
from app.storage.problems import ProblemRow
from app.web.words import say
from quiz_bank.grading.choices import MOST_PROSE_CHARACTERS
from quiz_bank.problem import ChoicePart, Language, Part, PartVerdict, Variant, shape
from quiz_bank.rendering import unit_name

Typed = Mapping[str, list[str]]
"""What stands in the fields, by their names."""

PICKED: Final = frozenset({"choice", "multi_select", "rubric"})
"""The kinds of questions that are answered by ticking, not by filling in."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `label` is what screen readers say of it, `marked` what was typed before, at and after the place at fault."""

    name: str
    label: str
    value: str = ""
    complaint: str = ""
    marked: tuple[str, str, str] | None = None
    focus: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """Something to pick, by its letter; `text` is Markdown."""

    letter: str
    text: str
    picked: bool = False


@dataclass(frozen=True, slots=True)
class PartFields:
    """One question of a problem with its fields.

    Numbers, orderings and matchings have `rows` of fields; a matching pairs its `items`, Markdown, with the options. The
    points of a rubric come with `prose`, the learner's own words.
    """

    name: str
    label: str
    kind: str
    unit: str = ""
    rows: tuple[tuple[Field, ...], ...] = ()
    options: tuple[Option, ...] = ()
    items: tuple[str, ...] = ()
    prose: Field | None = None
    complaint: str = ""
    focus: bool = False


Need: TypeAlias = Callable[[PartFields, Field | None], bool]


def asked(row: ProblemRow, variant: Variant[Any], language: Language) -> dict[str, Any]:
    """Return the prompt and the parts as they were shown when the problem was set; in another language, as they read there."""
    if row.language != language:
        return shown(variant, language)
    stored: dict[str, Any] = json.loads(row.shown)
    return stored


def part_fields(
    parts: Iterable[Mapping[str, Any]], typed: Typed, language: Language, errors: tuple[FieldError, ...] = ()
) -> tuple[PartFields, ...]:
    """Return the fields of all parts as `asked` has them, with what was typed in them and what is to be said of it.

    The first field at fault has the focus, else the first that is empty, else the first.
    """
    complaints = {error.pointer: error for error in errors}
    made = tuple(_part(part, typed, complaints, language) for part in parts)
    return _with_focus(made, at_fault=bool(complaints))


def _part(part: Mapping[str, Any], typed: Typed, complaints: Mapping[str, FieldError], language: Language) -> PartFields:
    name, kind, said = part["name"], part["kind"], complaints.get(_pointer(part["name"]))
    picked = typed.get(name, [])
    options = tuple(Option(o["letter"], o["text"]["markdown"], o["letter"] in picked) for o in part.get("options") or ())
    rows = tuple(tuple(_field(field, typed, complaints) for field in row) for row in _rows(part, len(options), language))
    own_words = say(language, "In your own words")
    return PartFields(
        name,
        part["label"],
        kind,
        unit_name(part["unit"], language) if part["unit"] else "",
        rows,
        options,
        tuple(item["markdown"] for item in part.get("items") or ()),
        Field(f"{name}.text", own_words, "".join(typed.get(f"{name}.text", []))) if kind == "rubric" else None,
        _complaint(kind, said, language) if said and kind != "number" else "",
    )


def _pointer(name: str) -> str:
    return "/answers/" + name.replace(".", "/")


def _complaint(kind: str, said: FieldError, language: Language) -> str:
    """Return what is said of a whole part; of options in the words of boxes and lists, for nobody types letters here."""
    return {
        "choice": say(language, "Choose one of the options."),
        "multi_select": say(language, "Tick at least one option."),
        "ordering": say(language, "Give every step its place: each letter once."),
        "matching": say(language, "Choose a letter for every item."),
        "rubric": say(language, "Keep your own words under %(most)s characters.", most=MOST_PROSE_CHARACTERS),
    }.get(kind, said.detail)


def _rows(part: Mapping[str, Any], options: int, language: Language) -> list[list[Field]]:
    """Return the empty fields of a part, with their labels."""
    name, label, kind = part["name"], part["label"], part["kind"]
    if kind in PICKED:
        return []
    if kind in {"ordering", "matching"}:
        count = options if kind == "ordering" else len(part["items"])
        word = say(language, "place") if kind == "ordering" else say(language, "item")
        return [[Field(f"{name}.{i}", f"{label}: {word} {i + 1}") for i in range(count)]]
    match part["shape"]:
        case [length]:
            of = [say(language, "%(label)s, %(place)s of %(all)s", label=label, place=i + 1, all=length) for i in range(length)]
            return [[Field(f"{name}.{i}", text) for i, text in enumerate(of)]]
        case [height, width]:
            return [[_entry(name, label, i, j, language) for j in range(width)] for i in range(height)]
    return [[Field(name, label)]]


def _entry(name: str, label: str, row: int, column: int, language: Language) -> Field:
    place = say(language, "%(label)s, row %(row)s, column %(column)s", label=label, row=row + 1, column=column + 1)
    return Field(f"{name}.{row}.{column}", place)


def _field(field: Field, typed: Typed, complaints: Mapping[str, FieldError]) -> Field:
    value = "".join(typed.get(field.name, []))
    said = complaints.get(_pointer(field.name))
    if said is None:
        return replace(field, value=value)
    at = said.position
    marked = None if at is None or not value else (value[:at], value[at : at + 1], value[at + 1 :])
    return replace(field, value=value, complaint=said.detail, marked=marked)


def _with_focus(parts: tuple[PartFields, ...], *, at_fault: bool) -> tuple[PartFields, ...]:
    """Return the parts with the first field in focus that needs somebody's attention."""
    wanted: tuple[Need, ...] = ((_is_at_fault if at_fault else _is_empty), lambda *_: True)
    for needs in wanted:
        for i, part in enumerate(parts):
            new = _focused(part, needs)
            if new is not None:
                return (*parts[:i], new, *parts[i + 1 :])
    return parts


def _is_at_fault(part: PartFields, field: Field | None) -> bool:
    return bool(part.complaint or (field and field.complaint))


def _is_empty(part: PartFields, field: Field | None) -> bool:
    return not field.value if field else not any(option.picked for option in part.options)


def _focused(part: PartFields, needs: Need) -> PartFields | None:
    """Return the part with the first of its fields in focus that `needs` it, or the part itself where options are ticked."""
    if part.kind in PICKED:
        return replace(part, focus=True) if needs(part, None) else None
    for i, row in enumerate(part.rows):
        for j, field in enumerate(row):
            if needs(part, field):
                new = (*row[:j], replace(field, focus=True), *row[j + 1 :])
                return replace(part, rows=(*part.rows[:i], new, *part.rows[i + 1 :]))
    return None


def answers_of(variant: Variant[Any], typed: Typed) -> dict[str, object]:
    """Return what was typed as an answer to all parts, in the shape in which each is judged."""
    return {part.name: _answer(part, typed) for part in variant.parts}


def _answer(part: Part | ChoicePart, typed: Typed) -> object:
    name = part.name

    def text(field: str) -> str:
        return "".join(typed.get(field, []))

    if isinstance(part, ChoicePart):
        match part.spec.kind:
            case "ordering":
                return [text(f"{name}.{i}") for i in range(len(part.options))]
            case "matching":
                return [text(f"{name}.{i}") for i in range(len(part.items))]
            case "rubric":
                return {"text": text(f"{name}.text"), "points": list(typed.get(name, []))}
        return list(typed.get(name, []))
    match shape(part.truth):
        case (length,):
            return [text(f"{name}.{i}") for i in range(length)]
        case (height, width):
            return [[text(f"{name}.{i}.{j}") for j in range(width)] for i in range(height)]
    return text(name)


def typed_of(variant: Variant[Any], verdicts: Iterable[PartVerdict]) -> dict[str, list[str]]:
    """Return what stood in the fields when an answer was sent, whichever way it came."""
    typed: dict[str, list[str]] = {}
    for verdict in verdicts:
        part = variant.part(verdict.name)
        if isinstance(part, Part):
            typed |= _flat(verdict.name, verdict.submitted)
        else:
            typed |= _picks(part, verdict)
    return typed


def _flat(name: str, submitted: object) -> dict[str, list[str]]:
    if isinstance(submitted, list | tuple):
        fields = (_flat(f"{name}.{i}", item) for i, item in enumerate(submitted))
        return {key: value for each in fields for key, value in each.items()}
    return {name: [submitted if isinstance(submitted, str) else repr(submitted)]}


def _picks(part: ChoicePart, verdict: PartVerdict) -> dict[str, list[str]]:
    letter_of = {code: letter for letter, code in part.letters.items()}
    letters = [letter_of.get(str(code), "") for code in verdict.read_as] if isinstance(verdict.read_as, tuple) else []
    if part.spec.kind in {"ordering", "matching"}:
        return {f"{part.name}.{i}": [letter] for i, letter in enumerate(letters)}
    own_words = verdict.submitted.get("text", "") if isinstance(verdict.submitted, Mapping) else ""
    return {part.name: letters, f"{part.name}.text": [own_words]}
