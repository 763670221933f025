"""Every failure as a page, for browsers: what went wrong, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from app.edge.access import NOBODY, Caller
from app.edge.context import context_of
from app.edge.languages import language_of
from app.web.pages import Page, To, shown
from app.web.visits import Visitor, visit_of

SIGN_IN = "/sign-in"


class Field(Protocol):
    """What is said of a field at fault."""

    detail: str


class Failure(Protocol):
    """What REST would say of a failure."""

    title: str
    status: int
    detail: str
    request_id: str

    @property
    def errors(self) -> Sequence[Field] | None:
        """The fields at fault, where there are any."""


@dataclass(frozen=True, slots=True)
class FailurePage:
    """What `failure.html` is rendered with."""

    title: str
    detail: str
    fields: tuple[str, ...]
    request_id: str


def error_page(scope: Scope, code: str, failure: Failure) -> Response:
    """Return a failure as a page; who isn't signed in is led to where that is done, and back afterwards."""
    request = Request(scope)
    visit = visit_of(request)
    local = context_of(request).settings.access == "local"
    language = language_of(scope)
    visitor = Visitor(Caller(NOBODY, "nobody", language), None, language, visit, local)
    if code == "unauthenticated":
        then = request.url.path if request.method == "GET" else urlsplit(request.headers.get("referer", "/")).path
        return shown(request, visitor, To(f"{SIGN_IN}?then={quote(then)}"))
    fields = tuple(field.detail for field in failure.errors or ())
    page = FailurePage(failure.title, failure.detail, fields, failure.request_id)
    return shown(request, visitor, Page("failure.html", page, failure.status))
