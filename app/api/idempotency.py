"""`Idempotency-Key`: the same request sent again has the first one's answer, and happens once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Header
from starlette.requests import Request

from app.api.bodies import StrictRequest
from app.api.field_texts import field_text
from app.edge.languages import language_of
from app.errors import FieldError, InvalidInputError

LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Once:
    """What tells a repeated request: the caller's key, and what the request asks for."""

    key: str
    fingerprint: str


async def _once(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="A key of your choice, 1 to 255 printable ASCII characters. Within 24 hours the same request "
            "with the same key has the same answer and nothing happens twice. Without a token, at least 20 characters."
        ),
    ] = None,
) -> Once | None:
    if idempotency_key is None:
        return None
    key = idempotency_key.strip()
    given = request.headers.getlist("idempotency-key")
    if len(given) > 1 or not 1 <= len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        detail = field_text("idempotency_key", language_of(request.scope))
        raise InvalidInputError(errors=(FieldError("/Idempotency-Key", detail),))
    return Once(key, await fingerprint(request))


IfOnce = Annotated[Once | None, Depends(_once)]


async def fingerprint(request: Request) -> str:
    """Return a hash of what is asked for: method, path and the body's content, however that is spaced and ordered."""
    body = await request.body()
    if isinstance(request, StrictRequest):
        body = json.dumps(await request.json(), sort_keys=True, separators=(",", ":")).encode()
    # A NUL can stand in none of the parts, so they can't run into each other.
    return sha256(b"\0".join((request.method.encode(), request.url.path.encode(), body))).hexdigest()
