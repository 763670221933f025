"""The application: `create_app(settings)`, or `create_app_from_env` for a server that is started with a factory."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from importlib.metadata import version

import structlog
from fastapi import FastAPI
from starlette.middleware import Middleware

from app.api import attempts, errors, exports, families, health, learners, problems, reference
from app.api.context import Context, Storage
from app.api.middleware import HeadAsGet, Intake, LocalCallers, RequestFrame
from app.api.openapi import DocumentedAPI
from app.logs import configure_logging
from app.settings import Settings
from app.storage import idempotency
from app.storage.database import Database

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

DESCRIPTION = """Randomized cross-entropy problems for interview practice, a correctly rounded answer key, and the reason
why a wrong number is wrong.

Every error is `application/problem+json`; its `type` is the address of a page that explains it. `Accept-Language` chooses
English (`en`) or Chinese (`zh`). Times are UTC, identifiers are UUIDs that sort by time."""

# A request makes a few hundred objects. With the default threshold of 700 the collector walks everything that was
# imported in the middle of requests, and that is the slowest per cent of them.
GC_THRESHOLDS = (50_000, 50, 50)

PURGE_SECONDS = 3600

ROUTERS = (
    families.router,
    problems.router,
    attempts.router,
    exports.router,
    learners.router,
    health.router,
    reference.router,
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
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # The framework would export requests, bodies included, to wherever an environment variable points.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.context = context
    errors.install(app)
    for router in ROUTERS:
        app.include_router(router)
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
        purging = asyncio.create_task(_purge_hourly(context))
        thresholds = gc.get_threshold()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        try:
            yield
        finally:
            gc.set_threshold(*thresholds)
            gc.unfreeze()
            purging.cancel()
            with suppress(asyncio.CancelledError):
                await purging
            await context.storage.close()

    return lifespan


async def _purge_hourly(context: Context) -> None:
    """Remove the remembered responses that are too old, now and every hour; one that fails is logged and tried again."""
    while True:
        try:
            await context.storage.write(partial(idempotency.purge, older_than=context.clock() - idempotency.KEPT_FOR))
        except Exception:  # tidying up is no reason to stop serving
            log.exception("purge_failed")
        await asyncio.sleep(PURGE_SECONDS)
