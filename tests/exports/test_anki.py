"""The deck, read back by Anki itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.notes import Note

from app.exports import anki
from app.exports.selection import Selection, frozen, select
from quiz_bank.problem import Language
from quiz_bank.registry import FAMILIES
from quiz_bank.topics import topic_title

MADE_AT = datetime(2026, 11, 20, 21, 16, tzinfo=UTC)
LATER = MADE_AT + timedelta(days=1)


class Shelf:
    """A collection of Anki's, and how many notes an import adds and changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.collection = Collection(str(folder / "collection.anki2"))

    def take(self, selection: Selection, language: Language = "en", made_at: datetime = MADE_AT) -> tuple[int, int]:
        package = self.folder / "deck.apkg"
        package.write_bytes(anki.deck(selection, language, made_at))
        request = ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions())
        log = self.collection.import_anki_package(request).log
        return len(log.new), len(log.updated)

    def note(self, key: str) -> Note:
        [found] = self.collection.find_notes(f'"Key:{key}"')
        return self.collection.get_note(found)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.collection.close()


def reworded(slug: str, prompt: str) -> Selection:
    """Return a selection of a family in its next version, which asks with other words."""

    def say(parameters: Any, key: str, language: Language) -> str | None:  # noqa: ANN401 - whatever the family has
        return prompt if key == "prompt" else FAMILIES[slug].say(parameters, key, language)

    family = FAMILIES[slug]
    return Selection((replace(family, version=family.version + 1, say=say),))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_anki_takes_a_note_with_a_card_for_every_problem_of_the_bank(shelf: Shelf, language: Language) -> None:
    selection = select(count=2)
    notes = len(list(frozen(selection, "anki")))
    assert shelf.take(selection, language) == (notes, 0)
    assert shelf.collection.card_count() == notes


def test_every_topic_has_a_deck_under_one_of_all(shelf: Shelf) -> None:
    shelf.take(select(count=1))
    names = {deck.name for deck in shelf.collection.decks.all_names_and_ids()}
    assert {"Crossdrill", "Crossdrill::Cross-entropy", "Crossdrill::Gradients"} <= names
    assert len(names) == len({family.topic for family in FAMILIES.values()}) + 2  # and the root, and Anki's own


def test_a_note_is_tagged_with_topic_family_and_level(shelf: Shelf) -> None:
    shelf.take(select(["softmax"]))
    assert shelf.note("softmax/2.anki-2").tags == ["crossdrill::level-2", "crossdrill::logits", "crossdrill::softmax"]


def test_the_front_asks_and_the_back_answers_and_explains(shelf: Shelf) -> None:
    shelf.take(select(["cross-entropy-one-hot"]))
    [card] = shelf.note("cross-entropy-one-hot/mock-question").cards()
    assert r"\(q = [0.7, 0.2, 0.1]\)" in card.question()
    assert "0.356675" not in card.question()
    for said in (r"Cross-entropy loss: \(0.356675\) nats", "Worked solution", r"\[H(y, q)", r"\(0.514573\)", "to base 2"):
        assert said in card.answer()


def test_the_options_of_a_choice_are_on_the_front_and_the_right_letter_on_the_back(shelf: Shelf) -> None:
    shelf.take(select(["where-is-it-used", "properties"]))
    question, answer = (
        shelf.note("where-is-it-used/mock-question")["Question"],
        shelf.note("where-is-it-used/mock-question")["Answer"],
    )
    assert question.count("<li>") == 5 + 5
    assert answer == "<p>The output for each task: d, e, a, b, c</p>"
    assert "<br>" in shelf.note("properties/1.anki-1")["Answer"]


def test_a_second_import_adds_nothing(shelf: Shelf) -> None:
    selection = select(topic="information")
    shelf.take(selection)
    notes = shelf.collection.note_count()
    assert shelf.take(selection) == (0, 0)
    assert shelf.take(selection, made_at=LATER) == (0, notes)
    assert shelf.collection.note_count() == notes


def test_a_new_version_of_the_bank_changes_the_notes_that_are_there(shelf: Shelf) -> None:
    shelf.take(select(["surprisal"]))
    notes = shelf.collection.note_count()
    assert shelf.take(reworded("surprisal", "How surprising is $a < b$ & co?"), made_at=LATER) == (0, notes)
    assert shelf.collection.note_count() == notes
    assert r"How surprising is \(a &lt; b\) &amp; co?" in shelf.note("surprisal/panda")["Question"]


def test_what_was_learnt_of_a_card_outlives_an_import(shelf: Shelf) -> None:
    shelf.take(select(["surprisal"]))
    [card] = shelf.note("surprisal/panda").cards()
    shelf.collection.sched.set_due_date([card.id], "7")
    shelf.take(reworded("surprisal", "Another question"), made_at=LATER)
    assert shelf.note("surprisal/panda").cards()[0].ivl == 7


def test_two_languages_lie_side_by_side(shelf: Shelf) -> None:
    selection = select(["surprisal"])
    notes = shelf.take(selection, "en")[0]
    assert shelf.take(selection, "zh") == (notes, 0)
    assert "Crossdrill::信息量" in {deck.name for deck in shelf.collection.decks.all_names_and_ids()}


def test_no_topic_has_one_title_in_both_languages() -> None:
    """Anki puts decks of one name together."""
    assert not [topic for topic in {f.topic for f in FAMILIES.values()} if topic_title(topic, "en") == topic_title(topic, "zh")]


def test_the_same_selection_is_the_same_bytes() -> None:
    first, second = (anki.deck(select(["softmax", "entropy"]), "zh", MADE_AT) for _ in range(2))
    assert first == second
