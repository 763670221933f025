"""What coaches and admins see of many people's practice."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.analytics_documents import (
    FamiliesFiguresOut,
    FamilyFiguresOut,
    FamilyHeadlineOut,
    FiguresOut,
    HeadlineOut,
    LevelFiguresOut,
    MistakeOut,
    PeopleOut,
    PersonOut,
)
from app.api.answers import listed, show
from app.api.bodies import rest_router
from app.api.families import TextOut, text_out
from app.api.openapi import refusals
from app.api.pages import PageOf
from app.edge.access import Caller, Shown
from app.edge.languages import language_of
from app.services import analytics
from app.services.analytics import Overview, Scope, Viewer
from app.services.figures import Figures
from app.services.problems import find_family
from app.storage.analytics import ALL_LEVELS, PersonRow
from quiz_bank import rendering
from quiz_bank.problem import Family, Language
from quiz_bank.registry import FAMILIES
from quiz_bank.variants import build

router = rest_router("analytics")

Sort = Literal["slug", "hardest"]
ScopeOf = Annotated[
    Scope,
    Query(
        description="everyone: anonymous figures of all learners, as they were at as_of. "
        "rooms: those of whoever has a drill in a room of yours, as they are now."
    ),
]


def _viewer(caller: Caller) -> Viewer:
    """Return who looks; `ForbiddenError` for learners."""
    caller.require("coach")
    return Viewer(caller.id, sees_all=caller.role == "admin")


def _headline(figures: Figures) -> dict[str, Any]:
    names = [name for name in HeadlineOut.model_fields if name != "suppressed"]
    told = {name: None if figures.suppressed else getattr(figures, name) for name in names}
    return {"suppressed": figures.suppressed, **told}


def _figures(family: Family[Any], figures: Figures, language: Language) -> dict[str, Any]:
    mistakes = [
        MistakeOut(code=code, count=count, share=count / figures.first_wrong, why=_why(family, code, language))
        for code, count in figures.misconceptions
    ]
    return {**_headline(figures), "misconceptions": mistakes}


def _why(family: Family[Any], code: str, language: Language) -> TextOut:
    """Return why a mistake is made, in the words of an example of the family."""
    level = min(family.levels)
    try:
        return text_out(rendering.why(build(family, level, family.fallbacks[level]), code, language))
    except LookupError:  # what an earlier version of the family diagnosed
        return TextOut(markdown="", text="")


def _family_out(family: Family[Any], scope: Scope, overview: Overview, language: Language) -> FamilyFiguresOut:
    known = {figures.level: figures for figures in overview.figures}
    levels = sorted({*family.levels, *known} - {ALL_LEVELS})
    by_level = {level: known.get(level, Figures(family.slug, level)) for level in levels}
    seconds = {level: each.seconds for level, each in family.levels.items()}
    return FamilyFiguresOut(
        **_named(family, language),
        scope=scope,
        as_of=overview.as_of,
        total=FiguresOut(**_figures(family, known.get(ALL_LEVELS, Figures(family.slug, ALL_LEVELS)), language)),
        levels=[
            LevelFiguresOut(level=level, expected_seconds=seconds.get(level), **_figures(family, figures, language))
            for level, figures in by_level.items()
        ],
    )


def _named(family: Family[Any], language: Language) -> dict[str, str]:
    return {"family": family.slug, "title": rendering.title(family, language), "topic": family.topic}


@router.get(
    "/analytics/families",
    summary="Show how all families fare",
    response_model=FamiliesFiguresOut,
    responses=refusals("forbidden"),
)
async def list_families(
    request: Request,
    shown: Shown,
    scope: ScopeOf = "everyone",
    topic: Annotated[str | None, Query(max_length=100, description="Only families of this topic.")] = None,
    sort: Annotated[
        Sort, Query(description="By slug, or the most difficult first; those without a figure come last.")
    ] = "slug",
) -> Response:
    """Show what coaches and admins may know of each family: how hard it is, how well it tells, and how long it takes."""

    def work(connection: Connection, caller: Caller) -> FamiliesFiguresOut:
        overview = analytics.of_families(connection, _viewer(caller), scope)
        known = {figures.family: figures for figures in overview.figures}
        those = [family for slug, family in sorted(FAMILIES.items()) if topic in (None, family.topic)]
        items = [(family, known.get(family.slug, Figures(family.slug, ALL_LEVELS))) for family in those]
        if sort == "hardest":
            items.sort(key=lambda item: -1 if item[1].difficulty is None else item[1].difficulty, reverse=True)
        language = language_of(request.scope)
        out = [FamilyHeadlineOut(**_named(family, language), **_headline(figures)) for family, figures in items]
        return FamiliesFiguresOut(scope=scope, as_of=overview.as_of, items=out)

    return await show(request, shown, work)


@router.get(
    "/analytics/families/{slug}",
    summary="Show how a family fares",
    response_model=FamilyFiguresOut,
    responses=refusals("forbidden", "unknown-family"),
)
async def show_family(request: Request, shown: Shown, slug: str, scope: ScopeOf = "everyone") -> Response:
    """Show what coaches and admins may know of a family, in total and by level, with the misconceptions that people show."""

    def work(connection: Connection, caller: Caller) -> FamilyFiguresOut:
        viewer, family = _viewer(caller), find_family(slug)
        overview = analytics.of_family(connection, viewer, scope, slug)
        return _family_out(family, scope, overview, language_of(request.scope))

    return await show(request, shown, work)


@router.get("/analytics/people", summary="List the people you coach", response_model=PeopleOut, responses=refusals("forbidden"))
async def list_people(request: Request, shown: Shown, page: PageOf) -> Response:
    """List how much people have practised, the newest first: a coach sees whoever has a drill in their rooms, an admin all."""

    def work(connection: Connection, caller: Caller) -> list[PersonRow]:
        return analytics.people(connection, _viewer(caller), page.before, page.limit + 1)

    return await listed(request, shown, page, work, lambda person: person.id, _person_out)


def _person_out(person: PersonRow) -> PersonOut:
    return PersonOut(
        id=person.id,
        name=person.name,
        guest=person.guest,
        problems=person.problems,
        first_try_rate=person.first_right / person.answered if person.answered else None,
        last_practised_at=person.last_practised_at,
    )
