"""The OpenAPI document, with the errors that every route can answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from app.api.errors import MEDIA_TYPE, TYPE_PREFIX, ErrorDocument
from app.edge.error_table import TABLE

SCHEMA = {"$ref": "#/components/schemas/Error"}
METHODS = frozenset({"get", "put", "post", "delete", "patch"})
STREAMED = frozenset({"/v1/attempts/export"})  # sent before it is known as a whole, so without an entity tag
REPLACED_SCHEMAS = ("HTTPValidationError", "ValidationError")

Responses = dict[int | str, dict[str, Any]]


def refusals(*codes: str) -> Responses:
    """Return the `responses=` of a route for the errors that are particular to it; the general ones are added anyway."""
    responses: Responses = {}
    for code in codes:
        entry = TABLE[code]
        response = responses.setdefault(
            entry.status, {"description": entry.en.title, "content": {MEDIA_TYPE: {"schema": SCHEMA, "examples": {}}}}
        )
        response["content"][MEDIA_TYPE]["examples"][code] = {"summary": entry.en.title, "value": _example(code)}
    return responses


class DocumentedAPI(FastAPI):
    """FastAPI whose OpenAPI document tells the truth about errors, which is none of the framework's business."""

    def openapi(self) -> dict[str, Any]:
        """Return the document: made once, then completed in place."""
        document = super().openapi()
        if "Error" not in document.setdefault("components", {}).setdefault("schemas", {}):
            _complete(document)
        return document


def _complete(document: dict[str, Any]) -> None:
    _add_conditional_reads(document["paths"])
    for method, operation in _operations(document):
        responses = operation["responses"]
        if "HTTPValidationError" in str(responses.get("422")):
            del responses["422"]
        for status, response in refusals(*_general_codes(method, operation)).items():
            _add(responses, str(status), response)
        operation["responses"] = dict(sorted(responses.items()))
    schemas = document["components"]["schemas"]
    for name in REPLACED_SCHEMAS:
        schemas.pop(name, None)
    error = ErrorDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(error.pop("$defs"))
    schemas["Error"] = error
    _complete_examples(schemas)


def _add_conditional_reads(paths: dict[str, dict[str, Any]]) -> None:
    for path, methods in paths.items():
        if "get" in methods and path.startswith("/v1/") and path not in STREAMED:  # conditional, see `app.api.etags`
            methods["get"]["responses"]["304"] = {"description": "Not Modified: If-None-Match names what would be sent"}


def _complete_examples(schemas: dict[str, Any]) -> None:
    for schema in schemas.values():
        for example in schema.get("examples", ()):
            _restore_nulls(example, schema, schemas)


def _restore_nulls(example: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> None:  # noqa: ANN401 — JSON
    """Put null where an example lacks a required property: the framework drops every null from the document."""
    schema = next((each for each in schema.get("anyOf", ()) if each != {"type": "null"}), schema)
    schema = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
    if isinstance(example, list):
        for item in example:
            _restore_nulls(item, schema.get("items", {}), schemas)
    elif isinstance(example, dict):
        example.update({name: None for name in schema.get("required", ()) if name not in example})
        others = schema.get("additionalProperties")
        for name, value in example.items():
            its_schema = schema.get("properties", {}).get(name, others)
            _restore_nulls(value, its_schema if isinstance(its_schema, dict) else {}, schemas)


def _add(responses: dict[str, Any], status: str, response: dict[str, Any]) -> None:
    """Add a response; where the route declares that status itself, only the examples that it lacks."""
    own = responses.setdefault(status, response)
    examples = own["content"][MEDIA_TYPE]["examples"]
    own["content"][MEDIA_TYPE]["examples"] = {**response["content"][MEDIA_TYPE]["examples"], **examples}


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for methods in document["paths"].values():
        yield from ((method, operation) for method, operation in methods.items() if method in METHODS)


def _general_codes(method: str, operation: dict[str, Any]) -> Iterator[str]:
    """Yield what can happen to any operation that looks like this one."""
    parameters = operation.get("parameters", [])
    if any(parameter["in"] == "path" for parameter in parameters):
        yield "not-found"
    if "requestBody" in operation:
        yield from ("malformed-json", "too-slow", "body-too-large", "encoded-body", "unsupported-media-type")
    if "requestBody" in operation or any(parameter["in"] != "path" for parameter in parameters):
        yield "invalid-input"
    if operation.get("security"):
        yield from ("unauthenticated", "guest", "unavailable")
        if method != "get":
            yield "storage-full"
    if "health" not in operation["tags"]:
        yield from ("rate-limited", "overloaded")
    yield "internal"


def _example(code: str) -> dict[str, Any]:
    entry = TABLE[code]
    document = ErrorDocument(
        type=TYPE_PREFIX + code,
        title=entry.en.title,
        status=entry.status,
        detail=entry.en.detail,
        instance="/v1/problems",
        request_id="3f6c1a52e0b94d4f9a2f6f0c8f6f7f11",
        errors=None,
    )
    return document.model_dump(exclude_none=True)
