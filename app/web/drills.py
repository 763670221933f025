"""Choosing a drill: by its name, by one's own terms, or by a link that others share."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.edge.languages import Language
from app.errors import InvalidInputError, UnsatisfiableBlueprintError
from app.services import drills, plans
from app.services.blueprints import Blueprint
from app.services.drill_presets import PRESETS, DrillPreset, resolved
from app.services.plans import plan_from_json
from app.services.reports.comparison import pasts
from app.services.reports.model import Past
from app.services.shelf import Shelf
from app.storage import drills as stored_drills
from app.storage.drills import DrillRow
from app.web.drill_form import LONGEST_SEED, BlueprintForm, blueprint_form, complaints_of, given_of, typed_of
from app.web.drill_terms import terms_of
from app.web.drill_view import Stage, end_due, go_on, stage_of, title_of
from app.web.forms import ONCE, SEAL, Form
from app.web.pages import Page, To, act, look
from app.web.visits import Visitor

router = APIRouter(include_in_schema=False)

DRILLS_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A drill that goes on; `remaining` is in seconds, None without a limit."""

    id: UUID
    title: str
    stage: Stage
    shown: int
    length: int
    remaining: float | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """A drill that has ended, and what came of it."""

    title: str
    past: Past


@dataclass(frozen=True, slots=True)
class DrillsPage:
    """What `drills.html` is rendered with; `complaints` are by the names of presets, `older` is where the next page begins."""

    presets: tuple[DrillPreset, ...]
    unfinished: tuple[Unfinished, ...]
    ended: tuple[Ended, ...]
    older: UUID | None
    is_first: bool
    complaints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewDrillPage:
    """What `drill_new.html` is rendered with."""

    form: BlueprintForm


@dataclass(frozen=True, slots=True)
class SharedDrillPage:
    """What `drill_shared.html` is rendered with: what the drill is like, and the fields that start it."""

    title: str
    terms: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]


@router.get("/drills")
async def list_drills(request: Request, before: UUID | None = None) -> Response:
    """Offer drills, and lead back to those that were begun."""
    await end_due(request)
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor) -> Page:
        return Page("drills.html", drills_page(connection, visitor, now, before=before))

    return await look(request, work)


def drills_page(
    connection: Connection,
    visitor: Visitor,
    now: datetime,
    *,
    before: UUID | None = None,
    complaints: Mapping[str, str] | None = None,
) -> DrillsPage:
    """Return the presets with the learner's drills, those that ended from the one that follows `before` on."""
    learner_id, language = visitor.caller.id, visitor.language
    rows = stored_drills.finished(connection, learner_id, before=before, limit=DRILLS_PER_PAGE + 1)
    listed = rows[:DRILLS_PER_PAGE]
    results = pasts(connection, listed)
    return DrillsPage(
        tuple(PRESETS.values()),
        tuple(_unfinished(connection, row, language, now) for row in stored_drills.unfinished(connection, learner_id)),
        tuple(Ended(title_of(connection, row, language), past) for row, past in zip(listed, results, strict=True)),
        listed[-1].id if len(rows) > len(listed) else None,
        before is None,
        complaints or {},
    )


def _unfinished(connection: Connection, row: DrillRow, language: Language, now: datetime) -> Unfinished:
    place = (row.shown, len(plan_from_json(row.plan)))
    remaining = drills.remaining_seconds(row, now)
    title = title_of(connection, row, language)
    return Unfinished(row.id, title, stage_of(row, now), *place, remaining, row.started_at)


@router.get("/drills/new")
async def new_drill(request: Request) -> Response:
    """Ask what a drill is to be like; an address with a seed says what drill it is, and starts just that."""
    query = {name: request.query_params.getlist(name) for name in request.query_params}

    def work(connection: Connection, visitor: Visitor) -> Page:
        form = Form(query)
        if not form.text("seed"):
            return Page("drill_new.html", NewDrillPage(_form(form, visitor.language)))
        try:
            blueprint = resolved(form.text("preset") or None, given_of(form, visitor.language), visitor.language)
        except InvalidInputError as error:
            complaints = complaints_of(error, {}, visitor.language)
            return Page("drill_new.html", NewDrillPage(_form(form, visitor.language, complaints)), 422)
        return Page("drill_shared.html", _shared(form, blueprint, visitor.language))

    return await look(request, work)


def _form(form: Form, language: Language, complaints: Mapping[str, str] | None = None) -> BlueprintForm:
    """Return the form with what was typed over the terms of the preset."""
    preset = PRESETS.get(form.text("preset"))
    base = typed_of(preset.blueprint if preset else Blueprint())
    return blueprint_form(language, {**base, **form.fields}, complaints)


def _shared(form: Form, blueprint: Blueprint, language: Language) -> SharedDrillPage:
    preset = PRESETS.get(form.text("preset"))
    names = ("preset", *typed_of(blueprint), "seed")
    fields = tuple((name, value) for name in names for value in form.all(name))
    return SharedDrillPage(preset.titles[language] if preset else "", terms_of(blueprint, language), fields)


@router.post("/drills")
async def start(request: Request) -> Response:
    """Start a drill and hand out its first problem; one that asks the same as another that goes on leads to that one."""
    context = context_of(request)
    now, new_seed = context.clock(), secrets.token_hex(16)

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        given: Mapping[str, object] = {}
        try:
            given = given_of(form, visitor.language)
            blueprint = resolved(form.text("preset") or None, given, visitor.language)
            drill = _started(connection, visitor, form, blueprint, new_seed, now)
        except (InvalidInputError, UnsatisfiableBlueprintError) as error:
            return _refused(connection, visitor, form, complaints_of(error, given, visitor.language), now)
        return To(_first(connection, context.shelf, drill, now))

    return await act(request, work)


def _started(
    connection: Connection, visitor: Visitor, form: Form, blueprint: Blueprint, new_seed: str, now: datetime
) -> DrillRow:
    learner_id, seed = visitor.caller.id, form.text("seed")[:LONGEST_SEED] or new_seed
    plan = plans.planned(connection, learner_id, blueprint, seed, language=visitor.language)
    same = drills.under_way(connection, learner_id, plan)
    if same is not None:
        return same
    terms = (connection, learner_id, blueprint, plan)
    preset = form.text("preset") or None
    return drills.start(*terms, preset=preset, room_id=None, language=visitor.language, now=now, seed=seed)


def _first(connection: Connection, shelf: Shelf, drill: DrillRow, now: datetime) -> str:
    """Return where a drill begins that was started just now, and where one is shown that goes on."""
    return f"/drills/{drill.id}" if drill.shown else go_on(connection, shelf, drill, now)


def _refused(connection: Connection, visitor: Visitor, form: Form, complaints: Mapping[str, str], now: datetime) -> Page:
    """Show again where the drill was asked for: among the presets, or in the form with all its fields."""
    preset = form.text("preset")
    if preset in PRESETS and set(form.fields) <= {"preset", SEAL, ONCE}:
        said = {preset: " ".join(complaints.values())}
        return Page("drills.html", drills_page(connection, visitor, now, complaints=said), 422)
    return Page("drill_new.html", NewDrillPage(_form(form, visitor.language, complaints)), 422)
