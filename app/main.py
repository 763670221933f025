"""The application: `create_app(settings)`, or `create_app_from_env` for a server that is started with a factory."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware import Middleware

from app import chores
from app.api import (
    admin,
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
    metrics,
    problem_reports,
    problems,
    progress,
    reference,
    reviews,
    room_events,
    room_results,
    rooms,
    topics,
)
from app.api.admission import Admission
from app.api.intake import Intake
from app.api.middleware import HeadAsGet, LocalCallers, RequestFrame
from app.api.openapi import DocumentedAPI
from app.api.outside import Outside
from app.api.rate_limits import RateLimited, RateLimits
from app.api.traces import Untraced, traces_of
from app.edge.context import Context, Storage
from app.edge.metrics import Metrics
from app.logs import configure_logging
from app.proxies import proxies_of, public_address_of
from app.services.shelf import Shelf
from app.settings import Settings
from app.storage.database import Database
from app.web import (
    account,
    assets,
    catalogue,
    drill_steps,
    failures,
    follow_up,
    guide,
    home,
    join,
    my_data,
    openid,
    people,
    practise,
    primers,
    register,
    room_new,
    scorecard,
    solutions,
    tokens,
)
from app.web import daily as daily_pages
from app.web import drill_report as report_pages
from app.web import drills as drill_pages
from app.web import progress as progress_pages
from app.web import reviews as review_pages
from app.web import rooms as room_pages
from app.web import settings as settings_pages
from app.web.openid_provider import Provider

DESCRIPTION = """Randomized cross-entropy problems for interview practice, a correctly rounded answer key, and the reason
why a wrong number is wrong.

Every error is `application/problem+json`; its `type` is the address of a page that explains it. `Accept-Language` chooses
English (`en`) or Chinese (`zh`). Times are UTC, identifiers are UUIDs that sort by time."""

# A request makes a few hundred objects. With the default threshold of 700 the collector walks everything that was
# imported in the middle of requests, and that is the slowest per cent of them.
GC_THRESHOLDS = (50_000, 50, 50)

ROUTERS = (
    families.router,
    topics.router,
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
    admin.router,
    health.router,
    metrics.router,
    reference.router,
    home.router,
    practise.router,
    guide.router,
    solutions.router,
    account.router,
    openid.router,
    register.router,
    tokens.router,
    people.router,
    primers.router,
    settings_pages.router,
    drill_pages.router,
    drill_steps.router,  # after /drills/new, which would be taken for an id
    follow_up.router,
    report_pages.router,
    room_new.router,  # before /rooms/{code}, which would take its name for a code
    room_pages.router,
    scorecard.router,
    join.router,
    catalogue.router,
    review_pages.router,
    progress_pages.router,
    daily_pages.router,
    my_data.router,
    assets.router,
)


def create_app(settings: Settings, database: Storage | None = None) -> FastAPI:
    """Return the application; it opens the database when it starts and closes it when it stops."""
    traces = traces_of(settings)
    watch = traces.metrics()
    storage = traces.storage(database or _database(settings, watch))
    context = Context(settings, storage, shelf=Shelf(watch=watch), metrics=watch)
    limits = RateLimits(settings)
    app = DocumentedAPI(
        title="Crossdrill",
        version=version("crossdrill"),
        description=DESCRIPTION,
        lifespan=_lifespan(context, limits, traces),
        middleware=traces.layers() + _middleware(settings, watch, limits),
        # Routers that are included are built anew for each application, at the cost of its first request.
        routes=[route for router in ROUTERS for route in router.routes],
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # The framework would export requests, bodies included, to wherever an environment variable points; see `traces`.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.context = context
    app.state.watching = room_events.Places(settings.stream_limit)
    app.state.error_page = failures.error_page
    app.state.openid = Provider(settings) if settings.oidc_issuer else None
    errors.install(app)
    return app


def _database(settings: Settings, watch: Metrics) -> Database:
    return Database(
        settings.database_url,
        readers=settings.readers,
        writers=settings.writers,
        queue_limit=settings.queue_limit,
        queue_seconds=settings.queue_seconds,
        checkpoints=settings.checkpoints,
        watch=watch,
    )


def create_app_from_env() -> FastAPI:
    """Return the application with settings from the environment and its logging configured."""
    settings = Settings()
    configure_logging(settings)
    return create_app(settings)


def _middleware(settings: Settings, watch: Metrics, limits: RateLimits) -> list[Middleware]:
    """Return the layers, outermost first."""
    proxies, public = proxies_of(settings.trusted_proxies), public_address_of(settings.public_url)
    local = [Middleware(LocalCallers)] if settings.access == "local" else []
    outside = [Middleware(Outside, proxies=proxies, public=public)] if proxies or public else []
    limited = [Middleware(RateLimited, limits=limits)] if limits else []
    return [
        Middleware(RequestFrame, metrics=watch),
        Middleware(Admission, most=settings.request_limit),
        Middleware(HeadAsGet),
        *local,
        *outside,
        *limited,
        Middleware(Intake, body_limit=settings.body_limit),
    ]


def _lifespan(context: Context, limits: RateLimits, traces: Untraced) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await context.storage.open()
        try:
            async with chores.kept_up(context), limits.kept_up():
                with calm_collector():
                    yield
        finally:
            await context.storage.close()
            await asyncio.to_thread(traces.close)

    return lifespan


@contextmanager
def calm_collector() -> Iterator[None]:
    """Keep the garbage collector away from what was imported, and from the middle of requests."""
    thresholds = gc.get_threshold()
    gc.freeze()  # without a collection first, which takes as long as a twentieth of the start and finds next to nothing
    gc.set_threshold(*GC_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
