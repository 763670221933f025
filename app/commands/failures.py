"""What an expected failure is called on the command line."""

from __future__ import annotations

from pydantic import ValidationError

from app.edge.wording import wording
from app.errors import CrossdrillError, UnavailableError
from app.settings import Settings
from app.storage.errors import StorageError
from app.terminal.errors import TerminalError
from quiz_bank.offers import OfferError


def sentence(error: Exception) -> str | None:
    """Return what to say about a failure that is the caller's or the machine's; None for a bug, which needs its traceback."""
    match error:
        case StorageError() | OfferError() | TerminalError():
            return str(error)
        case ValidationError() if error.title == Settings.__name__:
            return "; ".join(f"{_variable(e['loc'])}{e['msg'].removeprefix('Value error, ')}" for e in error.errors())
        case UnavailableError() if error.__cause__:
            return f"the database can't be used: {getattr(error.__cause__, 'orig', error.__cause__)}"
        case CrossdrillError():
            at_fault = "; ".join(f"{each.pointer} {each.detail}".strip() for each in error.errors)
            return at_fault or wording(error.code, "en", error.values).detail
        case OSError():
            reason = error.strerror or str(error)
            return f"{error.filename}: {reason}" if error.filename else reason
        case _:
            return None


def _variable(location: tuple[int | str, ...]) -> str:
    return f"CROSSDRILL_{str(location[0]).upper()}: " if location else ""
