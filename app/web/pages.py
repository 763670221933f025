"""From a service's result to a page: the one way in which pages are shown and forms take effect.

The work of a page is a plain function of a connection and the visitor, run in one transaction of the storage. A form that
took effect leads to a page (303), so that reloading sends nothing again; one that can't shows itself again with what was
typed in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.edge.context import context_of
from app.edge.languages import remember
from app.storage.idempotency import StoredResponse, claim, complete
from app.web.forms import Form, form_of
from app.web.templates import render
from app.web.visits import Visit, Visitor, arrived, keep, remember_forms, visit_of

POLICY = "; ".join(
    ("default-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'")
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "vary": "Accept-Language, Cookie",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page to show: the name of a template and the dataclass that it is made from.

    `shared` pages hold nothing of anybody's, so a browser may keep them.
    """

    template: str
    content: Any
    status: int = 200
    shared: bool = False
    cookies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class To:
    """Where to go next: an address of this service. A cookie that is to go has no text."""

    address: str
    cookies: Mapping[str, str] = field(default_factory=dict)


async def look(
    request: Request, work: Callable[[Connection, Visitor], Page | To], *, anyone: bool = False, guests: bool = False
) -> Response:
    """Show the page that `work` reads; `anyone` and `guests` as for `app.web.visits.arrived`."""
    context = context_of(request)
    visit, now = visit_of(request), context.clock()

    def run(connection: Connection) -> tuple[Visitor, Page | To]:
        visitor = arrived(connection, visit, context, now, anyone=anyone, guests=guests)
        remember(request.scope, visitor.language, visitor.caller.id)
        return visitor, work(connection, visitor)

    visitor, outcome = await context.storage.read(run)
    return shown(request, visitor, outcome)


async def act(
    request: Request,
    work: Callable[[Connection, Visitor, Form], Page | To],
    *,
    anyone: bool = False,
    guests: bool = False,
) -> Response:
    """Do what a form asks; the same copy of it that is sent again leads where it led before, and does nothing."""
    context = context_of(request)
    visit, now = visit_of(request), context.clock()
    form = await form_of(request, visit)

    def run(connection: Connection) -> tuple[Visitor, Page | To]:
        visitor = arrived(connection, visit, context, now, anyone=anyone, guests=guests)
        remember(request.scope, visitor.language, visitor.caller.id)
        if not form.once or not visitor.is_somebody:
            return visitor, work(connection, visitor, form)
        who, print_of_form = f"page {visitor.caller.id}", _fingerprint(request, form)
        key = f"{form.once} {print_of_form}"
        before = claim(connection, who, key, print_of_form, now, learner_id=visitor.caller.id)
        if before is not None:
            return visitor, To(json.loads(before.body))
        outcome = work(connection, visitor, form)
        if isinstance(outcome, To) and not outcome.cookies:
            kept = StoredResponse(303, "{}", json.dumps(outcome.address))
            complete(connection, who, key, kept, learner_id=visitor.caller.id)
        return visitor, outcome

    visitor, outcome = await context.storage.write(run)
    return shown(request, visitor, outcome)


def _fingerprint(request: Request, form: Form) -> str:
    fields = sorted((name, values) for name, values in form.fields.items())
    return blake2b(json.dumps([request.url.path, fields]).encode(), digest_size=16).hexdigest()


def shown(request: Request, visitor: Visitor, outcome: Page | To) -> Response:
    """Return a page or the way to one as a response."""
    response: Response
    if isinstance(outcome, To):
        response = RedirectResponse(outcome.address, 303, {"cache-control": "no-store"})
    else:
        body = render(outcome.template, visitor, outcome.content, request.url.path)
        cache = "private, no-cache" if outcome.shared else "no-store"
        headers = {**HEADERS, "cache-control": cache, "content-language": visitor.language}
        response = HTMLResponse(body, outcome.status, headers)
    _set(response, visitor.visit, outcome.cookies)
    remember_forms(response, visitor.visit)
    return response


def _set(response: Response, visit: Visit, cookies: Mapping[str, str]) -> None:
    for name, value in cookies.items():
        if value:
            keep(response, visit, name, value)
        else:
            response.delete_cookie(name, path="/", secure=visit.secure, httponly=True, samesite="lax")
