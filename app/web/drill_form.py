"""The form of a blueprint: its fields, what was typed in them, and back. The query of a shared drill has the same fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from app.edge.languages import Language
from app.errors import CrossdrillError, FieldError, InvalidInputError, UnsatisfiableBlueprintError
from app.services.blueprints import Blueprint
from app.services.drill_presets import PRESETS
from app.storage.drills import DrillRow
from app.web.drill_terms import family_title, listed
from app.web.forms import Form
from app.web.words import say
from quiz_bank.registry import FAMILIES
from quiz_bank.topics import topic_title

Typed = Mapping[str, list[str]]
Fields = tuple[tuple[str, str], ...]
"""The fields of a form that starts something, each with its value."""

MOST_PROBLEMS: Final = 100
MINUTES: Final = (0.5, 240.0)
MOST_TRIES: Final = 10
LEVELS: Final = range(1, 10)
LONGEST_SEED: Final = 100

# A list has a field for each of its items, which is named after one of them.
_FIELDS: Final = {"topics": "topic", "families": "family", "levels": "level"}
_WORDS: Final = {"tool": ("any", "mental", "calculator"), "feedback": ("at-once", "at-end")}
_SWITCHES: Final = ("hints", "pause", "interview", "missed_only", "reviews")

# In the order in which a plan looks at them: what empties it does so together with those before.
_CONDITIONS: Final = ("families", "topics", "levels", "tool", "minutes")


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic with the families in it, each by its slug and title."""

    slug: str
    title: str
    families: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BlueprintForm:
    """What `_blueprint.html` is rendered with: what stands in the fields, and what is to be said of them by their names."""

    topics: tuple[TopicChoice, ...]
    levels: tuple[int, ...]
    typed: Typed
    complaints: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what stands in a field."""
        return self.typed.get(name, [""])[-1]

    def has(self, name: str, value: str) -> bool:
        """Whether a value is chosen, among others or alone."""
        return value in self.typed.get(name, [])

    def chosen(self, topic: TopicChoice) -> int:
        """Return how many families of a topic are chosen one by one."""
        return sum(self.has("family", slug) for slug, _ in topic.families)


def blueprint_form(language: Language, typed: Typed, complaints: Mapping[str, str] | None = None) -> BlueprintForm:
    """Return the form with what was typed in it and what is wrong with that."""
    return BlueprintForm(_topics(language), _levels(), typed, complaints or {})


@cache
def _topics(language: Language) -> tuple[TopicChoice, ...]:
    families: dict[str, list[tuple[str, str]]] = {}
    for slug, its_family in FAMILIES.items():
        families.setdefault(its_family.topic, []).append((slug, family_title(slug, language)))
    return tuple(TopicChoice(topic, topic_title(topic, language), tuple(each)) for topic, each in families.items())


@cache
def _levels() -> tuple[int, ...]:
    return tuple(sorted({level for its_family in FAMILIES.values() for level in its_family.levels}))


def typed_of(blueprint: Blueprint) -> dict[str, list[str]]:
    """Return what stands in the fields for a blueprint."""
    return {_FIELDS.get(each.name, each.name): _typed(getattr(blueprint, each.name)) for each in fields(blueprint)}


def _typed(value: object) -> list[str]:
    if isinstance(value, tuple):
        return [str(item) for item in value] or [""]
    if isinstance(value, bool):
        return ["on" if value else "off"]
    return [f"{value:g}" if isinstance(value, float) else str(value)] if value is not None else [""]


def shared_at(drill: DrillRow, blueprint: Blueprint, base: str) -> str:
    """Return the whole address where others start the same drill; empty where there is none.

    What one has missed is nobody else's, a room has a link of its own, and a drill that tells at its end keeps what it asks.
    """
    hidden = blueprint.feedback == "at-end" and drill.state != "finished"
    if drill.seed is None or drill.room_id is not None or blueprint.missed_only or hidden:
        return ""
    return f"{base}drills/new?{query_of(drill, blueprint)}"


def query_of(drill: DrillRow, blueprint: Blueprint) -> str:
    """Return the query of the address where others start the same drill: its preset, what differs from it, and its seed."""
    preset = drill.preset if drill.preset in PRESETS else None
    base = typed_of(Blueprint() if preset is None else PRESETS[preset].blueprint)
    differing = {name: values for name, values in typed_of(blueprint).items() if values != base[name]}
    head = {} if preset is None else {"preset": [preset]}
    return urlencode({**head, **differing, "seed": [drill.seed or ""]}, doseq=True)


def fields_of(body: Mapping[str, Any]) -> Fields:
    """Return the fields of a form that asks for what a blueprint of REST asks for, each with its value."""
    named = ((_FIELDS.get(name, name), value) for name, value in body.items())
    return tuple((name, text) for name, value in named for text in _typed(tuple(value) if isinstance(value, list) else value))


def given_of(form: Form, language: Language) -> dict[str, Any]:
    """Return the fields of a blueprint that a form or a query names.

    Raises
    ------
    InvalidInputError
        Something in them is no number, or out of bounds; the pointers are those of REST.
    """
    errors: list[FieldError] = []
    given: dict[str, Any] = {}
    for name, read in _READERS.items():
        if form.has(_FIELDS.get(name, name)):
            try:
                given[name] = read(form, language)
            except ValueError as error:
                errors.append(FieldError(f"/blueprint/{name}", str(error)))
    if errors:
        raise InvalidInputError(errors=tuple(errors))
    return given


def _whole(name: str, most: int) -> Callable[[Form, Language], int | None]:
    def read(form: Form, language: Language) -> int | None:
        number = form.whole(name)
        if not form.text(name):
            return None
        if number is None or not 1 <= number <= most:
            raise ValueError(say(language, "Give a whole number from 1 to %(most)s, or leave it empty.", most=most))
        return number

    return read


def _minutes(form: Form, language: Language) -> float | None:
    if not form.text("minutes"):
        return None
    least, most = MINUTES
    try:
        minutes = float(form.text("minutes"))
    except ValueError:
        minutes = 0
    if not least <= minutes <= most:
        bounds = {"least": f"{least:g}", "most": f"{most:g}"}
        raise ValueError(say(language, "Give minutes from %(least)s to %(most)s, or leave it empty.", **bounds))
    return minutes


def _names(name: str) -> Callable[[Form, Language], tuple[str, ...]]:
    return lambda form, _: tuple(dict.fromkeys(filter(None, form.all(name))))


def _levels_of(form: Form, language: Language) -> tuple[int, ...]:
    known = {str(level): level for level in LEVELS}
    chosen = _names("level")(form, language)
    if any(level not in known for level in chosen):
        raise ValueError(say(language, "There is no such level."))
    return tuple(known[level] for level in chosen)


def _word(name: str) -> Callable[[Form, Language], str]:
    def read(form: Form, language: Language) -> str:
        if form.text(name) not in _WORDS[name]:
            raise ValueError(say(language, "Choose one of these."))
        return form.text(name)

    return read


def _switch(name: str) -> Callable[[Form, Language], bool]:
    return lambda form, _: form.text(name) == "on"


_READERS: Final[dict[str, Callable[[Form, Language], Any]]] = {
    "length": _whole("length", MOST_PROBLEMS),
    "minutes": _minutes,
    "topics": _names("topic"),
    "families": _names("family"),
    "levels": _levels_of,
    **{name: _word(name) for name in _WORDS},
    "tries": _whole("tries", MOST_TRIES),
    **{name: _switch(name) for name in _SWITCHES},
    "last": lambda form, _: form.text("last") or None,
}


def complaints_of(error: CrossdrillError, given: Mapping[str, Any], language: Language) -> dict[str, str]:
    """Return what is wrong, by the field of a blueprint; `preset` stands for what is in none of them."""
    found: dict[str, str] = {}
    for each in error.errors:
        name = _name_of(each.pointer)
        emptied = isinstance(error, UnsatisfiableBlueprintError) and name in _CONDITIONS
        found[name] = _emptied(name, given, language) if emptied else each.detail
    return found


def _name_of(pointer: str) -> str:
    _, first, *rest = pointer.split("/")
    return rest[0] if first == "blueprint" and rest else "preset"


def _emptied(name: str, given: Mapping[str, Any], language: Language) -> str:
    others = list(_asked_before(name, given, language))
    if not others:
        return say(language, "No problem meets this.")
    return say(language, "No problem meets this together with: %(others)s.", others=listed(others, language))


def _asked_before(name: str, given: Mapping[str, Any], language: Language) -> Iterator[str]:
    labels = {
        "families": say(language, "families"),
        "topics": say(language, "topics"),
        "levels": say(language, "levels"),
        "tool": say(language, "tool"),
    }
    for other in _CONDITIONS[: _CONDITIONS.index(name)]:
        if given.get(other) not in {None, (), "any"}:
            yield labels[other]
