"""The pages' own words: English in the templates, Chinese in a catalogue."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

from app.edge.languages import Language

DOMAIN = "crossdrill"


@cache
def words(language: Language) -> NullTranslations:
    """Return the catalogue of a language; English is what the templates say."""
    if language == "en":
        return NullTranslations()
    catalogue = files("app.web").joinpath("translations", language, "LC_MESSAGES", f"{DOMAIN}.mo")
    with catalogue.open("rb") as file:
        return GNUTranslations(file)


def say(language: Language, message: str, **values: object) -> str:
    """Return a sentence of the pages in a language, with values in it. Extracted as `say(…, "message")`."""
    return words(language).gettext(message) % values
