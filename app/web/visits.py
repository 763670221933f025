"""Who looks at a page: the session, what was chosen on this device, and what their forms are known by."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final, Literal, cast
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.access import NOBODY, Caller, Credentials, credentials_of_session, identify
from app.edge.context import Context
from app.edge.languages import Language, asked_language
from app.storage import learners
from app.storage.learners import LearnerRow

Scheme = Literal["auto", "light", "dark"]

FORMS: Final = "crossdrill_forms"
CHOICES: Final = "crossdrill_choices"
YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen on this device, besides the language."""

    scheme: Scheme = "auto"
    keys: bool = True
    clock: bool = True

    def to_cookie(self) -> str:
        """Return the choices as a cookie holds them."""
        switches = {"keys": "on" if self.keys else "off", "clock": "on" if self.clock else "off"}
        return urlencode({"scheme": self.scheme, **switches})


def choices_from_cookie(text: str) -> Choices:
    """Return choices as they were before `to_cookie`; nonsense counts as not chosen."""
    given = dict(parse_qsl(text[:200]))
    scheme = given.get("scheme")
    return Choices(
        cast("Scheme", scheme) if scheme in {"light", "dark"} else "auto",
        given.get("keys") != "off",
        given.get("clock") != "off",
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """What a browser sent with its request, before anybody is looked up."""

    session: Credentials
    forms: str
    is_new: bool
    choices: Choices
    asked: Language | None
    secure: bool

    @property
    def seal(self) -> str:
        """What a form of this visitor holds, and no other website can know: it fits the browser and the session."""
        whose = f"{self.forms} {self.session.digest}".encode()
        return blake2b(whose, digest_size=16, person=b"crossdrill form").hexdigest()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom a page is made for. Nobody in particular, where `learner` is None."""

    caller: Caller
    learner: LearnerRow | None
    language: Language
    visit: Visit
    local: bool

    @property
    def choices(self) -> Choices:
        """What was chosen on this device."""
        return self.visit.choices

    @property
    def zone(self) -> str:
        """The time zone that the visitor lives in."""
        return "UTC" if self.learner is None else self.learner.time_zone

    @property
    def is_somebody(self) -> bool:
        """Whether the visitor can practise."""
        return self.caller.id != NOBODY

    @property
    def is_guest(self) -> bool:
        """Whether the visitor joined a room with a name alone."""
        return self.caller.room is not None

    @property
    def coaches(self) -> bool:
        """Whether the visitor may open rooms."""
        return self.caller.role in {"coach", "admin"}

    @property
    def administers(self) -> bool:
        """Whether the visitor looks after other people's accounts; with local access there are none."""
        return self.caller.role == "admin" and not self.local


def visit_of(request: Request) -> Visit:
    """Return what a browser sent with its request."""
    cookies = request.cookies
    forms = cookies.get(FORMS, "")
    is_new = not (len(forms) == 43 and forms.isascii())
    return Visit(
        credentials_of_session(request),
        secrets.token_urlsafe(32) if is_new else forms,
        is_new,
        choices_from_cookie(cookies.get(CHOICES, "")),
        asked_language(request.scope),
        request.url.scheme == "https",
    )


def arrived(connection: Connection, visit: Visit, context: Context, now: datetime, *, anyone: bool, guests: bool) -> Visitor:
    """Return who it is.

    Raises
    ------
    UnauthenticatedError
        It is nobody, and the page isn't for `anyone`.
    GuestError
        It is the guest of a room, and the page isn't for `guests`.
    """
    caller = identify(connection, visit.session, context, now, anyone=anyone, guests=guests)
    learner = learners.get(connection, caller.id) if caller.id != NOBODY else None
    language = visit.asked or caller.language
    return Visitor(caller, learner, language, visit, context.settings.access == "local")


def remember_forms(response: Response, visit: Visit) -> None:
    """Give a browser that is here for the first time what its forms are known by."""
    if visit.is_new:
        keep(response, visit, FORMS, visit.forms, age=None, strict=True)


def keep(response: Response, visit: Visit, name: str, value: str, *, age: int | None = YEAR, strict: bool = False) -> None:
    """Set a cookie that no script reads, that no other website has sent along with a form, and that stays behind TLS."""
    same_site: Literal["strict", "lax"] = "strict" if strict else "lax"
    response.set_cookie(name, value, max_age=age, path="/", secure=visit.secure, httponly=True, samesite=same_site)
