"""From a mistake to the paragraph that mends it."""

from __future__ import annotations

import pytest

from app.errors import UnknownTopicError
from app.services.primers import all_primers, find_primer, mending
from quiz_bank.registry import FAMILIES
from quiz_bank.rendering import texts
from quiz_bank.topics import TOPICS

ANCHORS = {(page.slug, each.anchor) for page in all_primers("en") for each in page.mistakes}
CODES = [(slug, code) for slug, family in FAMILIES.items() if family.topic in TOPICS for code in family.misconception_codes]
WHYS = [
    (slug, key.removeprefix("why "))
    for slug, family in FAMILIES.items()
    if family.topic in TOPICS
    for key in texts(family, "en").sources
    if key.startswith("why ")
]


@pytest.mark.parametrize(("family", "code"), sorted({*CODES, *WHYS}))
def test_every_mistake_of_the_bank_leads_to_a_paragraph_that_there_is(family: str, code: str) -> None:
    assert mending(code, family) in ANCHORS
    assert mending(code) in ANCHORS


def test_a_mistake_is_mended_in_the_topic_of_its_family_where_that_has_a_paragraph_for_it() -> None:
    assert mending("sign-flipped", "surprisal") == ("information", "mistake-sign-flipped")
    assert mending("sign-flipped", "kl-divergence") == ("cross-entropy", "mistake-sign-flipped")


def test_a_mistake_that_another_topic_explains_leads_there() -> None:
    assert mending("wrong-log-base-2", "cross-entropy-one-hot") == ("information", "mistake-wrong-log-base-2")


def test_a_mistake_without_a_paragraph_of_its_own_leads_to_the_one_about_its_family() -> None:
    assert mending("bound-of-one", "jensen-shannon") == ("cross-entropy", "mistake-mean-of-the-two-kls")


def test_of_a_pair_of_mistakes_the_first_is_mended_first() -> None:
    assert mending("complement+wrong-log-base-2") == mending("complement")


def test_a_code_that_the_bank_does_not_know_leads_nowhere() -> None:
    assert mending("no-such-mistake", "surprisal") is None


def test_what_is_no_topic_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownTopicError) as refused:
        find_primer("astrology", "en")
    assert refused.value.values == {"topic": "astrology", "known": ", ".join(TOPICS)}
