"""Who calls, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import Depends
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from sqlalchemy import Connection
from starlette.requests import Request

from app.edge.context import Context
from app.edge.languages import Language
from app.errors import ForbiddenError, GuestError, UnauthenticatedError
from app.services.accounts import digest
from app.storage import learners
from app.storage.ids import LOCAL_LEARNER
from app.storage.learners import CallerRow
from app.storage.tokens import find_learner_by_digest

Role = Literal["learner", "coach", "admin"]

RANK: Final[dict[str, int]] = {"nobody": -1, "learner": 0, "coach": 1, "admin": 2}
NOBODY: Final = UUID(int=0)
"""The id of a caller without a token, where one is let in."""
LONGEST_TOKEN = 255
SESSION: Final = "crossdrill_session"
"""The cookie of a browser that is signed in on the pages; through REST it may read what it sees there."""
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
"""What another website may make a browser send does no harm: a session counts for these alone."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a caller showed: the digest of a token, or nothing. The token itself goes no further.

    What a browser `kept` it sends by itself: a session that has ended counts as nothing shown.
    """

    digest: str | None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a caller turned out to be."""

    id: UUID
    role: str
    language: Language = "en"
    room: UUID | None = None
    """The one room of a guest: whoever joined it with a name alone."""

    def require(self, role: Role) -> None:
        """Raise `ForbiddenError` unless the caller has this role or a higher one."""
        if RANK[self.role] < RANK[role]:
            raise ForbiddenError(role=role)


class BearerToken(SecurityBase):
    """Reads `Authorization: Bearer …`; a dependency that waits for nothing."""

    def __init__(self) -> None:
        self.model = HTTPBearer(description="A token of this service. With local access it may be left out.")
        self.scheme_name = "token"

    async def __call__(self, request: Request) -> Credentials:
        """Return what the caller showed, or raise `UnauthenticatedError` if that is no token at all."""
        headers = request.headers.getlist("authorization")
        if not headers:
            return credentials_of_session(request) if request.method in SAFE_METHODS else Credentials(None)
        scheme, _, token = headers[0].partition(" ")
        found = digest_of_token(token)
        if len(headers) > 1 or scheme.lower() != "bearer" or found is None:
            raise UnauthenticatedError
        return Credentials(found)


def credentials_of_session(request: Request) -> Credentials:
    """Return what a browser sends along that is signed in on the pages."""
    return Credentials(digest_of_token(request.cookies.get(SESSION, "")), kept=True)


def digest_of_token(text: str) -> str | None:
    """Return what is stored of a token; None where the text can't be one."""
    is_token = text.isascii() and text.isprintable() and 0 < len(text) <= LONGEST_TOKEN and " " not in text
    return digest(text) if is_token else None


Shown = Annotated[Credentials, Depends(BearerToken())]


def identify(
    connection: Connection,
    credentials: Credentials,
    context: Context,
    now: datetime,
    *,
    anyone: bool = False,
    guests: bool = False,
) -> Caller:
    """Return the caller, or raise `UnauthenticatedError`; without a token, local access means the local learner.

    `anyone` lets in callers without a token as nobody; a token that is shown must be valid all the same. The guest of a
    room is a `GuestError` but where `guests` lets them in. The use of a token is noted in the context.
    """
    learner = find_learner_by_digest(connection, credentials.digest, now) if credentials.digest is not None else None
    if credentials.digest is None or (learner is None and credentials.kept):
        if context.settings.access == "local":
            return Caller(LOCAL_LEARNER, "admin", _language(learners.get_caller(connection, LOCAL_LEARNER)))
        if anyone:
            return Caller(NOBODY, "nobody")
        raise UnauthenticatedError
    if learner is None:
        raise UnauthenticatedError
    context.uses.note(credentials.digest, now)
    if learner.room_id is not None and not guests:
        raise GuestError
    return Caller(learner.id, learner.role, _language(learner), learner.room_id)


def _language(learner: CallerRow | None) -> Language:
    return "zh" if learner is not None and learner.language == "zh" else "en"
