"""Signing in with a token, and out again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.access import SESSION, digest_of_token
from app.edge.context import context_of
from app.services import accounts
from app.storage.tokens import find_learner_by_digest, revoke_digest
from app.web.forms import Form
from app.web.pages import Page, To, act, look
from app.web.visits import Visitor
from app.web.words import say

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class SignInPage:
    """What `sign_in.html` is rendered with: where to go afterwards, and why it didn't work.

    `provider` is what a provider of sign-ins is called, empty where there is none; it is reached at `away`. `failed` says that
    it was there that it didn't work.
    """

    then: str
    away: str
    provider: str
    registers: bool
    complaint: str = ""
    failed: bool = False


def own_address(address: str) -> str:
    """Return an address of this service, whatever was given: it is followed after signing in."""
    is_own = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if is_own else "/"


def sign_in_form(request: Request, then: str, complaint: str = "", *, failed: bool = False) -> SignInPage:
    """Return what the page is made from: the ways in that there are."""
    settings = context_of(request).settings
    name = settings.oidc_name or urlsplit(settings.oidc_issuer).netloc
    away, registers = f"/sign-in/openid?{urlencode({'then': then})}", settings.registration == "open"
    return SignInPage(then, away, name, registers, complaint, failed)


def sign_in_again(request: Request, then: str, complaint: str, status: int, cookies: Mapping[str, str]) -> Page:
    """Return the page with why signing in elsewhere came to nothing."""
    return Page("sign_in.html", sign_in_form(request, then, complaint, failed=True), status, cookies=cookies)


@router.get("/sign-in")
async def sign_in_page(request: Request, then: str = "/") -> Response:
    """Ask for a token, or lead to a provider of sign-ins."""

    def work(connection: Connection, visitor: Visitor) -> Page | To:
        return To("/") if visitor.local else Page("sign_in.html", sign_in_form(request, own_address(then)))

    return await look(request, work, anyone=True, guests=True)


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Begin a session: a token of its own, which signing out revokes and which leaves the other one where it is."""
    context = context_of(request)
    now, secret, longest = context.clock(), secrets.token_urlsafe(32), context.settings.longest_token

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        then = own_address(form.text("then"))
        digest = digest_of_token(form.text("token"))
        learner = find_learner_by_digest(connection, digest, now) if digest else None
        if digest is None or learner is None:
            complaint = say(visitor.language, "This token is not known, or it has expired. Check that all of it was copied.")
            return Page("sign_in.html", sign_in_form(request, then, complaint), 422)
        context.uses.note(digest, now)
        token = accounts.begin_session(connection, learner.id, secret, now, longest)
        return To(then, {SESSION: token.text})

    return await act(request, work, anyone=True, guests=True)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        if visitor.visit.session.digest is not None:
            revoke_digest(connection, visitor.visit.session.digest, now)
        return To("/" if visitor.local else "/sign-in", {SESSION: ""})

    return await act(request, work, anyone=True, guests=True)
