"""The catalogue: every family of problems, to find, to read about and to start."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.edge.languages import Language
from app.errors import InvalidInputError
from app.services.catalogue import matching
from app.services.problems import Wish, find_family, pose, topics
from app.services.progress import FamilyProgress, progress
from app.web.bank_words import preset_label
from app.web.forms import Form
from app.web.mistakes import Mistake, named_mistake
from app.web.own_numbers import (
    NOTHING_TYPED,
    OwnNumbers,
    Typed,
    numbers_shown,
    own_numbers,
    parameters_of,
    takes_own_numbers,
    typed_in,
)
from app.web.pages import Page, To, act, look
from app.web.practise import to_problem
from app.web.visits import Visitor
from app.web.words import say
from quiz_bank import rendering
from quiz_bank.problem import Family
from quiz_bank.registry import FAMILIES
from quiz_bank.topics import topic_title
from quiz_bank.variants import build

router = APIRouter(include_in_schema=False)

LONGEST_SEARCH: Final = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A family as it is listed; `progress` is None where it was never met."""

    family: Family[Any]
    title: str
    progress: FamilyProgress | None

    @property
    def seconds(self) -> tuple[int, int]:
        """The time that an interviewer would give, at the easiest and at the hardest level."""
        all_of_them = [level.seconds for level in self.family.levels.values()]
        return min(all_of_them), max(all_of_them)


@dataclass(frozen=True, slots=True)
class Group:
    """A topic and those of its families that were asked for."""

    topic: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: words, a level and a kind of answer, each empty where it doesn't matter."""

    words: str = ""
    level: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """What `families.html` is rendered with; `kinds` are the kinds of answers by what they are called."""

    search: Search
    groups: tuple[Group, ...]
    found: int
    levels: tuple[int, ...]
    kinds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Preset:
    """A known question: what it is called, and its numbers, parameter by parameter; none where it isn't made of numbers."""

    name: str
    label: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """What `family.html` is rendered with; formula and example are Markdown. `own` is None where own numbers make no sense."""

    entry: Entry
    topic_title: str
    formula: str
    example: str
    presets: tuple[Preset, ...]
    own: OwnNumbers | None
    mistakes: tuple[Mistake, ...]


def kinds(language: Language) -> dict[str, str]:
    """Return what the kinds of answers are called."""
    return {
        "number": say(language, "a number"),
        "vector": say(language, "a vector"),
        "matrix": say(language, "a matrix"),
        "choice": say(language, "one of several options"),
        "multi_select": say(language, "all options that apply"),
        "ordering": say(language, "options in order"),
        "matching": say(language, "pairs"),
        "rubric": say(language, "your own words"),
    }


def met_by(connection: Connection, visitor: Visitor, now: datetime) -> dict[str, FamilyProgress]:
    """Return how a visitor gets on in each family that they have met."""
    if not visitor.is_somebody:
        return {}
    found = progress(connection, visitor.caller.id, now, language=visitor.language)
    return {known.family: known for known in found.families}


@router.get("/families")
async def catalogue(request: Request, q: str = "", level: str = "", kind: str = "") -> Response:
    """List the families by topic; those that a search finds, where there is one."""
    now = context_of(request).clock()
    search = Search(q[:LONGEST_SEARCH].strip(), level[:1], kind[:LONGEST_SEARCH])

    def work(connection: Connection, visitor: Visitor) -> Page:
        return Page("families.html", catalogue_page(search, met_by(connection, visitor, now), visitor.language))

    return await look(request, work, anyone=True)


def catalogue_page(search: Search, met: Mapping[str, FamilyProgress], language: Language) -> CataloguePage:
    """Return what a search finds; a level or kind that there isn't counts as not chosen."""
    levels = tuple(sorted({level for family in FAMILIES.values() for level in family.levels}))
    names = kinds(language)
    found = matching(
        language,
        words=search.words,
        level=int(search.level) if search.level in map(str, levels) else None,
        kind=search.kind if search.kind in names else None,
    )
    return CataloguePage(search, tuple(groups(found, met, language)), len(found), levels, names)


def groups(found: Iterable[Family[Any]], met: Mapping[str, FamilyProgress], language: Language) -> Iterable[Group]:
    """Yield families by topic, in the bank's order."""
    entries = [Entry(family, rendering.title(family, language), met.get(family.slug)) for family in found]
    for topic in topics():
        own = tuple(entry for entry in entries if entry.family.topic == topic)
        if own:
            yield Group(topic, topic_title(topic, language), own)


@router.get("/families/{slug}")
async def show_family(request: Request, slug: str) -> Response:
    """Show what a family is about, and the ways to start it."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor) -> Page:
        family = find_family(slug)
        return Page("family.html", family_page(family, met_by(connection, visitor, now), visitor.language))

    return await look(request, work, anyone=True)


def family_page(
    family: Family[Any], met: Mapping[str, FamilyProgress], language: Language, typed: Typed = NOTHING_TYPED
) -> FamilyPage:
    """Return what is shown of a family, with its simplest problem as an example, and what was typed as own numbers."""
    simplest = min(family.levels)
    example = build(family, simplest, family.fallbacks[simplest])
    return FamilyPage(
        entry=Entry(family, rendering.title(family, language), met.get(family.slug)),
        topic_title=topic_title(family.topic, language),
        formula=rendering.formula(family, language).markdown,
        example=rendering.prompt(example, language).markdown,
        presets=tuple(_presets(family, language)),
        own=own_numbers(family, language, typed),
        mistakes=tuple(_mistakes(family, language)),
    )


def _presets(family: Family[Any], language: Language) -> Iterable[Preset]:
    for name, parameters in family.presets.items():
        numbers = numbers_shown(parameters) if takes_own_numbers(family) else ()
        yield Preset(name, preset_label(name, language), numbers)


def _mistakes(family: Family[Any], language: Language) -> Iterable[Mistake]:
    """Return the mistakes that a family recognises; several codes that one paragraph mends are one mistake."""
    named = (named_mistake(code, family.slug, language) for code in family.misconception_codes)
    return dict.fromkeys(named)


@router.post("/families/{slug}")
async def start(request: Request, slug: str) -> Response:
    """Set a problem of a family: of the level or the preset that was chosen, of own numbers, or one that fits.

    Numbers that make no problem are shown again with what is wrong with them.
    """
    context = context_of(request)
    now, new_seed = context.clock(), secrets.token_hex(8)

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        family, language = find_family(slug), visitor.language
        values = typed_in(form, family)
        own = parameters_of(values, family) if form.has("own") else None
        wish = Wish(language, slug, level=form.whole("level"), preset=form.text("preset") or None, parameters=own)
        try:
            row = pose(connection, context.shelf, visitor.caller.id, wish, now=now, new_seed=new_seed)
        except InvalidInputError as error:
            if own is None:
                raise
            met = met_by(connection, visitor, now)
            return Page("family.html", family_page(family, met, language, Typed(values, error.errors)), 422)
        return to_problem(row.id)

    return await act(request, work)
