"""Opening a room: from a preset, by conditions, with problems chosen one by one, or with those of an earlier room."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, cast
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.edge.languages import Language
from app.errors import InvalidInputError, UnsatisfiableBlueprintError
from app.services import openings, rooms
from app.services.blueprints import Blueprint
from app.services.drill_presets import PRESETS, DrillPreset
from app.services.openings import Decided, RoomWish
from app.services.rooms import CODE_BITS, Choice, Opening
from app.web.drill_form import BlueprintForm, Typed, blueprint_form, complaints_of, given_of, typed_of
from app.web.drill_terms import family_title
from app.web.forms import ONCE, SEAL, Form, form_of
from app.web.pages import Page, To, act, look
from app.web.visits import Visitor, arrived, visit_of
from app.web.words import say
from quiz_bank.registry import FAMILIES
from quiz_bank.topics import topic_title

router = APIRouter(include_in_schema=False)

Way = Literal["preset", "conditions", "problems"]
WAYS: Final = ("preset", "conditions", "problems")

USUAL: Final = "screen-15min"
"""The preset that most interviews begin with."""

RULES: Final = Blueprint(feedback="at-end", hints=False, pause=False)
"""What the form says before anybody has touched it: a room is an interview, more often than not."""

LONGEST_TITLE: Final = 200
MOST_CHOSEN: Final = 20


@dataclass(frozen=True, slots=True)
class Pick:
    """A problem that can be chosen, by what stands for it in forms, and what it is called."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class NewRoomPage:
    """What `room_new.html` is rendered with: `picks` by topic, and of those what is `chosen` so far, in its order."""

    way: Way
    form: BlueprintForm
    presets: tuple[DrillPreset, ...]
    picks: tuple[tuple[str, tuple[Pick, ...]], ...]
    chosen: tuple[Pick, ...]

    @property
    def is_full(self) -> bool:
        """Whether no more problems can be chosen."""
        return len(self.chosen) >= MOST_CHOSEN


@dataclass(frozen=True, slots=True)
class Refused:
    """What is wrong with what was asked for, by its field."""

    complaints: Mapping[str, str]


@router.get("/rooms/new")
async def new_room(request: Request) -> Response:
    """Ask what a room is to be opened with; what was chosen so far stands in the address."""
    query = {name: request.query_params.getlist(name) for name in request.query_params}

    def work(connection: Connection, visitor: Visitor) -> Page:
        visitor.caller.require("coach")
        return Page("room_new.html", _page(Form(query), visitor.language))

    return await look(request, work)


@router.post("/rooms/new")
async def choose(request: Request) -> Response:
    """Add a problem to those that are chosen, or take one away."""

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        visitor.caller.require("coach")
        kept = {name: values for name, values in form.fields.items() if name not in {SEAL, ONCE, "add", "remove", "problem"}}
        return To(f"/rooms/new?{urlencode({**kept, 'problem': _changed(form)}, doseq=True)}#chosen")

    return await act(request, work)


def _changed(form: Form) -> list[str]:
    """Return what is chosen once a button was pressed: by its place in the list to remove, without a place to add."""
    chosen, place = form.all("problem"), form.whole("remove")
    if place is not None:
        return [value for index, value in enumerate(chosen) if index != place]
    return [*chosen, form.text("add")] if form.text("add") else chosen


@router.post("/rooms")
async def open_room(request: Request) -> Response:
    """Open a room, or say what can't be."""
    now, code = context_of(request).clock(), rooms.code_of(secrets.randbits(CODE_BITS))
    prepared = await _prepared(request)

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        visitor.caller.require("coach")
        if isinstance(prepared, Refused):
            return Page("room_new.html", _page(form, visitor.language, prepared.complaints), 422)
        if prepared is None:
            return To(f"/rooms/{rooms.open_again(connection, visitor.caller.id, form.text('again'), code, now).code}")
        return To(f"/rooms/{rooms.open_room(connection, visitor.caller.id, prepared, code, now).code}")

    return await act(request, work)


async def _prepared(request: Request) -> Opening | Refused | None:
    """Draw the problems before the writer has to do with it: a hundred take a while. None where they were drawn before."""
    context, visit, seed = context_of(request), visit_of(request), secrets.token_hex(16)
    form, now = await form_of(request, visit), context.clock()
    if form.text("again"):
        return None

    def decide(connection: Connection) -> Decided | Refused:
        visitor = arrived(connection, visit, context, now, anyone=False, guests=False)
        visitor.caller.require("coach")
        return _decided(connection, form, visitor.language, seed)

    decided = await context.storage.read(decide)
    return decided if isinstance(decided, Refused) else await run_in_threadpool(openings.drawn, decided, seed)


def _decided(connection: Connection, form: Form, language: Language, seed: str) -> Decided | Refused:
    given: Mapping[str, object] = {}
    try:
        given = given_of(form, language)
        wish = RoomWish(language, form.text("title")[:LONGEST_TITLE] or None, form.text("preset") or None, given)
        if _way(form) != "problems":
            return openings.decided(connection, wish, seed)
    except (InvalidInputError, UnsatisfiableBlueprintError) as error:
        return Refused(complaints_of(error, given, language))
    # One that stands in the list of what can be added was meant, whichever button was pressed.
    choices = tuple(_choice(pick.value) for pick in _known(_changed(form), language))
    if not 0 < len(choices) <= MOST_CHOSEN:
        return Refused({"problems": say(language, "Choose 1 to %(most)s problems.", most=MOST_CHOSEN)})
    chosen = RoomWish(language, wish.title, None, given, choices)
    return openings.decided(connection, chosen, seed)


def _way(form: Form) -> Way:
    way = form.text("by")
    return cast("Way", way) if way in WAYS else "preset"


def _page(form: Form, language: Language, complaints: Mapping[str, str] | None = None) -> NewRoomPage:
    """Return the page with what was typed over what holds where nothing is said."""
    # What somebody missed can't be asked of everybody.
    presets = tuple(preset for preset in PRESETS.values() if not preset.blueprint.missed_only)
    typed: Typed = {"title": [""], "preset": [USUAL], **typed_of(RULES), **form.fields}
    fields = blueprint_form(language, typed, complaints)
    return NewRoomPage(_way(form), fields, presets, picks(language), _known(form.all("problem"), language))


def _known(values: Iterable[str], language: Language) -> tuple[Pick, ...]:
    known = {pick.value: pick for _, each in picks(language) for pick in each}
    return tuple(known[value] for value in values if value in known)


@cache
def picks(language: Language) -> tuple[tuple[str, tuple[Pick, ...]], ...]:
    """Return the problems that can be chosen, by topic: each family at each of its levels, and its presets."""
    found: dict[str, list[Pick]] = {}
    for slug in FAMILIES:
        found.setdefault(FAMILIES[slug].topic, []).extend(_picks(slug, language))
    return tuple((topic_title(topic, language), tuple(each)) for topic, each in found.items())


def _picks(slug: str, language: Language) -> Iterator[Pick]:
    title = family_title(slug, language)
    for level in sorted(FAMILIES[slug].levels):
        yield Pick(f"{slug}:{level}", say(language, "%(title)s, level %(level)s", title=title, level=level))
    for name in FAMILIES[slug].presets:
        yield Pick(f"{slug}:{name}", say(language, "%(title)s, as “%(preset)s”", title=title, preset=name))


def _choice(value: str) -> Choice:
    """Return the problem that stands behind a pick: a level is drawn, a preset is as it is."""
    slug, _, which = value.partition(":")
    return Choice(slug, level=int(which)) if which.isdigit() else Choice(slug, preset=which)
