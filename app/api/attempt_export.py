"""All attempts of a learner as one file, however many there are."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Query
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.api.answers import read
from app.api.bodies import Instant, rest_router
from app.api.etags import HEADERS
from app.edge.access import Caller, Credentials, Shown
from app.storage import attempt_export
from app.storage.attempt_export import BEFORE_ALL, ExportedAttempt, Slice, Wanted

router = rest_router("attempts")

SLICE: Final = 500
"""So many attempts are read at once: the reader is free again after some milliseconds, however long the file is."""

COLUMNS: Final = ExportedAttempt._fields

# A spreadsheet takes text that begins so for a formula, and runs it.
FORMULA_MARKS: Final = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """Return a value as a cell of CSV: None is empty, and no text can be taken for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return _instant(value)
    text = str(value)
    return "'" + text if isinstance(value, str) and text.startswith(FORMULA_MARKS) else text


def as_csv(attempts: Sequence[ExportedAttempt]) -> str:
    """Return attempts as rows of CSV (RFC 4180), without the row of names."""
    text = StringIO(newline="")
    csv.writer(text).writerows(map(cell, attempt) for attempt in attempts)
    return text.getvalue()


def as_jsonl(attempts: Sequence[ExportedAttempt]) -> str:
    """Return attempts as JSON, one object a line."""
    return "".join(json.dumps(_object(attempt), ensure_ascii=False) + "\n" for attempt in attempts)


def _object(attempt: ExportedAttempt) -> dict[str, Any]:
    return {
        **attempt._asdict(),
        "id": str(attempt.id),
        "problem_id": str(attempt.problem_id),
        "answers": json.loads(attempt.answers),
        "submitted_at": _instant(attempt.submitted_at),
    }


def _instant(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the file: what stands at its head, and how attempts are written."""

    media_type: str
    head: str
    written: Callable[[Sequence[ExportedAttempt]], str]


FORMS: Final = {
    "csv": Form("text/csv; charset=utf-8", ",".join(COLUMNS) + "\r\n", as_csv),
    "jsonl": Form("application/jsonl", "", as_jsonl),
}

DOCUMENTED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "One attempt a row or line, the oldest first. A file that breaks off is not complete: ask again. "
        f"The columns: {', '.join(COLUMNS)}. What is withheld until the end of a drill is empty or null.",
        "content": {form.media_type: {"schema": {"type": "string"}} for form in FORMS.values()},
        "headers": {"Content-Disposition": {"description": "The name to save it under.", "schema": {"type": "string"}}},
    }
}


@router.get("/attempts/export", summary="Download your attempts", response_class=StreamingResponse, responses=DOCUMENTED)
async def export(
    request: Request,
    shown: Shown,
    form: Annotated[
        Literal["csv", "jsonl"], Query(alias="format", description="CSV with a row of names, or JSON lines.")
    ] = "csv",
    family: Annotated[str | None, Query(max_length=100, description="Only attempts at this family.")] = None,
    since: Annotated[Instant | None, Query(description="Only attempts from this time on.")] = None,
    until: Annotated[Instant | None, Query(description="Only attempts before this time.")] = None,
) -> Response:
    """Download all your attempts with their latest verdicts, up to the newest one there is now.

    In CSV the answers are JSON text, and a text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    reader = _Reader(request, shown, Wanted(family, since, until))
    newest, first = await reader.begun()
    headers = {**HEADERS, "content-disposition": f'attachment; filename="crossdrill-attempts.{form}"'}
    return StreamingResponse(_pieces(FORMS[form], reader, newest, first), 200, headers, FORMS[form].media_type)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads a slice at a time, each in a short transaction of its own, so that a slow client holds up nobody.

    Each read asks anew who calls: of a learner who is erased meanwhile nothing more is told.
    """

    request: Request
    shown: Credentials
    wanted: Wanted

    async def begun(self) -> tuple[UUID, Slice]:
        """Return where the file will end, and the first slice."""

        def work(connection: Connection, caller: Caller) -> tuple[UUID, Slice]:
            newest = attempt_export.newest(connection, caller.id)
            return newest, self._slice(connection, caller, BEFORE_ALL, newest)

        return await read(self.request, self.shown, work, guests=True)

    async def following(self, after: UUID, newest: UUID) -> Slice:
        """Return the slice behind `after`."""

        def work(connection: Connection, caller: Caller) -> Slice:
            return self._slice(connection, caller, after, newest)

        return await read(self.request, self.shown, work, guests=True)

    def _slice(self, connection: Connection, caller: Caller, after: UUID, newest: UUID) -> Slice:
        return attempt_export.attempts_after(connection, caller.id, self.wanted, after=after, newest=newest, size=SLICE)


async def _pieces(form: Form, reader: _Reader, newest: UUID, piece: Slice) -> AsyncIterator[str]:
    """Yield the file piece by piece. An error on the way ends it in the middle, for its status is sent already."""
    yield form.head
    while True:
        yield form.written(piece.attempts)
        if piece.after is None:
            return
        piece = await reader.following(piece.after, newest)
