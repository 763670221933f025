"""The metrics as Prometheus reads them, of one process or of several that count together.

Several processes share a folder that `PROMETHEUS_MULTIPROC_DIR` names, with a file of counts for each: whichever is asked
answers for all. What a process counted stays when it ends, its gauges go.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Gauge, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
MEDIA_TYPE: Final = "text/plain"
CONTENT_TYPE: Final = f"{MEDIA_TYPE}; version=0.0.4; charset=utf-8"

Export = Callable[[], bytes]
Sample = Callable[[], None]


def exposed(registry: CollectorRegistry) -> tuple[Export, Sample]:
    """Return what exports a registry together with figures of the process, and what looks at these figures."""
    if FOLDER in os.environ:
        return exported_by_all, ProcessGauges().sample
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    return (lambda: generate_latest(registry)), (lambda: None)


def exported_by_all() -> bytes:
    """Return what all processes counted, those that have ended too."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, os.environ[FOLDER])  # type: ignore[no-untyped-call]
    PlatformCollector(registry=registry)
    return generate_latest(registry)


class ProcessGauges:
    """The figures of a process under their usual names, in a form that adds up over processes."""

    def __init__(self) -> None:
        self._collector = ProcessCollector(registry=None)
        self._gauges: dict[str, Gauge] = {}

    def sample(self) -> None:
        """Look at this process."""
        for family in self._collector.collect():
            for sample in family.samples:
                self._gauge(sample.name, family.documentation).set(sample.value)

    def _gauge(self, name: str, documentation: str) -> Gauge:
        if name not in self._gauges:
            self._gauges[name] = Gauge(name, documentation, registry=None, multiprocess_mode=_mode(name))
        return self._gauges[name]


def _mode(name: str) -> Literal["sum", "livemin", "livesum"]:
    """Return how a figure of several processes is one: what only grows stays when a process ends, as the counters do."""
    if name.endswith("_total"):
        return "sum"
    return "livemin" if name == "process_start_time_seconds" else "livesum"
