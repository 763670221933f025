"""Strong entity tags over the bytes of a representation, and conditional GET."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response

# A representation depends on who asks and in which language, and is asked for again each time.
HEADERS = {"cache-control": "private, no-cache", "vary": "Authorization, Accept, Accept-Language"}


def entity_tag(body: bytes) -> str:
    """Return the strong tag of a representation: the same for the same bytes, whoever serves them."""
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


def matches(header: str, tag: str) -> bool:
    """Whether `If-None-Match: header` names `tag`; compared weakly, as RFC 9110 wants it for GET."""
    return header.strip() == "*" or tag in (item.strip().removeprefix("W/") for item in header.split(","))


def tagged(
    request: Request, body: bytes, media_type: str = "application/json", headers: Mapping[str, str] | None = None
) -> Response:
    """Return 200 with the representation, or 304 where the caller has it already."""
    tag = entity_tag(body)
    headers = {**HEADERS, **(headers or {}), "etag": tag}
    if matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)
