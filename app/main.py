"""The application: `create_app(settings)`, or `create_app_from_env` for a server that is started with a factory."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from importlib.metadata import version

import structlog
from fastapi import FastAPI
from starlette.middleware import Middleware

from app.api import (
    analytics,
    attempt_export,
    attempts,
    daily,
    drill_reports,
    drills,
    errors,
    exports,
    families,
    follow_ups,
    health,
    learners,
    problem_reports,
    problems,
    progress,
    reference,
    reviews,
    room_events,
    room_results,
    rooms,
)
from app.api.middleware import HeadAsGet, Intake, LocalCallers, RequestFrame
from app.api.openapi import DocumentedAPI
from app.edge.context import Context, Storage
from app.logs import configure_logging
from app.services import drills as drill_service
from app.services import reviews as review_service
from app.services import rollups
from app.settings import Settings
from app.storage import drills as stored_drills
from app.storage import idempotency
from app.storage.database import Database
from app.web import account, assets, failures, home
from app.web import settings as settings_pages

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

DESCRIPTION = """Randomized cross-entropy problems for interview practice, a correctly rounded answer key, and the reason
why a wrong number is wrong.

Every error is `application/problem+json`; its `type` is the address of a page that explains it. `Accept-Language` chooses
English (`en`) or Chinese (`zh`). Times are UTC, identifiers are UUIDs that sort by time."""

# A request makes a few hundred objects. With the default threshold of 700 the collector walks everything that was
# imported in the middle of requests, and that is the slowest per cent of them.
GC_THRESHOLDS = (50_000, 50, 50)

PURGE_SECONDS = 3600
SWEEP_SECONDS = 2
SWEPT_AT_ONCE = 100
RATED_AT_ONCE = 100

ROUTERS = (
    families.router,
    problems.router,
    attempt_export.router,  # before /attempts/{attempt_id}, which would take its name for an id
    attempts.router,
    drills.router,
    drill_reports.router,
    follow_ups.router,
    rooms.router,
    room_results.router,
    room_events.router,
    reviews.router,
    daily.router,
    progress.router,
    exports.router,
    problem_reports.router,
    analytics.router,
    learners.router,
    health.router,
    reference.router,
    home.router,
    account.router,
    settings_pages.router,
    assets.router,
)


def create_app(settings: Settings, database: Storage | None = None) -> FastAPI:
    """Return the application; it opens the database when it starts and closes it when it stops."""
    storage = database or Database(settings.database_url, readers=settings.readers, queue_limit=settings.queue_limit)
    context = Context(settings, storage)
    app = DocumentedAPI(
        title="Crossdrill",
        version=version("crossdrill"),
        description=DESCRIPTION,
        lifespan=_lifespan(context),
        middleware=_middleware(settings),
        # Routers that are included are built anew for each application, at the cost of its first request.
        routes=[route for router in ROUTERS for route in router.routes],
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # The framework would export requests, bodies included, to wherever an environment variable points.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.context = context
    app.state.error_page = failures.error_page
    errors.install(app)
    return app


def create_app_from_env() -> FastAPI:
    """Return the application with settings from the environment and its logging configured."""
    settings = Settings()
    configure_logging(settings)
    return create_app(settings)


def _middleware(settings: Settings) -> list[Middleware]:
    """Return the layers, outermost first."""
    local = [Middleware(LocalCallers)] if settings.access == "local" else []
    return [Middleware(RequestFrame), Middleware(HeadAsGet), *local, Middleware(Intake, body_limit=settings.body_limit)]


def _lifespan(context: Context) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await context.storage.open()
        chores = [
            asyncio.create_task(_keep_doing(_purge, context, PURGE_SECONDS)),
            asyncio.create_task(_keep_doing(_end_abandoned, context, PURGE_SECONDS)),
            asyncio.create_task(_keep_doing(_rate_left, context, PURGE_SECONDS)),
            asyncio.create_task(_keep_doing(_end_due, context, SWEEP_SECONDS)),
            asyncio.create_task(_keep_doing(_roll_up, context, context.settings.analytics_seconds)),
        ]
        try:
            with calm_collector():
                yield
        finally:
            for chore in chores:
                chore.cancel()
            await asyncio.gather(*chores, return_exceptions=True)
            await context.storage.close()

    return lifespan


@contextmanager
def calm_collector() -> Iterator[None]:
    """Keep the garbage collector away from what was imported, and from the middle of requests."""
    thresholds = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


async def _keep_doing(chore: Callable[[Context], Awaitable[None]], context: Context, seconds: float) -> None:
    """Do a chore now and then every so many seconds; one that fails is logged and tried again."""
    while True:
        try:
            await chore(context)
        except Exception:  # tidying up is no reason to stop serving
            log.exception("chore_failed", chore=chore.__name__)
        await asyncio.sleep(seconds)


async def _purge(context: Context) -> None:
    """Remove the remembered responses that are too old."""
    await context.storage.write(partial(idempotency.purge, older_than=context.clock() - idempotency.KEPT_FOR))


async def _end_due(context: Context) -> None:
    """End the drills whose time is over, each on its own, so that one that can't be ended keeps up no other."""
    now = context.clock()
    over = await context.storage.read(partial(stored_drills.due, now=now, limit=SWEPT_AT_ONCE))
    endings = (context.storage.write(partial(drill_service.settle, drill_id=drill_id, now=now)) for drill_id in over)
    for drill_id, failure in zip(over, await asyncio.gather(*endings, return_exceptions=True), strict=True):
        if failure is not None:
            log.error("drill_not_ended", drill=str(drill_id), exc_info=failure)


async def _end_abandoned(context: Context) -> None:
    """End the drills that were left."""
    await context.storage.write(partial(drill_service.end_abandoned, now=context.clock(), limit=SWEPT_AT_ONCE))


async def _rate_left(context: Context) -> None:
    """Rate the problems that were left unsolved, some at a time, so that other writes come in between."""
    rate = partial(review_service.rate_left, limit=RATED_AT_ONCE)
    while await context.storage.write(partial(rate, now=context.clock())) == RATED_AT_ONCE:
        pass


async def _roll_up(context: Context) -> None:
    """Count the figures of everybody, unless another process has just done so."""
    now = context.clock()
    every = timedelta(seconds=context.settings.analytics_seconds)
    if not await context.storage.read(partial(rollups.is_due, now=now, every=every)):
        return
    rollup = rollups.Rollup(now)
    for step in rollup.steps():
        await context.storage.read(step)
    await context.storage.write(rollup.store)
