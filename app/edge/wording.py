"""What the table of errors says of one that happened, its values filled in."""

from __future__ import annotations

from app.edge.error_table import TABLE, Text
from app.edge.languages import Language


def wording(code: str, language: Language, values: dict[str, object]) -> Text:
    """Return the title and the detail of `code`, its values filled in."""
    text = TABLE[code].text(language)
    filled = {name: _plain(value) for name, value in values.items()}
    more = ""
    if text.more and all(filled.get(name) for name in _names(text.more)):
        more = text.more.format_map(filled)
    separator = "" if language == "zh" else " "
    return Text(text.title, separator.join(filter(None, (text.detail, more))))


def _names(template: str) -> list[str]:
    return [part.partition("}")[0] for part in template.split("{")[1:]]


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
