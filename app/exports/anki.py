"""A deck for Anki: a note for each frozen problem, its question on the front, all about its answer on the back.

The names of notes, decks and note types depend on family, problem and language and never on a text. So a deck that is imported
again changes the notes that are there, whatever version of the bank it comes from, and leaves what was learnt of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from io import BytesIO
from itertools import count, islice
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import genanki

from app.exports.html import escape, html
from app.exports.selection import Frozen, Selection, frozen
from app.exports.shown import answer_html, mistakes, question_html
from app.exports.texts import text
from quiz_bank import rendering
from quiz_bank.problem import Language, Variant
from quiz_bank.topics import topic_title

MISTAKES_SHOWN: Final = 5

_FIELDS: Final = ("Key", "Title", "Question", "Answer", "Solution", "Formula", "Mistakes")
_FRONT: Final = '<div class="title">{{Title}}</div>{{Question}}'
_STYLE: Final = """.card { max-width: 42em; margin: 0 auto; padding: 0 1em; text-align: left; font-family: sans-serif; }
.title { color: gray; font-size: smaller; }
pre { white-space: pre-wrap; }
h4 { margin-bottom: 0.2em; }
"""
_MEMBER_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that an archive can hold: the same selection is the same bytes


def deck(selection: Selection, language: Language, made_at: datetime) -> bytes:
    """Return an .apkg file: a deck for each topic under `Crossdrill`.

    Parameters
    ----------
    selection : Selection
        The problems.
    language : {"en", "zh"}
        Of all texts. Notes in another language are other notes.
    made_at : datetime
        When the texts came to be what they are. Anki changes a note that it has only for one that is newer.
    """
    model = _model(language)
    decks: dict[str, genanki.Deck] = {}
    for place, problem in enumerate(frozen(selection, "anki")):
        topic = problem.variant.family.topic
        if topic not in decks:
            decks[topic] = genanki.Deck(_number("deck", language, topic), f"Crossdrill::{topic_title(topic, language)}")
        decks[topic].add_note(_note(model, problem, language, place))
    return _packed(genanki.Package(list(decks.values())), made_at.timestamp())


def _digest(*names: str) -> bytes:
    return blake2b("/".join(("crossdrill", *names)).encode(), digest_size=8).digest()


def _number(*names: str) -> int:
    """Return a number that stands for some names for ever, of the size that Anki gives to what it makes itself."""
    return 1 << 40 | int.from_bytes(_digest(*names)) >> 25


def _model(language: Language) -> genanki.Model:
    headed = (f"<h4>{escape(text(name.lower(), language))}</h4>{{{{{name}}}}}" for name in _FIELDS[3:-1])
    mistaken = f"{{{{#Mistakes}}}}<h4>{escape(text('mistakes', language))}</h4>{{{{Mistakes}}}}{{{{/Mistakes}}}}"
    return genanki.Model(
        _number("model", language),
        f"Crossdrill ({language})",
        fields=[{"name": name} for name in _FIELDS],
        templates=[
            {"name": "Crossdrill", "qfmt": _FRONT, "afmt": f'{{{{FrontSide}}}}<hr id="answer">{"".join(headed)}{mistaken}'}
        ],
        css=_STYLE,
    )


def _note(model: genanki.Model, problem: Frozen, language: Language, place: int) -> genanki.Note:
    variant, family = problem.variant, problem.variant.family
    key = f"{family.slug}/{problem.key}"
    return genanki.Note(
        model=model,
        fields=[key, escape(rendering.title(family, language)), *_texts(variant, language)],
        tags=[f"crossdrill::{family.topic}", f"crossdrill::{family.slug}", f"crossdrill::level-{variant.level}"],
        guid=_digest("note", language, key).hex(),
        due=place,  # new cards come in the bank's order
    )


def _texts(variant: Variant[Any], language: Language) -> Iterator[str]:
    yield question_html(variant, language)
    yield answer_html(variant, language)
    yield html(rendering.solution(variant, language).markdown)
    yield html(rendering.formula(variant.family, language).markdown)
    told = islice(mistakes(variant, language), MISTAKES_SHOWN)
    items = "".join(f"<li>{value}{why}</li>" for value, why in told)
    yield f"<ul>{items}</ul>" if items else ""


def _packed(package: genanki.Package, timestamp: float) -> bytes:
    """Return a package as a file; written here because the library's own way stamps it with the time of writing."""
    database = sqlite3.connect(":memory:")
    try:
        package.write_to_db(database.cursor(), timestamp, count(int(timestamp * 1000)))
        database.commit()
        collection = database.serialize()
    finally:
        database.close()
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr(_member("collection.anki2"), collection)
        archive.writestr(_member("media"), b"{}")
    return file.getvalue()


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, _MEMBER_TIME)
    member.compress_type = ZIP_DEFLATED
    return member
