"""Pydantic's validation errors as JSON pointers and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from app.api.field_texts import field_text
from app.edge.languages import Language
from app.errors import FieldError

MOST_ERRORS = 32


def concerns_path(error: RequestValidationError) -> bool:
    """Whether a part of the path itself is at fault."""
    return any(item["loc"][0] == "path" for item in error.errors())


def field_errors(error: RequestValidationError, language: Language) -> tuple[FieldError, ...]:
    """Return one error a field, in the order of the fields; where a field could be of several types, all are named."""
    details: dict[str, dict[str, None]] = {}
    for item in error.errors():
        pointer = _pointer_of(item["loc"], item["type"], error.body)
        text = field_text(item["type"], language, **_values(item.get("ctx", {}), language))
        details.setdefault(pointer, {})[text] = None
    fields = (FieldError(pointer, " / ".join(texts)) for pointer, texts in details.items())
    return tuple(fields)[:MOST_ERRORS]


def _values(context: Mapping[str, Any], language: Language) -> dict[str, object]:
    """Return what fills a sentence; pydantic lists choices in English: "'a', 'b' or 'c'"."""
    values = dict(context)
    if language == "zh" and "expected" in values:
        values["expected"] = values["expected"].replace(" or ", "、").replace(", ", "、")
    return values


def json_pointer(segments: Sequence[str | int]) -> str:
    """Return the RFC 6901 pointer of `segments`: `("answers", "loss")` is `/answers/loss`."""
    return "".join("/" + str(segment).replace("~", "~0").replace("/", "~1") for segment in segments)


def _pointer_of(location: Sequence[str | int], kind: str, body: Any) -> str:  # noqa: ANN401 — whatever JSON held
    source, *segments = location
    if source != "body":
        return json_pointer(segments)
    return json_pointer(list(_segments_in(body, segments, kind)))


def _segments_in(value: Any, segments: Sequence[str | int], kind: str) -> Iterator[str | int]:  # noqa: ANN401 — JSON
    """Keep what is really a key or an index: pydantic also puts the names of a union's branches into a location."""
    for number, segment in enumerate(segments):
        is_key = isinstance(value, Mapping) and segment in value
        is_index = isinstance(value, list) and isinstance(segment, int) and 0 <= segment < len(value)
        if is_key or is_index:
            yield segment
            value = value[segment]
        elif kind == "missing" and number == len(segments) - 1:
            yield segment
