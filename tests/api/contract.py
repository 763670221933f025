"""A client that holds every answer against the OpenAPI document, and the few calls that most tests make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from jsonschema_rs import Draft202012Validator
from sqlalchemy import Connection
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.storage.database import Database
from app.storage.models import metadata

MOCK = {"family": "cross-entropy-one-hot", "preset": "mock-question"}
JSON_TYPES = ("application/json", "application/problem+json")

Json = dict[str, Any]


@cache
def document() -> Json:
    """Return the OpenAPI document of the service."""
    return create_app(Settings()).openapi()


def held(client: TestClient) -> TestClient:
    """Make the client check every answer: its status is documented, its body fits the schema, and it is no failure."""
    client.event_hooks = {"response": [_check]}
    return client


def _check(response: Response) -> None:
    response.read()
    status, request = response.status_code, response.request
    assert status < 500, response.text
    if status >= 400:
        assert response.headers["content-type"] == "application/problem+json"
    operation = operation_of(request.method, request.url.path)
    if operation is None:
        return
    assert str(status) in operation["responses"], f"{request.method} {request.url.path}: {status} is not documented"
    media_types = operation["responses"][str(status)].get("content", {})
    assert bool(media_types) == bool(response.content)
    if media_types:
        content_type = response.headers["content-type"]
        media_type = content_type if content_type in media_types else content_type.partition(";")[0]
        schema = media_types[media_type]["schema"]
        if "$ref" in schema:
            validator_of(schema["$ref"]).validate(response.json())


def operation_of(method: str, path: str) -> Json | None:
    """Return the operation that answers a path, None where the document has none."""
    for template, methods in document()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            operation: Json | None = methods.get(method.lower())
            return operation
    return None


@cache
def validator_of(reference: str) -> Draft202012Validator:
    """Return what validates against a schema of the document."""
    schema = {"$ref": reference, "components": document()["components"]}
    return Draft202012Validator(schema, validate_formats=True)


def storage_of(client: TestClient) -> Database:
    """Return the database of the application that a client talks to."""
    assert isinstance(client.app, FastAPI)
    storage = client.app.state.context.storage
    assert isinstance(storage, Database)
    return storage


def counted_rows(client: TestClient) -> dict[str, int]:
    """Return how many rows each table has."""
    tables = ("learners", "tokens", "problems", "attempts", "judgements", "idempotency")
    return {table: len(rows_of(client, table)) for table in tables}


def rows_of(client: TestClient, *tables: str) -> list[str]:
    """Return all rows of some tables as text."""
    assert client.portal is not None

    def select(connection: Connection) -> list[str]:
        return [str(row) for table in tables for row in connection.execute(metadata.tables[table].select())]

    return client.portal.call(storage_of(client).read, select)


def posed(client: TestClient, wish: Mapping[str, object] = MOCK, *, headers: Mapping[str, str] | None = None) -> Json:
    """Return a new problem."""
    response = client.post("/v1/problems", json=wish, headers=headers)
    assert response.status_code == 201, response.text
    problem: Json = response.json()
    return problem


def answer(client: TestClient, problem: Json, value: object, *, headers: Mapping[str, str] | None = None) -> Response:
    """Send a value for the only part of a problem."""
    [part] = problem["parts"]
    return client.post(f"/v1/problems/{problem['id']}/attempts", json={"answers": {part["name"]: value}}, headers=headers)


def attempted(client: TestClient, problem: Json, value: object, *, headers: Mapping[str, str] | None = None) -> Json:
    """Return the attempt that a value for the only part of a problem makes."""
    response = answer(client, problem, value, headers=headers)
    assert response.status_code == 201, response.text
    attempt: Json = response.json()
    return attempt
