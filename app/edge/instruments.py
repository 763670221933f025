"""Every metric that the service exports: its name, its help, its labels.

Every label has a bounded set of values (routes as they are declared, families of the bank, statuses), and none names a
person or what one answered.
"""

from __future__ import annotations

from functools import partial
from importlib.metadata import version
from typing import Final, Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from app.storage.migrate import head
from quiz_bank.engine import ENGINE_VERSION
from quiz_bank.grading import GRADER_VERSION

NAMESPACE: Final = "crossdrill"
REQUEST_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
BANK_SECONDS: Final = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25)
TRANSACTION_SECONDS: Final = (0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
CHORE_SECONDS: Final = (0.005, 0.05, 0.25, 1, 5, 30, 120)
WORKS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)

Metric = TypeVar("Metric", Counter, Gauge, Histogram)


disable_created_metrics()  # type: ignore[no-untyped-call] # when a count began is of no use to Prometheus, and doubles what it stores


class By(dict[tuple[str | int, ...], Metric], Generic[Metric]):
    """A metric by the values of its labels; found again at a fraction of what the library takes to look them up."""

    def __init__(self, metric: Metric) -> None:
        super().__init__()
        self._metric: Metric = metric

    def __missing__(self, values: tuple[str | int, ...]) -> Metric:
        return self.setdefault(values, self._metric.labels(*values))


class Instruments:
    """The metrics of one application, in a registry of its own.

    Where several processes count together a gauge is the sum over those that live, unless something else is said.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._counter = partial(Counter, namespace=NAMESPACE, registry=self.registry)
        self._gauge = partial(Gauge, namespace=NAMESPACE, registry=self.registry, multiprocess_mode="livesum")
        self._histogram = partial(Histogram, namespace=NAMESPACE, registry=self.registry)
        self._of_requests()
        self._of_practice()
        self._of_storage()
        self._of_the_process()

    def _of_requests(self) -> None:
        told = "Answers; the status is 499 where the client left before."
        self.requests = By(self._counter("requests", told, ("method", "route", "status")))
        told = "From the head of a request to the end of its answer."
        self.latency = By(self._histogram("request_duration_seconds", told, ("method", "route"), buckets=REQUEST_SECONDS))
        self.in_progress = self._gauge("requests_in_progress", "Requests that are being answered.")
        self.streams = self._gauge("streams_in_progress", "Requests that watch a room, as long as its coach looks on.")

    def _of_practice(self) -> None:
        self.problems = By(self._counter("problems", "Problems set.", ("family",)))
        self.verdicts = By(self._counter("verdicts", "Verdicts on answers that could be read.", ("family", "verdict")))
        self.mistakes = By(self._counter("mistakes", "Answers of which the mistake was found.", ("misconception",)))
        self.draw = self._histogram("draw_duration_seconds", "Making a problem, its checks included.", buckets=BANK_SECONDS)
        self.grade = self._histogram("grade_duration_seconds", "Reading and judging an answer.", buckets=BANK_SECONDS)
        self.misses = self._counter("shelf_misses", "Problems that were not in memory and had to be read.")

    def _of_storage(self) -> None:
        told, buckets = "A transaction, from its begin to after its commit.", TRANSACTION_SECONDS
        self.transactions = By(self._histogram("transaction_duration_seconds", told, ("lane",), buckets=buckets))
        told = "What of a transaction is not the work in it: above all its commit."
        self.commits = By(self._histogram("commit_duration_seconds", told, ("lane",), buckets=buckets))
        self.works = By(self._histogram("transaction_works", "Pieces of work in a transaction.", ("lane",), buckets=WORKS))
        told = "Transactions that failed because the database did."
        self.failures = By(self._counter("transaction_failures", told, ("lane",)))
        self.waiting = By(self._gauge("queue_length", "Pieces of work that wait for a connection.", ("lane",)))
        self.busy = By(self._gauge("connections_busy", "Connections in a transaction.", ("lane",)))
        self.connections = By(self._gauge("connections", "Connections that are held.", ("lane",)))
        told = "1 if the last transaction found the database."
        self.reachable = self._gauge("database_reachable", told, multiprocess_mode="livemin")

    def _of_the_process(self) -> None:
        self.chores = By(self._counter("chores", "Chores, done and failed.", ("chore", "outcome")))
        self.chore = By(self._histogram("chore_duration_seconds", "A chore.", ("chore",), buckets=CHORE_SECONDS))
        told, name = "When a chore was last done, in seconds since 1970.", "chore_last_success_timestamp_seconds"
        self.chore_done = By(self._gauge(name, told, ("chore",), multiprocess_mode="max"))
        labels = ("version", "engine", "grader", "schema")
        build = self._gauge("build_info", "What runs, in the labels.", labels, multiprocess_mode="max")
        build.labels(version("crossdrill"), ENGINE_VERSION, GRADER_VERSION, head()).set(1)
