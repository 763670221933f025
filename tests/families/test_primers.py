"""The primers say the same in both languages, and their numbers are the bank's."""

from __future__ import annotations

import re

import pytest

from quiz_bank.primer import as_rendered, primer, primer_texts
from quiz_bank.problem import Language
from quiz_bank.registry import FAMILIES
from quiz_bank.texts.templates import load, number
from quiz_bank.topics import TOPICS
from tests.families.test_texts import CHINESE, CODE, FILLED_IN, FORMULA, parts_of

LANGUAGES: tuple[Language, ...] = ("en", "zh")
POINT = re.compile(r"^- \*\*.+?\*\*", re.MULTILINE)


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_have_the_same_sections_in_one_order(topic: str) -> None:
    assert list(primer_texts(topic, "en").sources) == list(primer_texts(topic, "zh").sources)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("pattern", [FILLED_IN, FORMULA, CODE], ids=["filled-in", "formulas", "code"])
def test_both_languages_fill_in_and_show_the_same(topic: str, pattern: re.Pattern[str]) -> None:
    chinese = primer_texts(topic, "zh").sources
    for key, text in primer_texts(topic, "en").sources.items():
        assert parts_of(pattern, text) == parts_of(pattern, chinese[key]), key


@pytest.mark.parametrize("topic", TOPICS)
def test_each_language_is_written_in_its_own(topic: str) -> None:
    for key, text in primer_texts(topic, "en").sources.items():
        assert not CHINESE.search(text), key
        assert key == "formula" or CHINESE.search(primer_texts(topic, "zh").sources[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_a_whole_primer_is_also_plain_text(topic: str, language: Language) -> None:
    text = as_rendered(primer(topic, language), language).text
    assert "$" not in text
    assert "\\" not in text
    assert "«" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_every_section_and_mistake_has_a_heading_and_a_text(topic: str, language: Language) -> None:
    page = primer(topic, language)
    for section in (*page.sections, *page.mistakes):
        assert section.title, section.anchor
        assert section.body.text, section.anchor


@pytest.mark.parametrize("topic", TOPICS)
def test_no_two_parts_of_a_page_share_an_anchor(topic: str) -> None:
    page = primer(topic, "en")
    anchors = [each.anchor for each in (*page.sections, *page.mistakes)] + [each.anchor for each in page.examples]
    assert len(set(anchors)) == len(anchors)


@pytest.mark.parametrize("topic", TOPICS)
def test_no_mistake_of_a_topic_is_mended_twice(topic: str) -> None:
    names = [name for each in primer(topic, "en").mistakes for name in each.names]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_paragraph_names_nothing_that_is_no_mistake_of_its_topic(topic: str) -> None:
    families = [family for family in FAMILIES.values() if family.topic == topic]
    known = {family.slug for family in families}
    for family in families:
        known |= {*family.misconception_codes, *(key[4:] for key in load(family.package, "en").sources if key[:4] == "why ")}
    named = {name for each in primer(topic, "en").mistakes for name in each.names}
    assert {part for name in named for part in name.split("/")} <= known


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_a_minute_has_four_points(topic: str, language: Language) -> None:
    assert len(POINT.findall(primer(topic, language).minute.markdown)) == 4


@pytest.mark.parametrize("topic", TOPICS)
def test_every_worked_preset_ends_at_the_truth_of_the_bank(topic: str) -> None:
    for example in primer(topic, "en").examples:
        family = FAMILIES[example.family]
        simplest = family.fallbacks[min(family.levels)]
        truths = family.truth(simplest if example.preset is None else family.presets[example.preset])
        numbers = [number(value) for value in truths.values() if isinstance(value, float)]
        assert all(each in example.solution.markdown for each in numbers), example.anchor


def test_the_ladder_goes_up_and_down_by_one_rung() -> None:
    pages = [primer(topic, "en") for topic in TOPICS]
    assert [page.after for page in pages] == [*TOPICS[1:], None]
    assert [page.before for page in pages] == [None, *TOPICS[:-1]]


def test_what_is_no_topic_has_no_primer() -> None:
    with pytest.raises(KeyError):
        primer("astrology", "en")
