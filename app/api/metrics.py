"""What the service measures of itself, for Prometheus."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import read
from app.api.openapi import Responses, refusals
from app.edge.access import Caller, Credentials, Shown
from app.edge.context import context_of
from app.edge.exposition import CONTENT_TYPE, MEDIA_TYPE
from app.errors import NotFoundError
from app.settings import Settings

router = APIRouter(tags=["health"])

_EXAMPLE: Final = """# HELP crossdrill_verdicts_total Verdicts on answers that could be read.
# TYPE crossdrill_verdicts_total counter
crossdrill_verdicts_total{family="cross-entropy-one-hot",verdict="right"} 12.0
"""
_ANSWERED: Final[dict[str, Any]] = {
    "description": "Every metric, in the text format of Prometheus",
    "content": {MEDIA_TYPE: {"schema": {"type": "string"}, "example": _EXAMPLE}},
}
_RESPONSES: Final[Responses] = {200: _ANSWERED, **refusals("not-found", "forbidden")}


@router.get("/metrics", summary="What does it measure?", response_class=Response, responses=_RESPONSES)
async def metrics(request: Request, shown: Shown) -> Response:
    """Answer with counts and timings of everything that the service does, none of which tells of a person.

    For admins, unless the setting `metrics` opens it to everyone or switches it off.
    """
    context = context_of(request)
    if context.settings.metrics == "off":
        raise NotFoundError
    if _asks_for_admin(context.settings, shown):
        await read(request, shown, _admin_alone)
    exported = await asyncio.to_thread(context.metrics.export)  # it takes a while, and requests needn't wait for it
    return Response(exported, headers={"cache-control": "no-store", "content-type": CONTENT_TYPE})


def _asks_for_admin(settings: Settings, shown: Credentials) -> bool:
    """Whether to look the caller up; who needs no token is let in without asking a database that may be away."""
    return settings.metrics == "admin" and not (settings.access == "local" and shown.digest is None)


def _admin_alone(_connection: Connection, caller: Caller) -> None:
    caller.require("admin")
