"""Whether requests are traced: the one place that decides, so that nothing of OpenTelemetry is imported where none are."""

from __future__ import annotations

from starlette.middleware import Middleware

from app.edge.context import Storage
from app.edge.metrics import Metrics
from app.settings import Settings


class Untraced:
    """The parts of an application of which no traces are made."""

    def metrics(self) -> Metrics:
        """Return what counts."""
        return Metrics()

    def storage(self, storage: Storage) -> Storage:
        """Return the storage as requests see it."""
        return storage

    def layers(self) -> list[Middleware]:
        """Return what stands before every other layer."""
        return []

    def close(self) -> None:
        """Send what is left to be sent; may take some seconds."""


def traces_of(settings: Settings) -> Untraced:
    """Return the parts that trace, where the settings name a collector."""
    if not settings.otlp_endpoint:
        return Untraced()
    from app.api.tracing import Traced  # noqa: PLC0415 — an extra, and slow to import

    return Traced(settings.otlp_endpoint)
