"""What can go wrong, without a word of HTTP: the edge maps each class to a status, once, in `app.api.errors`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field at fault: a JSON pointer into the request, the character where it matters, and what to do about it."""

    pointer: str
    detail: str
    position: int | None = None


class CrossdrillError(Exception):
    """Base of every expected failure. `code` is stable; `values` fill the text that the edge chooses for it."""

    code: ClassVar[str]

    def __init__(self, *, errors: tuple[FieldError, ...] = (), **values: object) -> None:
        super().__init__(self.code)
        self.errors = errors
        self.values = values


class NotFoundError(CrossdrillError):
    """No such thing, or another learner's: the two look the same from outside."""

    code = "not-found"


class InvalidInputError(CrossdrillError):
    """The request has the right shape and a wrong content; `errors` say where."""

    code = "invalid-input"


class UnknownFamilyError(CrossdrillError):
    """No family of that name; values: `slug`, `near` (a tuple of slugs that look alike)."""

    code = "unknown-family"


class FamilyUnavailableError(CrossdrillError):
    """A stored problem that today's families can't restore: its family, its level or the form of its parameters is gone."""

    code = "family-unavailable"


class UnknownZoneError(CrossdrillError):
    """No time zone of that name; values: `zone`."""

    code = "unknown-time-zone"


class UnreadableAnswerError(CrossdrillError):
    """An answer that is no number: refused, not stored, and no try used up."""

    code = "unreadable-answer"


class UnauthenticatedError(CrossdrillError):
    """No token, or one that is unknown, expired or revoked."""

    code = "unauthenticated"


class ForbiddenError(CrossdrillError):
    """The caller is known and lacks the role; values: `role`."""

    code = "forbidden"


class IdempotencyKeyReusedError(CrossdrillError):
    """The key came before, with another request."""

    code = "idempotency-key-reused"


class OverloadedError(CrossdrillError):
    """More work is queued than the service takes on; values: `retry_after` in seconds."""

    code = "overloaded"


class UnavailableError(CrossdrillError):
    """The database can't be reached or refuses to work."""

    code = "unavailable"
