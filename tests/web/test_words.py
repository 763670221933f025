"""The two languages of the pages say the same things."""

from __future__ import annotations

import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "app/web/translations/zh/LC_MESSAGES"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true"}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": (2,)}
PLACE = re.compile(r"%\((\w+)\)s|</?\w+|<[^>]+>")


def catalogue() -> Catalog:
    return read_po(io.BytesIO((FOLDER / "crossdrill.po").read_bytes()), locale="zh")


def texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (str(value),)


def test_every_message_of_the_pages_is_in_the_catalogue() -> None:
    found = extract_from_dir(ROOT / "app/web", METHODS, {"templates/**.html": OPTIONS}, keywords=KEYWORDS)
    said = {texts(message)[0] for _, _, message, _, _ in found}
    known = {texts(message.id)[0] for message in catalogue() if message.id}
    assert said == known, "run make messages"


def test_every_message_has_its_chinese() -> None:
    missing = [message.id for message in catalogue() if message.id and not all(texts(message.string or ""))]
    assert not missing
    assert not [message.id for message in catalogue() if message.id and message.fuzzy]


def test_both_say_the_same_values() -> None:
    for message in catalogue():
        if message.id:
            for translated in texts(message.string):
                assert set(PLACE.findall(translated)) == set(PLACE.findall(texts(message.id)[-1])), message.id


def test_what_is_compiled_is_what_was_translated() -> None:
    with (FOLDER / "crossdrill.mo").open("rb") as file:
        compiled = {texts(message.id)[0]: texts(message.string) for message in read_mo(file) if message.id}
    translated = {texts(message.id)[0]: texts(message.string) for message in catalogue() if message.id}
    assert compiled == translated, "run make messages"
