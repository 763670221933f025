"""Pages for people who use the API: the reference, made from the OpenAPI document, and one page an error type.

They need no script and fetch nothing from elsewhere.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.api.openapi import METHODS
from app.edge.error_table import TABLE, Entry
from app.edge.languages import language_of
from app.errors import NotFoundError

router = APIRouter(include_in_schema=False)

PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "cache-control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One call, as the reference shows it."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    needs_token: bool
    parameters: tuple[dict[str, Any], ...]
    body: dict[str, Any] | None
    responses: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ReferencePage:
    """What `reference.html` is rendered with."""

    title: str
    version: str
    description: str
    groups: dict[str, list[Operation]]
    schemas: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What `error.html` is rendered with."""

    code: str
    entry: Entry
    language: str


@router.get("/docs")
async def reference(request: Request) -> Response:
    """Show every call with its parameters, bodies, answers and examples."""
    return HTMLResponse(_rendered_reference(request.app), headers=PAGE_HEADERS)


@router.get("/docs/style.css")
async def style() -> Response:
    """Return the style sheet of these pages."""
    return Response(_templates().get_template("style.css").render(), media_type="text/css", headers=PAGE_HEADERS)


@router.get("/errors/{code}")
async def error_page(request: Request, code: str) -> Response:
    """Explain one error type in both languages, the caller's first."""
    if code not in TABLE:
        raise NotFoundError
    language = language_of(request.scope)
    page = ErrorPage(code, TABLE[code], language)
    html = _templates().get_template("error.html").render(page=page)
    return HTMLResponse(html, headers={**PAGE_HEADERS, "content-language": language, "vary": "Accept-Language"})


@cache
def _rendered_reference(app: FastAPI) -> str:
    return _templates().get_template("reference.html").render(page=reference_page(app.openapi()))


def reference_page(document: dict[str, Any]) -> ReferencePage:
    """Arrange an OpenAPI document for reading: calls by tag, in the order in which they were declared."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                groups.setdefault(operation.get("tags", ["other"])[0], []).append(_operation(path, method, operation))
    info = document["info"]
    schemas = document["components"]["schemas"]
    return ReferencePage(info["title"], info["version"], info.get("description", ""), groups, schemas)


def _operation(path: str, method: str, operation: dict[str, Any]) -> Operation:
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        needs_token=bool(operation.get("security")),
        parameters=tuple(operation.get("parameters", [])),
        body=operation.get("requestBody"),
        responses=operation["responses"],
    )


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("app.api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"prose": prose, "type": type_of, "json": pretty}
    return environment


def prose(text: str) -> Markup:
    """Return paragraphs, with `code` between backquotes; everything else is plain text."""
    paragraphs = (re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(part))) for part in text.split("\n\n"))
    # Every part was escaped above; the markup that remains is this function's own.
    return Markup("".join(f"<p>{part}</p>" for part in paragraphs))  # noqa: S704 — see above


def type_of(schema: dict[str, Any]) -> Markup:
    """Return a schema's type in few words, linked where it has a section of its own."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#schema-{0}">{0}</a>').format(name)
    if "anyOf" in schema:
        return Markup(" or ").join(map(type_of, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return Markup(", ").join(Markup("<code>{}</code>").format(json.dumps(v)) for v in _values(schema))
    if schema.get("type") == "array":
        return Markup("list of ") + type_of(schema.get("items", {}))
    return Markup("{}").format(schema.get("format", schema.get("type", "any value")))


def _values(schema: dict[str, Any]) -> list[Any]:
    return schema["enum"] if "enum" in schema else [schema["const"]]


def pretty(value: object) -> str:
    """Return JSON for reading."""
    return json.dumps(value, ensure_ascii=False, indent=2)
