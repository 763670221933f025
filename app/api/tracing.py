"""Traces for OpenTelemetry: a span for each request, its work in the database, drawing and grading.

What a span holds is written out here: method, route, status. Nothing else of a request goes in, and of an error its class
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.metadata import version
from time import time_ns
from typing import Final, TypeVar

import structlog
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import Connection
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.middleware import CLIENT_GONE, header_values, route_template
from app.api.traces import Untraced
from app.edge.context import Storage
from app.edge.metrics import METHODS, Metrics

T = TypeVar("T")

PATIENCE_SECONDS: Final = 5
"""How long an export may take: longer than it, and what is traced is dropped, for requests don't wait."""


class Traced(Untraced):
    """The parts of an application whose traces go to a collector, by OTLP over HTTP."""

    def __init__(self, endpoint: str) -> None:
        resource = Resource.create({"service.name": "crossdrill", "service.version": version("crossdrill")})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=PATIENCE_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("crossdrill")

    def metrics(self) -> Metrics:
        """Return what counts, and makes spans of what took its time."""
        return TracedMetrics(self._tracer)

    def storage(self, storage: Storage) -> Storage:
        """Return the storage with a span around all work."""
        return TracedStorage(storage, self._tracer)

    def layers(self) -> list[Middleware]:
        """Return the layer that makes a span of each request."""
        return [Middleware(TracedRequests, tracer=self._tracer)]

    def close(self) -> None:
        """Send what is left to be sent; may take some seconds."""
        self._provider.shutdown()


@contextmanager
def span_of(tracer: Tracer, name: str, parent: Context | None = None, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[Span]:
    """Do something within a span; of an error it keeps the class, never what it says."""
    with tracer.start_as_current_span(name, parent, kind, record_exception=False, set_status_on_exception=False) as span:
        try:
            yield span
        except Exception as error:
            span.set_attribute("error.type", type(error).__qualname__)
            raise


class TracedRequests:
    """The layer before all others: its span is the parent of all that a request causes, and its id is in their log lines."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self.app = app
        self.tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request within a span, which goes on from the caller's where it names one."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = CLIENT_GONE

        async def noted(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        caller = TraceContextTextMapPropagator().extract(_carrier(scope))
        with span_of(self.tracer, "request", caller, SpanKind.SERVER) as span, _named(span):
            try:
                await self.app(scope, receive, noted)
            finally:
                _describe(span, scope, status)


def _named(span: Span) -> AbstractContextManager[None]:
    """Put the id of the trace into log lines."""
    return structlog.contextvars.bound_contextvars(trace_id=f"{span.get_span_context().trace_id:032x}")


def _carrier(scope: Scope) -> dict[str, str]:
    """Return what a caller says of its own trace; what else it sends along goes nowhere."""
    values = header_values(scope, b"traceparent")
    return {"traceparent": values[0].decode("latin-1")} if len(values) == 1 else {}


def _describe(span: Span, scope: Scope, status: int) -> None:
    method, route = scope["method"] if scope["method"] in METHODS else "_OTHER", route_template(scope)
    span.update_name(f"{method} {route}" if route else method)
    span.set_attributes({"http.request.method": method, "http.response.status_code": status})
    if route is not None:
        span.set_attribute("http.route", route)
    if status >= 500:
        span.set_status(StatusCode.ERROR)


class TracedStorage:
    """A storage with two spans around all work: from asking to the answer, and within it the work itself."""

    def __init__(self, storage: Storage, tracer: Tracer) -> None:
        self._storage = storage
        self._tracer = tracer

    async def open(self) -> None:
        """Make ready to work."""
        await self._storage.open()

    async def close(self) -> None:
        """Finish what is queued, then let go of everything."""
        await self._storage.close()

    async def ready(self) -> None:
        """Raise `UnavailableError` unless work can be done now."""
        await self._storage.ready()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a read transaction."""
        with span_of(self._tracer, "read"):
            return await self._storage.read(self._within(work))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a write transaction, and return after it was committed."""
        with span_of(self._tracer, "write"):
            return await self._storage.write(self._within(work))

    def _within(self, work: Callable[[Connection], T]) -> Callable[[Connection], T]:
        def run(connection: Connection) -> T:
            with span_of(self._tracer, "work"):
                return work(connection)

        return run


class TracedMetrics(Metrics):
    """Makes spans of what is told once it is over."""

    def __init__(self, tracer: Tracer) -> None:
        super().__init__()
        self._tracer = tracer

    def drew(self, seconds: float) -> None:
        """Count a variant that was made."""
        super().drew(seconds)
        self._was("draw", seconds)

    def judged(self, family: str, verdict: str, misconception: str | None, seconds: float) -> None:
        """Count a verdict, and the mistake if one was found."""
        super().judged(family, verdict, misconception, seconds)
        self._was("grade", seconds)

    def _was(self, name: str, seconds: float) -> None:
        now = time_ns()
        self._tracer.start_span(name, start_time=now - round(seconds * 1e9)).end(now)
