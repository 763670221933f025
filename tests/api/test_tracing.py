"""Traces, as a collector gets them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from pydantic import ValidationError
from starlette.testclient import TestClient

from app import settings as settings_module
from app.api.bodies import rest_router
from app.logs import configure_logging
from app.settings import Settings
from tests.api.conftest import served
from tests.api.contract import MOCK

MARK = "hunter2"
ANSWER = "0.35667494"
TRACE = "0af7651916cd43dd8448eb211c80319c"

router = rest_router("tracing")


@router.get("/boom")
async def boom() -> None:
    raise RuntimeError(MARK)


class Collector:
    """Takes traces as an OpenTelemetry collector does, and keeps them as they came."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                collector.bodies.append(body if self.path == "/v1/traces" else b"")
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def spans(self) -> list[Span]:
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def trace_of(self, name: str) -> list[Span]:
        """Return the spans of the trace in which there is a request of that name, in the order of their beginning."""
        spans = self.spans()
        [trace] = {span.trace_id for span in spans if span.name == name}
        return sorted((span for span in spans if span.trace_id == trace), key=lambda span: span.start_time_unix_nano)


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    thread = threading.Thread(target=collector.server.serve_forever, args=(0.01,))
    thread.start()
    yield collector
    collector.server.shutdown()
    thread.join()
    collector.server.server_close()


@contextmanager
def traced(url: str, collector: Collector) -> Iterator[TestClient]:
    """Serve with traces; when it ends the collector has them all."""
    with served(router, storage=None, database_url=url, otlp_endpoint=collector.url) as client:
        yield client


def attributes(span: Span) -> dict[str, str | int]:
    return {item.key: item.value.string_value or item.value.int_value for item in span.attributes}


def test_a_request_has_a_trace_with_its_work_within(sqlite_url: str, collector: Collector) -> None:
    with traced(sqlite_url, collector) as client:
        problem = client.post("/v1/problems", json=MOCK).json()["id"]
        client.post(f"/v1/problems/{problem}/attempts", json={"answers": {"loss": ANSWER}})
    request, write, work, grade = collector.trace_of("POST /v1/problems/{problem_id}/attempts")
    assert [span.name for span in (write, work, grade)] == ["write", "work", "grade"]
    assert (write.parent_span_id, work.parent_span_id, grade.parent_span_id) == (request.span_id, write.span_id, work.span_id)
    assert request.kind == Span.SPAN_KIND_SERVER
    assert attributes(request) == {
        "http.request.method": "POST",
        "http.route": "/v1/problems/{problem_id}/attempts",
        "http.response.status_code": 201,
    }
    assert "draw" in {span.name for span in collector.trace_of("POST /v1/problems")}


def test_nothing_of_what_callers_send_is_in_a_trace(sqlite_url: str, collector: Collector) -> None:
    with traced(sqlite_url, collector) as client:
        problem = client.post("/v1/problems", json=MOCK).json()["id"]
        sent = {"answers": {"loss": ANSWER}}
        client.post(
            f"/v1/problems/{problem}/attempts?q={MARK}", json=sent, headers={"user-agent": MARK, "baggage": f"a={MARK}"}
        )
        client.patch("/v1/me", json={"name": MARK})
        client.get(f"/v1/{MARK}/{problem}", headers={"authorization": f"Bearer {MARK}"})
        client.get("/v1/me", headers={"authorization": f"Bearer {MARK}"})
        client.request("BREW", "/v1/boom")
        client.get("/v1/boom")
    assert len([span for span in collector.spans() if span.kind == Span.SPAN_KIND_SERVER]) == 7
    told = b"".join(collector.bodies)
    assert [mark for mark in (MARK, ANSWER, problem, "BREW") if mark.encode() in told] == []


def test_a_failure_is_an_error_of_its_class_alone(sqlite_url: str, collector: Collector) -> None:
    with traced(sqlite_url, collector) as client:
        client.get("/v1/boom")
        client.get("/v1/problems/01990b7e-3c00-7000-8000-000000000000")
    [failed] = collector.trace_of("GET /v1/boom")
    assert failed.status.code == Status.STATUS_CODE_ERROR
    assert not failed.status.message
    missing, read, work = collector.trace_of("GET /v1/problems/{problem_id}")
    assert missing.status.code == Status.STATUS_CODE_UNSET
    assert [attributes(span) for span in (read, work)] == [{"error.type": "NotFoundError"}] * 2


def test_a_trace_goes_on_from_the_callers_and_is_named_in_the_log(
    sqlite_url: str, collector: Collector, monkeypatch: pytest.MonkeyPatch, restored_logging: None
) -> None:
    written = StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure_logging(Settings.model_validate({"log_format": "json"}))
    with traced(sqlite_url, collector) as client:
        client.get("/livez", headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
    [span] = collector.trace_of("GET /livez")
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, "b7ad6b7169203331")
    [line] = [json.loads(line) for line in written.getvalue().splitlines() if "/livez" in line]
    assert line["trace_id"] == TRACE


@pytest.mark.parametrize(
    "given", ["127.0.0.1:4318", "grpc://collector:4317", "http://", "http://me:hunter2@collector", "http://:hunter2@collector"]
)
def test_what_is_no_collector_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(ValidationError, match="Give a URL such as") as caught:
        Settings(otlp_endpoint=given)
    assert MARK not in str(caught.value)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_module, "find_spec", lambda _: None)
    with pytest.raises(ValidationError, match=r"pip install 'crossdrill\[otel\]'"):
        Settings(otlp_endpoint="http://127.0.0.1:4318")


def test_without_a_collector_nothing_of_it_is_imported() -> None:
    program = (
        "import sys; from app.main import create_app; from app.settings import Settings; create_app(Settings());"
        "sys.exit(any(name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
