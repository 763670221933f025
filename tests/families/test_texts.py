"""English and Chinese say the same: keys, what is filled in, formulas and numbers are in step in every text of the bank."""

from __future__ import annotations

import re

import pytest

from quiz_bank.registry import FAMILIES
from quiz_bank.texts.templates import Texts, common, load

PACKAGES = ["quiz_bank.texts", *(family.package for family in FAMILIES.values())]
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
FILLED_IN = re.compile(r"«([^»]+)»")
WORDS = re.compile(r"\\text\{[^}]*\}|join\(\"[^\"]*\"\)|'[^']*'")
CODE = re.compile(r"`([^`]+)`")
CHINESE = re.compile("[\u4e00-\u9fff]")


def both(package: str) -> tuple[Texts, Texts]:
    return load(package, "en"), load(package, "zh")


def parts_of(pattern: re.Pattern[str], text: str) -> set[str]:
    found = ("".join(match.groups("")) for match in pattern.finditer(text))
    return {re.sub(r"\s+", "", WORDS.sub("", each)) for each in found}


@pytest.mark.parametrize("package", PACKAGES)
def test_both_languages_have_the_same_sections(package: str) -> None:
    english, chinese = both(package)
    assert list(english.sources) == list(chinese.sources)


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("pattern", [FILLED_IN, FORMULA, CODE], ids=["filled-in", "formulas", "code"])
def test_both_languages_fill_in_and_show_the_same(package: str, pattern: re.Pattern[str]) -> None:
    english, chinese = both(package)
    for key, text in english.sources.items():
        assert parts_of(pattern, text) == parts_of(pattern, chinese.sources[key]), key


@pytest.mark.parametrize("package", PACKAGES)
def test_each_language_is_written_in_its_own(package: str) -> None:
    english, chinese = both(package)
    for key, text in english.sources.items():
        assert not CHINESE.search(text), key
        words = FORMULA.sub("", FILLED_IN.sub("", text))
        if re.search("[a-z]{3}", words) and key != "formula":
            assert CHINESE.search(chinese.sources[key]), key


@pytest.mark.parametrize("slug", FAMILIES)
def test_a_family_says_all_that_it_owes(slug: str) -> None:
    family = FAMILIES[slug]
    for texts in both(family.package):
        assert texts.title
        for part in family.parts:
            assert f"part {part.name}" in texts
        for key in ("prompt", "hint 1", "hint 2", "hint 3", "formula", "solution", "follow-up"):
            assert texts.sources[key]
        for identity in family.identities:
            assert f"identity {identity.code}" in texts


@pytest.mark.parametrize("slug", FAMILIES)
def test_every_misconception_has_its_why_and_no_why_is_left_over(slug: str) -> None:
    family = FAMILIES[slug]
    named = set(family.misconception_codes)
    for language in ("en", "zh"):
        own = load(family.package, language)
        explained, picked = (
            {key.removeprefix(kind) for key in own.sources if key.startswith(kind)} for kind in ("why ", "option ")
        )
        assert explained <= named | picked
        assert all(code in explained or f"why {code}" in common(language) for code in named)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_minus_is_lost_to_the_template_engine(package: str) -> None:
    """It reads a minus right behind the opening mark as an order to strip white space."""
    for texts in both(package):
        assert not any("«-" in text or "-»" in text for text in texts.sources.values())
