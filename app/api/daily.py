"""The problem of a day: read without being set, and the days before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import read
from app.api.bodies import Day, rest_router
from app.api.etags import tagged
from app.api.families import TextOut
from app.api.openapi import refusals
from app.api.problem_documents import PartOfProblem
from app.edge.access import Caller, Shown
from app.edge.context import context_of
from app.edge.languages import language_of
from app.errors import FamilyUnavailableError
from app.services import dailies
from app.services.dailies import FIRST_DAY
from app.services.shown import shown
from app.storage.dailies import DailyRow
from quiz_bank import rendering
from quiz_bank.problem import Language
from quiz_bank.registry import FAMILIES

router = rest_router("daily")

LARGEST_LIMIT = 31
GONE = "Null where the family is no longer installed."
DAY_EXAMPLE: Final[dict[str, JsonValue]] = {
    "date": "2026-11-21",
    "family": "bce-from-logits",
    "title": "Binary cross-entropy from a logit",
    "topic": "binary-and-multi-label",
    "level": 3,
}
DAILY_EXAMPLE: Final[dict[str, JsonValue]] = {
    **DAY_EXAMPLE,
    "family_version": 1,
    "parameters": {"logit": "-0.4", "target": "0.45"},
    "convention": {"log_base": "e", "clip": "never"},
    "prompt": {"markdown": "A model with one output …", "text": "A model with one output …"},
    "parts": [
        {
            "name": "loss",
            "label": "Binary cross-entropy",
            "kind": "number",
            "shape": [],
            "unit": "nats",
            "significant_digits": 3,
        }
    ],
    "expected_seconds": 120,
}


class DayOut(BaseModel):
    """A day and what its problem is about."""

    date: date
    family: str
    title: str | None = Field(description=GONE)
    topic: str | None = Field(description=GONE)
    level: int


class DaysOut(BaseModel):
    """Days up to today, the latest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [DAY_EXAMPLE]}]})

    items: list[DayOut]


class DailyOut(DayOut):
    """The problem of a day. To answer it, ask for it: `POST /v1/problems` with `daily`."""

    model_config = ConfigDict(json_schema_extra={"examples": [DAILY_EXAMPLE]})

    family_version: int
    parameters: dict[str, Any] = Field(description="The numbers with the digits that are shown.")
    convention: dict[str, str]
    prompt: TextOut | None = Field(description=GONE)
    parts: list[PartOfProblem] | None = Field(description=GONE)
    expected_seconds: int | None = Field(description=GONE)


@router.get("/daily", summary="List the days", response_model=DaysOut)
async def list_days(
    request: Request,
    credentials: Shown,
    before: Annotated[Day | None, Query(strict=True, description="Only days before this one.")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="How many days at most.")] = 7,
) -> Response:
    """List the days with their families, back to the first one."""
    now = context_of(request).clock()
    last = min(now.date(), date.max if before is None else max(before, FIRST_DAY) - timedelta(days=1))
    first = max(FIRST_DAY, last - timedelta(days=limit - 1))
    rows = await _rows(request, credentials, first, last, now)
    items = [_day_out(row, language_of(request.scope)) for row in reversed(rows)]
    more = {"link": f'<{request.url.path}?before={first}&limit={limit}>; rel="next"'} if first > FIRST_DAY else {}
    return tagged(request, DaysOut(items=items).model_dump_json().encode(), headers=more)


@router.get("/daily/{date}", summary="Show the problem of a day", response_model=DailyOut, responses=refusals("not-yet"))
async def show_day(request: Request, credentials: Shown, day: Annotated[Day, Path(alias="date", strict=True)]) -> Response:
    """Show the problem of a day (UTC), the same for everybody and for ever, without setting it."""
    now = context_of(request).clock()
    [row] = await _rows(request, credentials, day, day, now)
    return tagged(request, _daily_out(row, language_of(request.scope)).model_dump_json().encode())


async def _rows(request: Request, credentials: Shown, first: date, last: date, now: datetime) -> list[DailyRow]:
    """Read the days from `first` to `last`; what nobody asked for before is fixed by this."""

    def work(connection: Connection, _: Caller) -> list[DailyRow] | None:
        return dailies.known(connection, first, last, now)

    rows = await read(request, credentials, work)
    if rows is None:
        rows = await context_of(request).storage.write(partial(dailies.fixed, first=first, last=last, now=now))
    return rows


def _day_out(row: DailyRow, language: Language) -> DayOut:
    family = FAMILIES.get(row.family)
    return DayOut(
        date=row.day,
        family=row.family,
        title=None if family is None else rendering.title(family, language),
        topic=None if family is None else family.topic,
        level=row.level,
    )


def _daily_out(row: DailyRow, language: Language) -> DailyOut:
    try:
        seen: Mapping[str, object] = shown(dailies.variant_of_day(row), language)
    except FamilyUnavailableError:
        seen = {}
    return DailyOut.model_validate(
        {
            **_day_out(row, language).model_dump(),
            "family_version": row.family_version,
            "parameters": json.loads(row.parameters),
            "convention": json.loads(row.convention),
            **{name: seen.get(name) for name in ("prompt", "parts", "expected_seconds")},
        }
    )
