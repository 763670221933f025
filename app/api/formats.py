"""One thing in several formats: which one the address or the `Accept` header asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.api.etags import tagged
from app.api.openapi import Responses, refusals
from app.errors import CrossdrillError

JSON: Final = "application/json"
MARKDOWN: Final = "text/markdown"
CSV: Final = "text/csv"
FORMATS: Final = (JSON, MARKDOWN, CSV)
"""What a report can be had as; the first where nothing else is asked for."""

FormatName = Literal["json", "markdown", "csv"]
NAMED: Final[dict[str, str]] = {"json": JSON, "markdown": MARKDOWN, "csv": CSV}
Named = Annotated[FormatName | None, Query(alias="format", description="Goes before what Accept asks for: links can name it.")]
"""A format that the address itself asks for: whoever follows a link can't choose headers."""

SUFFIXES: Final = {JSON: "json", MARKDOWN: "md", CSV: "csv"}

_QUALITY: Final = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


class NotAcceptableError(CrossdrillError):
    """What is asked for can't be had in any format that the caller takes."""

    code: ClassVar[str] = "not-acceptable"


@dataclass(frozen=True, slots=True)
class _Range:
    """A media range of the header: `text/*` with its quality, and its place in the header."""

    pattern: str
    quality: float
    place: int

    def fits(self, media_type: str) -> bool:
        kind, _, subtype = self.pattern.partition("/")
        return self.pattern in (media_type, "*/*") or (subtype == "*" and media_type.startswith(f"{kind}/"))

    @property
    def precision(self) -> int:
        """How much of a media type the range names."""
        return 2 - self.pattern.count("*")


def negotiated(request: Request, named: FormatName | None = None, *, offered: Sequence[str] = FORMATS) -> str:
    """Return the format that a request is best answered in, by RFC 9110; without an `Accept` header it is the first.

    One that is `named` in the address goes before what the header asks for.

    For each format the most precise range that fits decides its quality. Of formats of the same quality the one that is
    named more precisely wins, then the one that is named first. Parameters other than `q` are passed over.

    Raises
    ------
    NotAcceptableError
        The header takes none of them.
    """
    if named is not None:
        return NAMED[named]
    header = ",".join(request.headers.getlist("accept"))
    if not header.strip():
        return offered[0]
    ranges = list(_ranges(header))
    found = {media_type: chosen for media_type in offered if (chosen := _range_for(media_type, ranges)) is not None}
    if not found:
        raise NotAcceptableError
    return max(found, key=lambda media_type: _weight(found[media_type]))


def _weight(chosen: _Range) -> tuple[float, int, int]:
    return chosen.quality, chosen.precision, -chosen.place


def _range_for(media_type: str, ranges: Sequence[_Range]) -> _Range | None:
    """Return the range that decides about a format, None where the format is not wanted."""
    chosen = max((each for each in ranges if each.fits(media_type)), key=lambda each: each.precision, default=None)
    return chosen if chosen is not None and chosen.quality > 0 else None


def _ranges(header: str) -> Iterator[_Range]:
    for place, item in enumerate(header.split(",")):
        pattern, *parameters = (part.strip().lower() for part in item.split(";"))
        yield _Range(pattern, _quality(parameters), place)


def _quality(parameters: Sequence[str]) -> float:
    """Read `q=0.8`; nothing given counts as 1 and nonsense as 0, so that it never wins."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return float(value) if _QUALITY.fullmatch(value.strip()) else 0.0
    return 1.0


def sent(request: Request, body: bytes, media_type: str, name: str) -> Response:
    """Answer a GET with a representation in the format that was negotiated, shown in place or saved as `name`."""
    disposition = f'inline; filename="{name}.{SUFFIXES[media_type]}"'
    return tagged(request, body, media_type, {"content-disposition": disposition})


def in_formats(markdown: str, csv: str, *codes: str) -> Responses:
    """Return the `responses=` of a route that answers in all formats, with examples of two, and its particular errors."""
    header = {"description": "The name to save it under.", "schema": {"type": "string"}}
    answered: dict[str, Any] = {
        "description": "In the format that Accept asks for",
        "content": {
            media_type: {"schema": {"type": "string"}, "example": example}
            for media_type, example in ((MARKDOWN, markdown), (CSV, csv))
        },
        "headers": {"Content-Disposition": header},
    }
    return {200: answered, **refusals("not-acceptable", *codes)}
