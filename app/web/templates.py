"""Templates and what every one of them can use."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_skeleton, format_time
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from app.edge.languages import Language
from app.web import markup
from app.web.assets import address
from app.web.forms import ONCE, SEAL
from app.web.visits import Visitor
from app.web.words import words
from quiz_bank.topics import TOPICS

LOCALES: dict[Language, str] = {"en": "en_GB", "zh": "zh_CN"}
_HIDDEN = Markup('<input type="hidden" name="{}" value="{}">')


@dataclass(frozen=True, slots=True)
class Face:
    """What templates know of the one whom they are rendered for."""

    visitor: Visitor
    path: str

    @property
    def language(self) -> Language:
        """The language of the page."""
        return self.visitor.language

    def seal(self) -> Markup:
        """Return the hidden fields that every form needs."""
        return _HIDDEN.format(SEAL, self.visitor.visit.seal) + _HIDDEN.format(ONCE, secrets.token_urlsafe(12))

    def moment(self, when: datetime) -> str:
        """Return a moment as the visitor's clock shows it."""
        return format_datetime(when, "short", tzinfo=ZoneInfo(self.visitor.zone), locale=LOCALES[self.language])

    def time(self, when: datetime) -> str:
        """Return the time of day as the visitor's clock shows it."""
        return format_time(when, "short", tzinfo=ZoneInfo(self.visitor.zone), locale=LOCALES[self.language])

    def day(self, when: date) -> str:
        """Return a day as the visitor's calendar shows it."""
        return format_date(when, "medium", locale=LOCALES[self.language])

    def month(self, when: date) -> str:
        """Return the month of a day with its year."""
        return format_skeleton("yMMMM", when, locale=LOCALES[self.language])

    def is_here(self, prefix: str) -> bool:
        """Whether the page lies at or below an address."""
        return self.path == prefix or self.path.startswith(f"{prefix}/")


def clock(seconds: float) -> str:
    """Return a duration as minutes and seconds: 1:05."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def percent(share: float) -> str:
    """Return a share as a whole number of per cent: 64%."""
    return f"{share:.0%}"


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("app.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(words(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {"prose": markup.prose, "line": markup.line, "math": markup.math, "clock": clock, "percent": percent}
    environment.tests["primed"] = TOPICS.__contains__  # a topic that an installed package brings has no primer
    environment.globals |= {"asset": address}
    return environment


def render(template: str, visitor: Visitor, content: object, path: str) -> str:
    """Return a page as HTML in the visitor's language."""
    face = Face(visitor, path)
    return _environment(visitor.language).get_template(template).render(page=content, face=face, visitor=visitor)
