"""A problem with one's own numbers: a field for each parameter of a family, and what was typed into them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.errors import FieldError
from app.web.bank_words import parameter_label
from app.web.forms import Form
from app.web.words import say
from quiz_bank.parameters import schema, show_parameters
from quiz_bank.problem import UNIT_OF_BASE, Family, Language

Shape = Literal["number", "list", "rows", "choice"]

LONGEST_TYPED: Final = 2000
_BETWEEN: Final = re.compile(r"[\s,;，、；\[\]()]+")
_BELOW: Final = "/parameters"


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of the form: what it is called and takes, what stands in it, and what is wrong with that."""

    parameter: str
    label: str
    shape: Shape
    value: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    complaint: str = ""

    @property
    def name(self) -> str:
        """The name of the field in its form."""
        return field_name(self.parameter)


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """The form; `complaint` is what is wrong with the numbers together."""

    fields: tuple[OwnField, ...]
    complaint: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether something is wrong with what was typed."""
        return bool(self.complaint) or any(each.complaint for each in self.fields)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, by parameter, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()


NOTHING_TYPED: Final = Typed()


def field_name(parameter: str) -> str:
    """Return the name of a parameter's field."""
    return f"own-{parameter}"


def takes_own_numbers(family: Family[Any]) -> bool:
    """Whether a family's problems are made of numbers alone, and not of codes for what the options say."""
    shapes = [_shape(each) for each in _properties(family).values()]
    return None not in shapes and shapes != ["choice"]


def own_numbers(family: Family[Any], language: Language, typed: Typed) -> OwnNumbers | None:
    """Return the form with what was typed, or else with the numbers of the simplest problem; None where there is none."""
    if not takes_own_numbers(family):
        return None
    simplest = show_parameters(family.fallbacks[min(family.levels)])
    required: Any = schema(family.parameters)["required"]
    places = [_placed(error, family, language) for error in typed.errors]

    def made(name: str, its_schema: Mapping[str, Any]) -> OwnField:
        value = typed.values[name] if name in typed.values else _written(simplest[name])
        complaint = next((text for place, text in places if place == name), "")
        label, shape = parameter_label(name, language), _shape(its_schema) or "number"
        return OwnField(name, label, shape, value, name in required, _options(name, its_schema, language), complaint)

    fields = tuple(made(*each) for each in _properties(family).items())
    names = {each.parameter for each in fields}
    return OwnNumbers(fields, next((text for place, text in places if place not in names), ""))


def numbers_shown(parameters: object) -> tuple[str, ...]:
    """Return parameters as they are read, one by one; the natural logarithm goes without saying."""
    shown = {name: value for name, value in show_parameters(parameters).items() if (name, value) != ("log_base", "e")}
    return tuple(f"{name} = {_written(value)}".replace("\n", " | ") for name, value in shown.items())


def typed_in(form: Form, family: Family[Any]) -> dict[str, str]:
    """Return what was typed into the fields that were sent, by parameter."""
    return {name: form.text(field_name(name))[:LONGEST_TYPED] for name in _properties(family) if form.has(field_name(name))}


def parameters_of(values: Mapping[str, str], family: Family[Any]) -> dict[str, object]:
    """Return typed values as the bank takes them; what was left empty isn't there."""
    properties = _properties(family)
    return {name: _read(value, _shape(properties[name])) for name, value in values.items() if value}


def _properties(family: Family[Any]) -> Mapping[str, Mapping[str, Any]]:
    properties: Any = schema(family.parameters)["properties"]
    return properties if isinstance(properties, dict) else {}


def _shape(its_schema: Mapping[str, Any]) -> Shape | None:
    """Return how a parameter is typed; None for what isn't made of numbers."""
    if "enum" in its_schema:
        return "choice"
    if its_schema.get("type") == "array":
        inside = _shape(its_schema["items"])
        return "rows" if inside == "list" else "list" if inside in ("number", "choice") else None
    return "number" if "anyOf" in its_schema or its_schema.get("type") == "integer" else None


def _options(name: str, its_schema: Mapping[str, Any], language: Language) -> tuple[tuple[str, str], ...]:
    """Return the values that may be chosen, each with what it is called."""
    units = {
        "nats": say(language, "e: in nats"),
        "bits": say(language, "2: in bits"),
        "dits": say(language, "10: in dits"),
    }
    bases = {base: units[unit] for base, unit in UNIT_OF_BASE.items()} if name.endswith("_base") else {}
    return tuple((str(each), bases.get(each, str(each))) for each in its_schema.get("enum", ()))


def _written(value: object) -> str:
    """Return a parameter as it stands in its field."""
    if not isinstance(value, list):
        return "" if value is None else str(value)
    rows = [", ".join(map(str, each)) if isinstance(each, list) else "" for each in value]
    return "\n".join(rows) if any(rows) else ", ".join(map(str, value))


def _read(value: str, shape: Shape | None) -> object:
    if shape == "rows":
        return [_numbers(row) for row in value.splitlines() if row.strip()]
    return _numbers(value) if shape == "list" else value


def _numbers(text: str) -> list[str]:
    return [each for each in _BETWEEN.split(text) if each]


def _placed(error: FieldError, family: Family[Any], language: Language) -> tuple[str, str]:
    """Return the parameter of a complaint, empty for all together, and the complaint with the place of what it is about."""
    name, *steps = error.pointer.removeprefix(_BELOW).removeprefix("/").split("/")
    places = [int(step) + 1 for step in steps if step.isdigit()]
    in_rows = _shape(_properties(family).get(name, {})) == "rows"
    if not places:
        return name, error.detail
    if not in_rows:
        return name, say(language, "Number %(number)s: %(what)s", number=places[0], what=error.detail)
    if len(places) == 1:
        return name, say(language, "Row %(row)s: %(what)s", row=places[0], what=error.detail)
    return name, say(language, "Row %(row)s, number %(number)s: %(what)s", row=places[0], number=places[1], what=error.detail)
