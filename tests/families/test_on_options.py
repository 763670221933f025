"""What all families about concepts owe: right letters all over, refused codes, statements that are said once."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from quiz_bank import rendering
from quiz_bank.families.on_options import SHOWN
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError, show_parameters
from quiz_bank.problem import ChoicePart, Language, Variant
from quiz_bank.registry import FAMILIES, family
from quiz_bank.variants import draw, explicit

STATEMENTS: Final = ("properties", "multi-label-difference", "why-not-mse", "base-change")
DRAWN: Final = (
    *STATEMENTS,
    "entropy-or-cross-entropy",
    "where-is-it-used",
    "order-the-derivation",
    "softmax-before-the-loss",
    "which-reduction",
    "spot-the-article-error",
)
SELF_ASSESSED: Final = (
    "one-minute-pitch",
    "explain-entropy",
    "explain-where-used",
    "explain-properties",
    "explain-multi-label",
)


def options_of(variant: Variant[object]) -> ChoicePart:
    (part,) = (part for part in variant.parts if isinstance(part, ChoicePart))
    return part


@pytest.mark.parametrize("slug", DRAWN)
def test_the_right_letters_are_spread_over_all_positions(slug: str) -> None:
    for level in FAMILIES[slug].levels:
        seen: Counter[str] = Counter()
        for seed in range(200):
            part = options_of(draw(family(slug), level, str(seed)).variant)
            right = part.truth[:1] if part.spec.kind == "ordering" else part.truth
            seen.update(letter for letter, code in part.letters.items() if code in right)
        least, most = min(seen[letter] for letter in part.letters), max(seen.values())
        assert 0 < most < 2.5 * least


@pytest.mark.parametrize("slug", STATEMENTS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_statement_of_a_pool_is_said_twice(slug: str, language: Language) -> None:
    said = {key: text for key, text in rendering.texts(family(slug), language).sources.items() if key.startswith("option ")}
    assert len(set(said.values())) == len(said)


@pytest.mark.parametrize("slug", STATEMENTS)
def test_a_level_shows_as_many_statements_as_it_says_and_not_always_as_many_right_ones(slug: str) -> None:
    for level, shown in SHOWN.items():
        parts = [options_of(draw(family(slug), level, str(seed)).variant) for seed in range(50)]
        assert {len(part.options) for part in parts} == {shown}
        assert len({len(part.truth) for part in parts}) > 2


@pytest.mark.parametrize("slug", STATEMENTS)
def test_a_statement_that_is_not_of_the_pool_or_stands_twice_is_refused(slug: str) -> None:
    drawn = options_of(draw(family(slug), 1, "0").variant)
    for codes, complaint in ((["no-such"], "unknown-option"), ([drawn.truth[0], drawn.truth[0]], "repeated-option")):
        with pytest.raises(ParameterError) as caught:
            explicit(family(slug), 1, {**show_parameters(family(slug).fallbacks[1]), "options": codes})
        assert caught.value.code == complaint
        assert rendering.parameter_message(caught.value, "zh")


@pytest.mark.parametrize("slug", STATEMENTS)
def test_statements_of_which_none_holds_make_no_problem(slug: str) -> None:
    parts = [options_of(draw(family(slug), 1, str(seed)).variant) for seed in range(3)]
    wrong = [code for part in parts for code in part.options if code not in part.truth]
    with pytest.raises(ParameterError, match="no-right-option"):
        explicit(family(slug), 1, {**show_parameters(family(slug).fallbacks[1]), "options": list(dict.fromkeys(wrong))})


@pytest.mark.parametrize("slug", SELF_ASSESSED)
def test_a_talk_names_its_listener_and_says_that_prose_is_not_graded(slug: str) -> None:
    said = {
        (audience, language): rendering.prompt(explicit(family(slug), 1, {"audience": audience}), language).text
        for audience in ("interviewer", "engineer", "student", "manager", "customer", "newcomer")
        for language in ("en", "zh")
    }
    assert len(set(said.values())) == len(said)
    assert all("Nothing here grades" in text or "不会给你的话打分" in text for text in said.values())


@pytest.mark.parametrize("slug", SELF_ASSESSED)
def test_a_talk_counts_the_points_that_are_ticked(slug: str) -> None:
    variant = explicit(family(slug), 1, {"audience": "student"})
    ticked = options_of(variant).letters
    assert grade(variant, {"talk": {"text": "In short: …", "points": list(ticked)}}).credit == 1
    assert grade(variant, {"talk": {"text": "", "points": ["a"]}}).credit == pytest.approx(1 / len(ticked))


def test_the_pitch_has_the_four_points_in_their_order() -> None:
    part = options_of(draw(family("one-minute-pitch"), 1, "0").variant)
    assert part.options == part.truth == ("what-for", "built-on", "how-it-punishes", "goes-with")
