"""Problems to take along: a deck for Anki, a question file for Moodle.

The files hold presets, and drawings from seeds that are the export's own. So with all their answers they give away nothing of
a problem that was drawn for a drill or a room; presets of a family that a drill withholds from the caller wait for its end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Query
from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import read
from app.api.bodies import rest_router
from app.api.etags import tagged
from app.api.openapi import Responses, refusals
from app.edge.access import Shown
from app.edge.context import utc_now
from app.edge.languages import Language, language_of
from app.errors import WithheldError
from app.exports import moodle
from app.exports.selection import DEFAULT_COUNT, LARGEST_COUNT, Selection, select
from app.storage.problems import families_of_withheld_presets

router = rest_router("exports")

ANKI_MEDIA_TYPE: Final = "application/octet-stream"  # Anki has registered none; this one every browser saves
MOODLE_MEDIA_TYPE: Final = "application/xml"

LOADED_AT: Final = utc_now()
"""The process reads the bank's texts once, when it starts: so old is a deck, which is the same bytes until the next start."""

_MAKER: Final = ThreadPoolExecutor(1, "export")
"""A file of the whole bank takes a core for seconds; one at a time leaves the others to the requests."""

Slug = Annotated[str, StringConstraints(max_length=100)]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a file is to hold."""

    families: tuple[str, ...]
    topic: str | None
    level: int | None
    count: int
    language: Language | None


async def _wish(
    family: Annotated[
        list[Slug] | None, Query(max_length=100, description="Only these families; give it once for each.")
    ] = None,
    topic: Annotated[str | None, Query(max_length=100, description="Only families of this topic.")] = None,
    level: Annotated[int | None, Query(ge=1, le=9, description="Only problems of this level.")] = None,
    count: Annotated[int, Query(ge=1, le=LARGEST_COUNT, description="How many problems of each family.")] = DEFAULT_COUNT,
    language: Annotated[Language | None, Query(description="Of the texts; yours where none is given.")] = None,
) -> Wish:
    return Wish(tuple(family or ()), topic, level, count, language)


WishOf = Annotated[Wish, Depends(_wish)]


def _file(media_type: str, description: str) -> Responses:
    schema = {"type": "string", "format": "binary"}
    header = {"description": "The name to save the file under.", "schema": {"type": "string"}}
    answered: dict[str, Any] = {
        "description": description,
        "content": {media_type: {"schema": schema}},
        "headers": {"Content-Disposition": header},
    }
    return {200: answered, **refusals("unknown-family", "withheld")}


@router.get(
    "/export/anki",
    summary="Download an Anki deck",
    response_class=Response,
    responses=_file(ANKI_MEDIA_TYPE, "A package (.apkg) that Anki imports"),
)
async def export_anki(request: Request, shown: Shown, wish: WishOf) -> Response:
    """Make a deck of problems with their answers, solutions and usual mistakes.

    Import a newer one over it: notes are changed, none comes twice, and what was learnt of a card stays.
    """

    def make(selection: Selection, language: Language) -> bytes:
        from app.exports.anki import deck  # noqa: PLC0415 - it brings a library that takes a while to import

        return deck(selection, language, LOADED_AT)

    return await _sent(request, shown, wish, make, ANKI_MEDIA_TYPE, "apkg")


@router.get(
    "/export/moodle",
    summary="Download a Moodle question file",
    response_class=Response,
    responses=_file(MOODLE_MEDIA_TYPE, "A file in Moodle's XML format"),
)
async def export_moodle(request: Request, shown: Shown, wish: WishOf) -> Response:
    """Make a question file that judges as this service does and tells why a wrong number is wrong.

    What has no type of its own in Moodle becomes the nearest: an infinite answer a choice, a vector a text with gaps.
    """
    return await _sent(request, shown, wish, moodle.questions, MOODLE_MEDIA_TYPE, "xml")


async def _sent(
    request: Request,
    shown: Shown,
    wish: Wish,
    make: Callable[[Selection, Language], bytes],
    media_type: str,
    suffix: str,
) -> Response:
    """Answer with the file that `make` makes of a wish, once it is known who asks."""
    withheld = await read(request, shown, lambda connection, caller: families_of_withheld_presets(connection, caller.id))
    own = language_of(request.scope)
    selection = select(wish.families, topic=wish.topic, level=wish.level, count=wish.count, language=own)
    for family in selection.families:
        if family.slug in withheld:
            raise WithheldError(family=family.slug)
    language = wish.language or own
    file = await asyncio.get_running_loop().run_in_executor(_MAKER, make, selection, language)
    disposition = f'attachment; filename="crossdrill-{_what(selection, wish)}-{language}.{suffix}"'
    return tagged(request, file, media_type, {"content-disposition": disposition})


def _what(selection: Selection, wish: Wish) -> str:
    """Return what a file's name says of its content: names of families and topics are safe in one."""
    return selection.families[0].slug if len(selection.families) == 1 else wish.topic or "problems"
