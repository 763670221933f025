"""From a mistake to the paragraph that mends it."""

from __future__ import annotations

import pytest

from app.errors import UnknownTopicError
from app.services.primers import all_primers, find_primer, mending
from quiz_bank.registry import FAMILIES
from quiz_bank.rendering import texts
from quiz_bank.topics import TOPICS

ANCHORS = {(page.slug, each.anchor) for page in all_primers("en") for each in page.mistakes}


def codes(slug: str) -> set[str]:
    """Return what an answer to a family can be told: its misconceptions, and why an option is no answer."""
    family = FAMILIES[slug]
    whys = {key.removeprefix("why ") for key in texts(family, "en").sources if key.startswith("why ")}
    return {*family.misconception_codes, *whys}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_mistake_of_the_bank_leads_to_a_paragraph_that_there_is(family: str) -> None:
    places = {code: (mending(code, family), mending(code)) for code in codes(family)}
    assert {code for code, found in places.items() if not ANCHORS.issuperset(found)} == set()


def test_a_mistake_is_mended_in_the_topic_of_its_family_where_that_has_a_paragraph_for_it() -> None:
    assert mending("sign-flipped", "surprisal") == ("information", "mistake-sign-flipped")
    assert mending("sign-flipped", "kl-divergence") == ("cross-entropy", "mistake-sign-flipped")


def test_a_mistake_that_another_topic_explains_leads_there() -> None:
    assert mending("wrong-log-base-2", "cross-entropy-one-hot") == ("information", "mistake-wrong-log-base-2")


def test_a_mistake_without_a_paragraph_of_its_own_leads_to_the_one_about_its_family() -> None:
    assert mending("bound-of-one", "jensen-shannon") == ("cross-entropy", "mistake-mean-of-the-two-kls")


def test_a_code_that_means_something_else_in_a_family_leads_to_what_it_means_there() -> None:
    assert mending("logarithm-forgotten", "logsumexp") == ("logits", "mistake-largest-logit-only")
    assert mending("logarithm-forgotten", "focal-loss") == ("logits", "mistake-factor-of-hits")


def test_an_option_is_not_taken_for_a_misconception_of_the_same_name() -> None:
    assert mending("sigmoid-each", "softmax") == ("logits", "mistake-normalised-logits")
    assert mending("sigmoid-each", "multi-label-difference") == ("concepts", "mistake-multi-label-difference")


def test_of_a_pair_of_mistakes_the_first_is_mended_first() -> None:
    assert mending("complement+wrong-log-base-2") == mending("complement")


def test_a_code_that_the_bank_does_not_know_leads_nowhere() -> None:
    assert mending("no-such-mistake", "surprisal") is None


def test_what_is_no_topic_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownTopicError) as refused:
        find_primer("astrology", "en")
    assert refused.value.values == {"topic": "astrology", "known": ", ".join(TOPICS)}
