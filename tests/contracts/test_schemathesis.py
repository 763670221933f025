"""Whatever is sent, the service answers as its document says: no failure, and no status or body outside of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.main import create_app
from app.settings import Settings
from app.storage.database import Database
from tests.api.contract import MOCK, document

ADDRESS = "http://localhost:8000"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDLESS = "/v1/rooms/{code}/events"
OPERATIONS = [(path, method) for path, methods in document()["paths"].items() for method in methods if path != ENDLESS]
BOUNDED = settings(
    max_examples=15,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def calls() -> Iterator[tuple[str, str, GenerationMode]]:
    """Yield every operation for input that fits, and for input that doesn't where anything can be at odds with it."""
    for path, method in OPERATIONS:
        operation = document()["paths"][path][method]
        yield path, method, GenerationMode.POSITIVE
        if {"security", "requestBody"} & operation.keys() or any(p["in"] != "path" for p in operation.get("parameters", [])):
            yield path, method, GenerationMode.NEGATIVE


@pytest.fixture(scope="module")
def schema(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    """Return the document with the application behind it, on a database of its own."""
    file = shutil.copy(migrated_sqlite_file, tmp_path_factory.mktemp("schemathesis") / "crossdrill.db")
    schema = schemathesis.openapi.from_dict(document())
    schema.app = create_app(Settings(), Database(f"sqlite:///{file}"))
    yield schema
    asgi.shutdown_lifespans()


def made(schema: schemathesis.BaseSchema, path: str, body: dict[str, Any], name: str = "id") -> str:
    with asgi.get_client(schema.app) as client:
        return str(client.post(f"{ADDRESS}/v1/{path}", json=body).json()[name])


@pytest.fixture(scope="module")
def report_id(schema: schemathesis.BaseSchema) -> str:
    """Return the id of a report; made once, for few may wait for a decision."""
    return made(schema, f"problems/{made(schema, 'problems', MOCK)}/reports", {"remark": "Wrong."})


@pytest.fixture
def ids(schema: schemathesis.BaseSchema, report_id: str, path: str) -> dict[str, str]:
    """Return an id for every name in a path: of a problem with an attempt, a drill, a token, a room, a report."""
    ids = {"slug": "cross-entropy-one-hot", "topic": "gradients", "date": "2026-11-20", "report_id": report_id}
    if "{" in path:
        problem = ids["problem_id"] = made(schema, "problems", MOCK)
        ids["attempt_id"] = made(schema, f"problems/{problem}/attempts", {"answers": {"loss": "0.3"}})
        ids["drill_id"] = made(schema, "drills", {"preset": "warm-up"})
        ids["token_id"] = made(schema, "me/tokens", {"name": "t"})
        ids["code"] = made(schema, "rooms", {"problems": [MOCK]}, "code")
    return {name: value for name, value in ids.items() if f"{{{name}}}" in path}


@pytest.mark.parametrize(("path", "method", "mode"), list(calls()))
def test_every_answer_is_one_that_the_document_promises(
    schema: schemathesis.BaseSchema, ids: dict[str, str], path: str, method: str, mode: GenerationMode
) -> None:
    operation = schema[path][method]

    @BOUNDED
    @given(operation.as_strategy(generation_mode=mode, path_parameters=ids or None))
    def holds(case: Case[Any]) -> None:
        case.call_and_validate(base_url=ADDRESS, checks=CHECKS)

    holds()


@pytest.mark.parametrize(("path", "method"), [pair for pair in OPERATIONS if "{" in pair[0]])
def test_an_id_may_be_anything(schema: schemathesis.BaseSchema, path: str, method: str) -> None:
    any_text = any(name in path for name in ("{slug}", "{topic}", "{code}"))
    mode = GenerationMode.POSITIVE if any_text else GenerationMode.NEGATIVE

    @BOUNDED
    @given(schema[path][method].as_strategy(generation_mode=mode))
    def holds(case: Case[Any]) -> None:
        case.call_and_validate(base_url=ADDRESS, checks=CHECKS)

    holds()
