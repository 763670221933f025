"""Request bodies, read strictly: what JSON leaves open is refused here, with a pointer to the place.

Decided, because JSON leaves it open:

- A body needs `Content-Type: application/json`, in UTF-8 if a charset is named (415). No body at all, without a content
  type, is `{}`: a route whose fields are all optional can be called bare, any other one names what is missing.
- What is not UTF-8 or not JSON is 400. `NaN`, `Infinity` and numbers beyond float64 are read, then refused as 422: the
  caller meant a number, and is told to send text.
- 422 with a pointer: a key that stands twice, nesting deeper than 32, NUL and lone surrogates in any text (a database
  can't store the one, UTF-8 can't write the other), and numbers of more than 400 characters.
"""

from __future__ import annotations

import json
import math
import re
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from app.api.direct import direct
from app.api.field_texts import field_text
from app.api.validation import MOST_ERRORS, json_pointer
from app.edge.languages import Language, language_of
from app.errors import CrossdrillError, FieldError, InvalidInputError

DEEPEST = 32
LONGEST_NUMBER = 400
# NUL, and the code points that only ever come in pairs.
FORBIDDEN_CHARACTERS = re.compile("[\0\ud800-\udfff]")


class Body(BaseModel):
    """Base of every request body: unknown fields and other types than the declared ones are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class MalformedJsonError(CrossdrillError):
    """The body is no JSON, or not in UTF-8."""

    code: ClassVar[str] = "malformed-json"


class UnsupportedMediaTypeError(CrossdrillError):
    """The body is declared as something else than JSON in UTF-8."""

    code: ClassVar[str] = "unsupported-media-type"


def _from_text(read: Callable[[str], object]) -> Callable[[object], object]:
    """Let a strict field take the one text form that JSON has for it; anything else stays for pydantic to refuse."""

    def convert(value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return read(value)
        except ValueError:
            return value

    return convert


def _in_utc(value: datetime) -> datetime:
    """Return a time in UTC, as it is stored and compared; at either end of the calendar there is none."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_parsing", "no time in UTC") from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Day = Annotated[date, BeforeValidator(_from_text(date.fromisoformat))]
Moment = Annotated[Instant, BeforeValidator(_from_text(datetime.fromisoformat))]
Identifier = Annotated[UUID, BeforeValidator(_from_text(UUID))]


@dataclass(frozen=True, slots=True)
class _Fault:
    """Stands in the parsed document where a value can't."""

    kind: str


def _number(text: str) -> float | _Fault:
    if len(text) > LONGEST_NUMBER:
        return _Fault("long_number")
    value = float(text)
    return value if math.isfinite(value) else _Fault("not_finite")


def _integer(text: str) -> int | _Fault:
    return int(text) if len(text) <= LONGEST_NUMBER else _Fault("long_number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                result[key] = _Fault("duplicate_key")
            seen.add(key)
    return result


_DECODER = json.JSONDecoder(
    parse_float=_number,
    parse_int=_integer,
    parse_constant=lambda _: _Fault("not_finite"),
    object_pairs_hook=_object,
)


def read_json(raw: bytes, language: Language = "en") -> Any:  # noqa: ANN401 — whatever JSON holds
    """Return the document in `raw`.

    Raises
    ------
    MalformedJsonError
        Not UTF-8, or not JSON; the position is a byte in the first case and a character in the second.
    InvalidInputError
        JSON, with something in it that is refused; one pointer for each place.
    """
    try:
        document = _DECODER.decode(raw.decode())
    except UnicodeDecodeError as error:
        raise _malformed("not_utf8", error.start, language) from None
    except json.JSONDecodeError as error:
        raise _malformed("json_syntax", error.pos, language) from None
    except RecursionError:
        raise _invalid([("", "too_deep")], language) from None
    faults = [(json_pointer(path), kind) for path, kind in _faults(document)]
    if faults:
        raise _invalid(faults, language)
    return document


def _malformed(kind: str, position: int, language: Language) -> MalformedJsonError:
    return MalformedJsonError(errors=(FieldError("", field_text(kind, language), position),))


def _invalid(faults: list[tuple[str, str]], language: Language) -> InvalidInputError:
    limits = {"long_number": LONGEST_NUMBER, "too_deep": DEEPEST}
    errors = (FieldError(pointer, field_text(kind, language, limit=limits.get(kind))) for pointer, kind in faults)
    return InvalidInputError(errors=tuple(errors)[:MOST_ERRORS])


Path = tuple[str | int, ...]


def _faults(document: Any) -> Iterator[tuple[Path, str]]:  # noqa: ANN401 — whatever JSON holds
    """Walk the document without recursion, so that its depth costs nothing, and yield each fault with its place."""
    waiting: deque[tuple[Path, Any]] = deque([((), document)])
    while waiting:
        path, value = waiting.popleft()
        kind = _fault_of(value, len(path))
        if kind is not None:
            yield path, kind
        elif isinstance(value, dict):
            waiting.extend(((*path, key), item) for key, item in value.items())
        elif isinstance(value, list):
            waiting.extend(((*path, index), item) for index, item in enumerate(value))


def _fault_of(value: Any, depth: int) -> str | None:  # noqa: ANN401 — whatever JSON holds
    """Return what is wrong with one value, its members aside."""
    if isinstance(value, str):
        return "forbidden_character" if FORBIDDEN_CHARACTERS.search(value) else None
    if isinstance(value, _Fault):
        return value.kind
    if isinstance(value, (dict, list)) and depth >= DEEPEST:
        return "too_deep"
    if isinstance(value, dict) and any(map(FORBIDDEN_CHARACTERS.search, value)):
        return "forbidden_key"
    return None


class StrictRequest(Request):
    """A request whose JSON was read by the rules of this module before the framework asks for it."""

    async def read_strictly(self) -> None:
        """Read and check the body; the framework finds the result where it looks for it."""
        raw = await self.body()
        if raw or "content-type" in self.headers:
            require_json(self.headers.get("content-type", ""))
        # The framework takes an empty body for no body at all, and would then call every field missing.
        self._body = raw or b"{}"
        self._json = read_json(self._body, language_of(self.scope))


def require_json(content_type: str) -> None:
    """Raise `UnsupportedMediaTypeError` unless the header says JSON, and no other charset than UTF-8."""
    media_type, _, parameters = content_type.lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    if media_type.strip() != "application/json" or charset not in {"", "charset=utf-8", "charset=utf8"}:
        raise UnsupportedMediaTypeError


class StrictRoute(APIRoute):
    """A route that reads its body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the framework's handler: it turns errors of reading into 400, so the reading comes before it."""
        handle = direct(self, super().get_route_handler())
        if self.body_field is None:
            return handle

        async def handle_strictly(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            await strict.read_strictly()
            return await handle(strict)

        return handle_strictly


def rest_router(tag: str) -> APIRouter:
    """Return the router that every resource hangs its routes on."""
    return APIRouter(prefix="/v1", tags=[tag], route_class=StrictRoute, strict_content_type=False)
