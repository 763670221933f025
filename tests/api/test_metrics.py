"""What the service counts of itself, and who may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection
from starlette.testclient import TestClient

from app.edge.metrics import Metrics
from app.errors import UnavailableError
from app.main import ROUTERS
from app.services.blueprints import Blueprint
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER
from tests.api.conftest import FakeStorage, Refused, Serve
from tests.api.contract import answer, attempted, posed
from tests.api.drilling import MOCK_ITEM, handed_out, planted
from tests.api.people import enrolled

T = TypeVar("T")

Samples = dict[tuple[str, ...], float]


def families(text: str) -> list[Metric]:
    return list(text_string_to_metric_families(text))


def samples(client: TestClient, name: str) -> Samples:
    """Return the values of a metric by those of its labels, in the order of their names."""
    return samples_in(families(client.get("/metrics").text), name)


def samples_in(found: Iterable[Metric], name: str) -> Samples:
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in found
        for sample in family.samples
        if sample.name == name
    }


@pytest.fixture
def client(serve: Serve, sqlite_url: str) -> TestClient:
    return serve(storage=None, database_url=sqlite_url)


def test_requests_are_counted_by_method_route_and_status(client: TestClient) -> None:
    problem = posed(client)
    client.get(f"/v1/problems/{problem['id']}")
    client.get(f"/v1/problems/{problem['id']}")
    client.head("/livez")
    counted = samples(client, "crossdrill_requests_total")
    assert counted["POST", "/v1/problems", "201"] == 1
    assert counted["GET", "/v1/problems/{problem_id}", "200"] == 2
    assert counted["HEAD", "/livez", "200"] == 1


def test_what_no_route_takes_has_one_name_whatever_is_asked_for(client: TestClient) -> None:
    for path in ("/ann", "/bob/hunter2", "/v1/nothing"):
        client.get(path)
        client.request("BREW", path)
    counted = samples(client, "crossdrill_requests_total")
    assert {route: count for route, count in counted.items() if route[1] == "none"} == {
        ("GET", "none", "404"): 3,
        ("other", "none", "404"): 3,
    }


def test_every_label_of_a_request_is_a_route_as_it_is_declared(client: TestClient) -> None:
    problem = posed(client)
    attempted(client, problem, "0.3")
    client.get("/problems/" + problem["id"], headers={"accept": "text/html"})
    declared = {getattr(route, "path", None) for router in ROUTERS for route in router.routes}
    assert {route for _, route, _ in samples(client, "crossdrill_requests_total")} <= declared | {"none"}


def test_a_request_is_in_the_histogram_of_its_route_once(client: TestClient) -> None:
    client.get("/livez")
    assert samples(client, "crossdrill_request_duration_seconds_count")["GET", "/livez"] == 1


def test_the_request_that_asks_is_in_progress_and_no_other(client: TestClient) -> None:
    client.get("/livez")
    assert samples(client, "crossdrill_requests_in_progress") == {(): 1}


def test_verdicts_are_counted_by_family_and_mistakes_by_what_they_are(client: TestClient) -> None:
    problem = posed(client)
    for text in ("0.5146", "0.357"):
        attempted(client, problem, text)
    found = families(client.get("/metrics").text)
    one = "cross-entropy-one-hot"
    assert samples_in(found, "crossdrill_verdicts_total") == {(one, "wrong"): 1, (one, "right"): 1}
    assert samples_in(found, "crossdrill_mistakes_total") == {("wrong-log-base-2",): 1}
    assert samples_in(found, "crossdrill_problems_total") == {(one,): 1}
    assert samples_in(found, "crossdrill_grade_duration_seconds_count") == {(): 2}
    assert samples_in(found, "crossdrill_draw_duration_seconds_count") == {(): 1}
    assert samples_in(found, "crossdrill_shelf_misses_total") == {(): 0}


@pytest.mark.parametrize("text", ["0.357", "0.5146"])
def test_of_a_verdict_that_is_withheld_nothing_is_told(client: TestClient, text: str) -> None:
    exam = Blueprint(length=3, minutes=30, feedback="at-end", interview=True)
    drill = planted(client, str(LOCAL_LEARNER), exam, (MOCK_ITEM,), datetime.now(UTC))
    attempted(client, handed_out(client, drill), text)
    assert samples(client, "crossdrill_verdicts_total") == {("cross-entropy-one-hot", "withheld"): 1}
    assert samples(client, "crossdrill_mistakes_total") == {}


def test_a_problem_that_is_not_in_memory_is_a_miss(serve: Serve, sqlite_url: str) -> None:
    first, second = (serve(storage=None, database_url=sqlite_url) for _ in range(2))
    attempted(second, posed(first), "0.357")
    assert samples(second, "crossdrill_shelf_misses_total") == {(): 1}


def test_an_answer_that_cannot_be_read_has_no_verdict(client: TestClient) -> None:
    assert answer(client, posed(client), "about a third").status_code == 422
    assert samples(client, "crossdrill_verdicts_total") == {}


def test_a_problem_of_a_drill_is_counted_too(client: TestClient) -> None:
    drill = client.post("/v1/drills", json={"preset": "warm-up"}).json()["id"]
    client.post(f"/v1/drills/{drill}/next", json={})
    assert sum(samples(client, "crossdrill_problems_total").values()) == 1


def test_the_connections_and_their_queues_are_told(client: TestClient) -> None:
    found = families(client.get("/metrics").text)
    assert samples_in(found, "crossdrill_connections") == {("reader",): 2, ("writer",): 1}
    assert set(samples_in(found, "crossdrill_queue_length")) == {("reader",), ("writer",)}
    assert samples_in(found, "crossdrill_transaction_failures_total") == {("reader",): 0, ("writer",): 0}
    assert samples_in(found, "crossdrill_database_reachable") == {(): 1}


def test_a_database_that_fails_is_told_until_it_is_there_again() -> None:
    metrics = Metrics()
    metrics.ended("writer", 3, 0.1, 0.01, failed=True)
    found = families(metrics.export().decode())
    assert samples_in(found, "crossdrill_database_reachable") == {(): 0}
    assert samples_in(found, "crossdrill_transaction_failures_total") == {("writer",): 1}
    metrics.ended("reader", 1, 0.1, 0.01, failed=False)
    assert samples_in(families(metrics.export().decode()), "crossdrill_database_reachable") == {(): 1}


def test_a_room_that_is_watched_is_counted_as_long_as_it_is() -> None:
    metrics = Metrics()
    with metrics.streaming():
        assert samples_in(families(metrics.export().decode()), "crossdrill_streams_in_progress") == {(): 1}
    assert samples_in(families(metrics.export().decode()), "crossdrill_streams_in_progress") == {(): 0}


def test_chores_are_counted_as_they_are_done(client: TestClient) -> None:
    posed(client)  # stands behind them in the writer's queue
    done = samples(client, "crossdrill_chores_total")
    assert done["end_due", "done"] >= 1
    assert {outcome for _, outcome in done} == {"done"}


def test_a_chore_is_counted_and_a_failed_one_does_not_count_as_done() -> None:
    metrics = Metrics()
    metrics.did("purge", 0.5, failed=True)
    metrics.did("sweep", 0.5, failed=False)
    found = families(metrics.export().decode())
    assert samples_in(found, "crossdrill_chores_total") == {("purge", "failed"): 1, ("sweep", "done"): 1}
    assert set(samples_in(found, "crossdrill_chore_last_success_timestamp_seconds")) == {("sweep",)}


def test_one_thing_for_which_a_chore_fails_is_a_failure() -> None:
    metrics = Metrics()
    metrics.stumbled("settle")
    assert samples_in(families(metrics.export().decode()), "crossdrill_chores_total") == {("settle", "failed"): 1}


def test_the_process_and_what_runs_are_told(client: TestClient) -> None:
    found = families(client.get("/metrics").text)
    assert samples_in(found, "crossdrill_build_info")
    assert samples_in(found, "process_resident_memory_bytes")
    assert samples_in(found, "python_gc_collections_total")


def test_two_applications_of_one_process_count_apart(serve: Serve) -> None:
    first, second = serve(), serve()
    first.get("/livez")
    assert ("GET", "/livez") not in samples(second, "crossdrill_request_duration_seconds_count")


def test_the_text_format_is_named(client: TestClient) -> None:
    assert client.get("/metrics").headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


class Away(FakeStorage):
    """A database that is not there."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        raise UnavailableError


@pytest.mark.parametrize("settings", [{"access": "local"}, {"access": "tokens", "metrics": "open"}])
def test_who_needs_no_token_reads_them_while_the_database_is_away(serve: Serve, settings: dict[str, str]) -> None:
    assert serve(storage=Away(), **settings).get("/metrics").status_code == 200


def test_with_tokens_an_admin_alone_reads_them(serve: Serve, sqlite_url: str, refused: Refused) -> None:
    client = serve(storage=Database(sqlite_url), access="tokens")
    coach, admin = (enrolled(client, role, role=role) for role in ("coach", "admin"))
    refused(client.get("/metrics"), 401, "unauthenticated")
    refused(client.get("/metrics", headers=coach.headers), 403, "forbidden")
    assert client.get("/metrics", headers=admin.headers).status_code == 200


def test_switched_off_there_is_nothing(serve: Serve, refused: Refused) -> None:
    refused(serve(metrics="off").get("/metrics"), 404, "not-found")
