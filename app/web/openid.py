"""Signing in through an OpenID Connect provider: there, and back again."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import blake2b, sha256
from hmac import compare_digest
from typing import Any, Final, Literal, cast

import structlog
from fastapi import APIRouter
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request
from starlette.responses import Response

from app.edge.access import SESSION
from app.edge.context import Context, context_of
from app.edge.languages import Language, choose_language
from app.errors import NotFoundError
from app.services import accounts
from app.services.sign_ins import NotEnrolledError, Person, signed_in
from app.settings import Settings
from app.web.account import own_address, sign_in_again
from app.web.openid_provider import Attempt, Provider, SignInError, new_attempt
from app.web.pages import Page, To, look
from app.web.visits import Visitor
from app.web.words import say

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
router = APIRouter(include_in_schema=False)

BACK: Final = "/sign-in/openid/back"
ATTEMPT: Final = "crossdrill_sign_in"
"""The cookie of a sign-in that has begun; it is sealed with the client's secret, which all replicas have."""
LASTS: Final = timedelta(minutes=10)
LONGEST_NAME: Final = 100


def provider_of(request: Request) -> Provider:
    """Return the provider that people sign in through; NotFoundError where there is none."""
    provider: Provider | None = request.app.state.openid
    if provider is None:
        raise NotFoundError
    return provider


@router.get("/sign-in/openid")
async def leave(request: Request, then: str = "/") -> Response:
    """Lead to the provider, which leads back."""
    provider, context, attempt = provider_of(request), context_of(request), new_attempt()
    try:
        address = await provider.address(attempt, _back(request))
    except SignInError as error:
        return await _refused(request, error.why, own_address(then), error.what)
    sealed = _sealed(context.settings, attempt, own_address(then), context.clock())
    return await look(request, lambda connection, visitor: To(address, {ATTEMPT: sealed}), anyone=True, guests=True)


@router.get(BACK)
async def come_back(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
    """Begin a session for whom the provider vouches for."""
    provider, context = provider_of(request), context_of(request)
    attempt, then = _opened(context.settings, request.cookies.get(ATTEMPT, ""), context.clock())
    try:
        begun = _begun(attempt, state)
        claims = await provider.claims(begun, _back(request), _code(code, error))
        person = person_of(claims, context.settings)
        token = await session_of(context, person)
    except SignInError as failure:
        return await _refused(request, failure.why, then, failure.what)
    except NotEnrolledError:
        return await _refused(request, "unknown", then, "nobody here is known by that account")
    cookies = {SESSION: token, ATTEMPT: ""}
    return await look(request, lambda connection, visitor: To(then, cookies), anyone=True, guests=True)


def _begun(attempt: Attempt | None, state: str) -> Attempt:
    """Return the attempt if it is the one that the provider answers; another website may lead a browser here too."""
    if attempt is None or not compare_digest(attempt.state.encode(), state.encode()):
        raise SignInError("failed", "it didn't begin in this browser, or too long ago")
    return attempt


def _code(code: str, error: str) -> str:
    if not code:
        raise SignInError("cancelled" if error == "access_denied" else "failed", "the provider gave no code")
    return code


def _back(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{BACK}"


async def session_of(context: Context, person: Person) -> str:
    """Return the token of a new session."""
    now, secret, settings = context.clock(), secrets.token_urlsafe(32), context.settings

    def work(connection: Connection) -> str:
        learner = signed_in(connection, person, now, closed=settings.registration == "closed")
        return accounts.begin_session(connection, learner.id, secret, now, settings.longest_token).text

    try:
        return await context.storage.write(work)
    except IntegrityError:  # the same person came in for the first time twice at once: now they are known
        return await context.storage.write(work)


async def _refused(request: Request, why: Literal["down", "failed", "cancelled", "unknown"], then: str, what: str) -> Response:
    log.warning("sign_in_failed", why=why, what=what)

    def work(connection: Connection, visitor: Visitor) -> Page:
        status, complaint = _told(why, visitor.language)
        return sign_in_again(request, then, complaint, status, {ATTEMPT: ""})

    return await look(request, work, anyone=True, guests=True)


def _told(why: str, language: Language) -> tuple[int, str]:
    match why:
        case "down":
            return 503, say(language, "The sign-in service can't be reached. Try again in a few minutes, or use a token.")
        case "cancelled":
            return 403, say(language, "The sign-in was cancelled there. Nothing happened here; you may try again.")
        case "unknown":
            return 403, say(language, "Your account there is not known here. Ask whoever runs this service to enrol you.")
        case _:
            return 400, say(language, "The sign-in could not be completed. Start again from here.")


def person_of(claims: Mapping[str, Any], settings: Settings) -> Person:
    """Return whom claims speak of.

    Raises
    ------
    NotEnrolledError
        Their e-mail address is none of the domains that may sign in, or nobody has made sure that it is theirs.
    """
    email = str(claims.get("email") or "")
    email = email if str(claims.get("email_verified")).lower() == "true" else ""
    if settings.oidc_domains and email.rpartition("@")[2].lower() not in listed(settings.oidc_domains.lower()):
        raise NotEnrolledError
    return Person(
        issuer=settings.oidc_issuer,
        subject=claims["sub"],
        name=_name(claims, email),
        email=email,
        language=choose_language(str(claims.get("locale") or "")),
        time_zone=str(claims.get("zoneinfo") or "UTC"),
        role=_role(claims, settings),
    )


def _name(claims: Mapping[str, Any], email: str) -> str:
    given = (claims.get("name"), claims.get("preferred_username"), email.partition("@")[0])
    printable = ("".join(each for each in str(name or "") if each.isprintable()).strip() for name in given)
    return next(filter(None, printable), "learner")[:LONGEST_NAME]


def _role(claims: Mapping[str, Any], settings: Settings) -> str | None:
    """Return the role that a claim gives, None where no claim is asked. A dot leads into a claim: `realm_access.roles`."""
    name = settings.oidc_role_claim
    if not name:
        return None
    found: Any = claims
    for step in (name,) if name in claims else name.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    values = {str(each) for each in found} if isinstance(found, list) else {str(found)}
    if values & listed(settings.oidc_admins):
        return "admin"
    return "coach" if values & listed(settings.oidc_coaches) else "learner"


def listed(text: str) -> set[str]:
    """Return what a setting lists, separated by commas."""
    return {each.strip() for each in text.split(",")} - {""}


def _mac(settings: Settings, text: str) -> str:
    key = sha256(settings.oidc_client_secret.get_secret_value().encode()).digest()
    return blake2b(text.encode(), digest_size=16, key=key, person=b"crossdrill oidc").hexdigest()


def _sealed(settings: Settings, attempt: Attempt, then: str, now: datetime) -> str:
    fields = {**asdict(attempt), "then": then, "until": (now + LASTS).timestamp()}
    text = urlsafe_b64encode(json.dumps(fields).encode()).decode()
    return f"{text}.{_mac(settings, text)}"


def _opened(settings: Settings, cookie: str, now: datetime) -> tuple[Attempt | None, str]:
    """Return the attempt that a cookie holds and where it leads; None for one that isn't sealed, or is too old."""
    text, _, mac = cookie.partition(".")
    if not compare_digest(_mac(settings, text).encode(), mac.encode()):
        return None, "/"
    fields = cast("dict[str, Any]", json.loads(urlsafe_b64decode(text)))
    then = own_address(fields["then"])
    if fields["until"] < now.timestamp():
        return None, then
    return Attempt(fields["state"], fields["nonce"], fields["verifier"]), then
