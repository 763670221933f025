"""Pages of a list: an opaque keyset cursor, so that rows added meanwhile shift nothing."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from starlette.requests import Request

from app.api.field_texts import field_text
from app.edge.languages import language_of
from app.errors import FieldError, InvalidInputError

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 100
UUID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: at most `limit` rows older than `before`."""

    before: UUID | None
    limit: int


def encode_cursor(last: UUID) -> str:
    """Return the cursor that continues after the row `last`."""
    return urlsafe_b64encode(last.bytes).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> UUID:
    """Return the row that a cursor continues after; `ValueError` unless `encode_cursor` could have made it."""
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"==")
    except (UnicodeEncodeError, Base64Error) as error:
        raise ValueError(cursor) from error
    if len(raw) != UUID_BYTES or encode_cursor(UUID(bytes=raw)) != cursor:
        raise ValueError(cursor)
    return UUID(bytes=raw)


async def _page(
    request: Request,
    cursor: Annotated[str | None, Query(description="Where to go on, as the Link header of the page before has it.")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="How many rows at most.")] = DEFAULT_LIMIT,
) -> Page:
    if cursor is None:
        return Page(None, limit)
    try:
        return Page(decode_cursor(cursor), limit)
    except ValueError:
        detail = field_text("cursor", language_of(request.scope))
        raise InvalidInputError(errors=(FieldError("/cursor", detail),)) from None


PageOf = Annotated[Page, Depends(_page)]


def next_link(request: Request, last: UUID) -> dict[str, str]:
    """Return the `Link` header to the page after the row `last`; the other query parameters stay as they are."""
    query = request.url.include_query_params(cursor=encode_cursor(last)).query
    return {"link": f'<{request.url.path}?{query}>; rel="next"'}
