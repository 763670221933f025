"""Which of the product's languages a caller reads."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal
from uuid import UUID

from starlette.types import Scope

Language = Literal["en", "zh"]

DEFAULT: Final[Language] = "en"
SUPPORTED: Final[dict[str, Language]] = {"en": "en", "zh": "zh", "*": "en"}
LONGEST_HEADER = 256


CHOSEN: Final = "crossdrill_language"
"""The cookie with the language that was chosen on the pages in this browser."""
_CHOSEN: Final = re.compile(rb"(?:^|;\s*)" + CHOSEN.encode() + rb"=(en|zh)(?:;|$)")


def asked_language(scope: Scope) -> Language | None:
    """Return the language that was chosen in this browser, else what `Accept-Language` asks for; None without either."""
    asked: Language | None = None
    for name, value in scope["headers"]:
        if name == b"accept-language":
            asked = asked or choose_language(value[:LONGEST_HEADER].decode("latin-1"))
        elif name == b"cookie" and (chosen := _CHOSEN.search(value)):
            return "zh" if chosen[1] == b"zh" else "en"
    return asked


def language_of(scope: Scope) -> Language:
    """Return the language to answer in: the one asked for, else the learner's own once it is known, else English."""
    known: Language = scope.get("state", {}).get("language", DEFAULT)
    return asked_language(scope) or known


def remember(scope: Scope, language: Language, learner: UUID) -> None:
    """Note who calls and their own language, for the rest of the request."""
    scope.setdefault("state", {}).update(language=language, learner=learner)


@lru_cache(maxsize=256)
def choose_language(header: str) -> Language:
    """Return the best of what `header` accepts and the product speaks, else English.

    Quality values count first, then the order; a region is ignored (`zh-Hant-TW` is `zh`), and `q=0` refuses a language.
    """
    best: tuple[float, Language] = (0.0, DEFAULT)
    for item in header.split(","):
        tag, _, parameters = item.partition(";")
        language = SUPPORTED.get(tag.strip().lower().partition("-")[0])
        quality = _quality(parameters)
        if language is not None and quality > best[0]:
            best = (quality, language)
    return best[1]


def _quality(parameters: str) -> float:
    """Read `q=0.8`; nothing given counts as 1 and nonsense as 0, so that it never wins."""
    name, _, value = parameters.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if name.strip().lower() == "q" and 0.0 <= quality <= 1.0 else 0.0
