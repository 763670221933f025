"""Whether the process lives, and whether it can work."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from app.api.openapi import refusals
from app.edge.context import context_of

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The state of the service."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]})

    status: Literal["ok"]


@router.get("/livez", summary="Is the process up?")
async def live() -> Health:
    """Answer as long as the process runs; asks nothing of the database."""
    return Health(status="ok")


@router.get("/readyz", summary="Can it work?", responses=refusals("unavailable", "storage-full"))
async def ready(request: Request) -> Health:
    """Answer 200 once the database is reached, migrated to the newest version and takes what is written, 503 until then."""
    await context_of(request).storage.ready()
    return Health(status="ok")
