"""Forms: what was typed into one, and whether it is one of ours."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from hmac import compare_digest
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request

from app.errors import ForgedFormError, InvalidInputError
from app.web.visits import Visit

SEAL: Final = "seal"
ONCE: Final = "once"
MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
MOST_FIELDS: Final = 500


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form that was sent; of a field that isn't there the text is empty."""

    fields: Mapping[str, list[str]]

    def text(self, name: str) -> str:
        """Return what was typed into a field, without the spaces around it."""
        return self.fields.get(name, [""])[-1].strip()

    def all(self, name: str) -> list[str]:
        """Return everything that was chosen or typed under a name, in order."""
        return [value.strip() for value in self.fields.get(name, [])]

    def has(self, name: str) -> bool:
        """Whether a field was sent: a box that is ticked, a button that was pressed."""
        return name in self.fields

    def whole(self, name: str) -> int | None:
        """Return a whole number that was typed, None where there is none."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    @property
    def once(self) -> str:
        """What this copy of the form is known by, so that it takes effect once however often it is sent."""
        return self.text(ONCE)[:64]


def secret_of(visit: Visit, form: Form, what: str) -> str:
    """Return what a token is made of that a form asks for, `what` being what it is for.

    It follows from what only this browser and this copy of the form hold, so that a form that is sent twice, as by a double
    click, makes one token and not two.
    """
    whose = f"{visit.forms} {form.once} {what}".encode()
    return urlsafe_b64encode(blake2b(whose, digest_size=32, person=b"crossdrill token").digest()).decode().rstrip("=")


async def form_of(request: Request, visit: Visit) -> Form:
    """Return the form that was sent.

    Raises
    ------
    ForgedFormError
        It doesn't come from a page that was made for this browser and session.
    InvalidInputError
        It isn't a form, or has too many fields.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if body and media_type != MEDIA_TYPE:
        raise InvalidInputError
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise InvalidInputError from None
    form = Form(fields)
    if any("\0" in value for values in fields.values() for value in values):
        raise InvalidInputError
    foreign = request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}
    if foreign or not compare_digest(form.text(SEAL).encode(), visit.seal.encode()):
        raise ForgedFormError
    return form
