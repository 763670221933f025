"""What every route finds on the application: settings, storage and the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol, TypeVar, cast

from sqlalchemy import Connection
from starlette.requests import Request

from app.edge.metrics import Metrics
from app.services.shelf import Shelf
from app.services.uses import Uses
from app.settings import Settings

T = TypeVar("T")


class Storage(Protocol):
    """What the edge asks of a database; where and how the work runs is the storage's business."""

    async def open(self) -> None:
        """Make ready to work."""

    async def close(self) -> None:
        """Finish what is queued, then let go of everything."""

    async def ready(self) -> None:
        """Raise `UnavailableError` unless work can be done now."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a read transaction."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a write transaction, and return after it was committed."""


def utc_now() -> datetime:
    """Return the time, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """The parts that requests share."""

    settings: Settings
    storage: Storage
    clock: Callable[[], datetime] = utc_now
    shelf: Shelf = field(default_factory=Shelf)
    metrics: Metrics = field(default_factory=Metrics)
    uses: Uses = field(default_factory=Uses)


def context_of(request: Request) -> Context:
    """Return the context of the application that serves `request`."""
    return cast("Context", request.app.state.context)
