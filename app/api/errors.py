"""Every error that leaves the API, as RFC 9457 `application/problem+json`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from app.api.validation import concerns_path, field_errors
from app.edge.error_table import CODE_OF_STATUS, TABLE
from app.edge.languages import language_of
from app.edge.wording import wording
from app.errors import CrossdrillError, FieldError, UnavailableError
from app.logs import described

log = structlog.stdlib.get_logger("crossdrill.http")

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "/errors/"
LONGEST_INSTANCE = 512
# What can be asked for -> the method of the route that answers it; HEAD goes wherever GET does.
METHODS = {"GET": "GET", "HEAD": "GET", "POST": "POST", "PUT": "PUT", "PATCH": "PATCH", "DELETE": "DELETE"}


class ErrorField(BaseModel):
    """One field at fault."""

    pointer: str = Field(description="A JSON pointer into the body, or /name of a query parameter or header.")
    position: int | None = Field(None, description="The character at fault, counted from 0.")
    detail: str = Field(description="What to do about it, in the caller's language.")


class ErrorDocument(BaseModel):
    """An error as RFC 9457 has it."""

    type: str = Field(description="Stable, and the address of a page that explains it.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path that was asked for.")
    request_id: str = Field(description="The same as in the X-Request-ID header and in the log.")
    errors: list[ErrorField] | None = Field(None, description="The fields at fault, where there are any.")


def error_document(
    scope: Scope,
    code: str,
    *,
    errors: Sequence[FieldError] = (),
    values: dict[str, object] | None = None,
    status: int | None = None,
) -> ErrorDocument:
    """Return what is said about an error of kind `code` in the caller's language."""
    text = wording(code, language_of(scope), values or {})
    fields = [ErrorField(pointer=e.pointer, position=e.position, detail=e.detail) for e in errors]
    return ErrorDocument(
        type=TYPE_PREFIX + code,
        title=text.title,
        status=status or TABLE[code].status,
        detail=text.detail,
        instance=quote(scope["path"])[:LONGEST_INSTANCE],
        request_id=scope.get("state", {}).get("request_id", ""),
        errors=fields or None,
    )


AsPage = Callable[[Scope, str, ErrorDocument], Response]
"""Makes a page of an error, for the browsers that ask for one."""


def prefers_page(scope: Scope) -> bool:
    """Whether a browser asks, which shows its user what it gets: it names HTML before anything else."""
    accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    return bool(accepted.lstrip().lower().startswith(b"text/html"))


def error_response(
    scope: Scope,
    code: str,
    *,
    errors: Sequence[FieldError] = (),
    values: dict[str, object] | None = None,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the response for an error of kind `code`; plain ASGI layers send it themselves."""
    document = error_document(scope, code, errors=errors, values=values, status=status)
    as_page: AsPage | None = getattr(scope["app"].state, "error_page", None) if prefers_page(scope) else None
    if as_page is not None:
        response = as_page(scope, code, document)
        response.headers.update({**_own_headers(code, values or {}), **(headers or {})})
        return response
    body = document.model_dump_json(exclude_none=True)
    return Response(body, document.status, {**_own_headers(code, values or {}), **(headers or {})}, MEDIA_TYPE)


def _own_headers(code: str, values: dict[str, object]) -> dict[str, str]:
    headers = {"cache-control": "no-store", "vary": "Accept-Language"}
    if "retry_after" in values:
        headers["retry-after"] = str(values["retry_after"])
    if code == "body-too-large":  # the rest of the body is not read, so the connection can't be used again
        headers["connection"] = "close"
    if code == "unauthenticated":
        headers["www-authenticate"] = 'Bearer realm="crossdrill"'
    return headers


async def on_domain_error(request: Request, error: Exception) -> Response:
    """Answer an expected failure by its code."""
    assert isinstance(error, CrossdrillError)  # noqa: S101 — the handler is registered for this class alone
    if isinstance(error, UnavailableError):
        log.warning("database_unavailable", cause=described(error.__cause__))
    return error_response(request.scope, error.code, errors=error.errors, values=error.values)


async def on_validation_error(request: Request, error: Exception) -> Response:
    """Answer a request whose shape is wrong; an identifier in the path that can't be one names nothing: 404."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 — the handler is registered for this class alone
    if concerns_path(error):
        return error_response(request.scope, "not-found")
    return error_response(request.scope, "invalid-input", errors=field_errors(error, language_of(request.scope)))


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses: no such route, no such method and the like. Its own text is not repeated."""
    assert isinstance(error, HTTPException)  # noqa: S101 — the handler is registered for this class alone
    code = CODE_OF_STATUS.get(error.status_code, "bad-request" if error.status_code < 500 else "internal")
    headers = {"allow": ", ".join(allowed_methods(request))} if code == "method-not-allowed" else error.headers
    return error_response(request.scope, code, status=error.status_code, headers=headers)


def allowed_methods(request: Request) -> list[str]:
    """Return what the path takes, over all its routes: the framework names the methods of the first route alone."""
    asked = {"type": "http", "path": request.scope["path"], "root_path": request.scope.get("root_path", "")}
    routes = request.app.routes
    taken = {
        own for own in METHODS.values() if any(route.matches({**asked, "method": own})[0] is Match.FULL for route in routes)
    }
    return [method for method, own in METHODS.items() if own in taken]


def install(app: FastAPI) -> None:
    """Register the handlers. Anything else that is raised is answered by the outermost layer of `app.api.middleware`."""
    app.add_exception_handler(CrossdrillError, on_domain_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_error)
