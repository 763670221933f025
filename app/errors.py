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


class UnknownTopicError(CrossdrillError):
    """No topic of that name; values: `topic`, `known` (the names that there are)."""

    code = "unknown-topic"


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


class RegistrationClosedError(CrossdrillError):
    """Nobody makes learners over the network here, not even an admin."""

    code = "registration-closed"


class LastAdminError(CrossdrillError):
    """The only admin would be one no more."""

    code = "last-admin"


class ForgedFormError(CrossdrillError):
    """A form that wasn't made for this browser and session, or no longer is."""

    code = "forged-form"


class GuestError(CrossdrillError):
    """Whoever joined a room with a name alone has a token that is good for that room, not for this."""

    code = "guest"


class DrillFinishedError(CrossdrillError):
    """The drill has ended, by its clock or by its learner."""

    code = "drill-finished"


class DrillPausedError(CrossdrillError):
    """The drill's clock stands still until it is resumed."""

    code = "drill-paused"


class DrillRunningError(CrossdrillError):
    """The drill is not paused, so it can't be resumed."""

    code = "drill-running"


class DrillCompleteError(CrossdrillError):
    """Every problem of the drill was handed out."""

    code = "drill-complete"


class PauseNotAllowedError(CrossdrillError):
    """The drill's blueprint allows no pause."""

    code = "pause-not-allowed"


class HintsOffError(CrossdrillError):
    """The drill's blueprint allows no hints."""

    code = "hints-off"


class WithheldError(CrossdrillError):
    """What is asked for would tell what an answer got, and the drill tells that at its end."""

    code = "withheld"


class AnswerFirstError(CrossdrillError):
    """The question that follows a problem is asked once the problem was answered."""

    code = "answer-first"


class RoomClosedError(CrossdrillError):
    """The room takes nobody in any more."""

    code = "room-closed"


class TooManyReportsError(CrossdrillError):
    """Too many problem reports of the learner wait for a decision; values: `limit`."""

    code = "too-many-reports"


class UnsatisfiableBlueprintError(CrossdrillError):
    """No problem meets the conditions of a blueprint; `errors` name the one that leaves nothing."""

    code = "unsatisfiable-blueprint"


class NothingDueError(CrossdrillError):
    """No review is due; values: `due`, when the next one is, empty where there is none to come."""

    code = "nothing-due"


class NotYetError(CrossdrillError):
    """The problem of a day that is still to come; values: `day`."""

    code = "not-yet"


class IdempotencyKeyReusedError(CrossdrillError):
    """The key came before, with another request."""

    code = "idempotency-key-reused"


class OverloadedError(CrossdrillError):
    """More work is queued than the service takes on; values: `retry_after` in seconds."""

    code = "overloaded"


class UnavailableError(CrossdrillError):
    """The database can't be reached or refuses to work; values: `retry_after` in seconds."""

    code = "unavailable"
    retry_after: ClassVar[int] = 1

    def __init__(self) -> None:
        super().__init__(retry_after=self.retry_after)


class StorageFullError(UnavailableError):
    """There is no room left for what is to be stored; what is stored can be read."""

    code = "storage-full"
    retry_after = 10
