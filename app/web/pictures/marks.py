"""Points of different form, so that nobody needs their colours to tell them apart, and the key that names them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from markupsafe import Markup

from app.web.pictures.canvas import cut, element, group, words

Form = Literal["circle", "square", "diamond"]

_PATHS: Final[dict[Form, str]] = {
    "circle": "M-5.5 0A5.5 5.5 0 1 0 5.5 0A5.5 5.5 0 1 0 -5.5 0Z",
    "square": "M-5 -5H5V5H-5Z",
    "diamond": "M0 -7L7 0L0 7L-7 0Z",
}
_COLUMNS: Final = 38


def point(x: float, y: float, form: Form, kind: str = "") -> Markup:
    """Return a point at a place."""
    return group(x, y, f"mark {kind}".rstrip(), element("path", d=_PATHS[form]))


def key(y: float, form: Form, text: str, kind: str = "") -> Iterator[Markup]:
    """Yield the line of the key that says what a point is; a full stop has no place there."""
    yield point(14, y - 5, form, kind)
    yield words(28, y, cut(text.rstrip(".。"), _COLUMNS))
