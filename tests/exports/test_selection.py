"""Which problems a selection holds, and which selections are refused."""

from __future__ import annotations

import pytest

from app.errors import InvalidInputError, UnknownFamilyError
from app.exports.selection import LARGEST_FILE, Selection, frozen, select
from quiz_bank.problem import Language
from quiz_bank.registry import FAMILIES


def keys(selection: Selection, prefix: str = "anki") -> list[str]:
    return [f"{problem.variant.family.slug}/{problem.key}" for problem in frozen(selection, prefix)]


def refusal(*slugs: str, topic: str | None = None, level: int | None = None, count: int = 5, language: Language = "en") -> str:
    with pytest.raises(InvalidInputError) as caught:
        select(slugs, topic=topic, level=level, count=count, language=language)
    [error] = caught.value.errors
    return f"{error.pointer} {error.detail}"


def test_no_condition_selects_every_family_in_the_banks_order() -> None:
    assert [family.slug for family in select().families] == list(FAMILIES)


def test_families_are_selected_by_name_once_each() -> None:
    assert [family.slug for family in select(["softmax", "entropy", "softmax"]).families] == ["softmax", "entropy"]


def test_topic_and_level_are_conditions_that_all_hold() -> None:
    selected = select(topic="gradients", level=3).families
    assert selected == tuple(f for f in FAMILIES.values() if f.topic == "gradients" and 3 in f.levels)
    assert selected


def test_presets_come_first_then_drawings_at_the_levels_in_turn() -> None:
    assert keys(select(["entropy"], count=8))[-4:] == [f"entropy/{n}.anki-{n}" for n in (1, 2, 3)] + ["entropy/1.anki-4"]


def test_a_level_holds_for_presets_and_drawings_alike() -> None:
    problems = list(frozen(select(["cross-entropy-one-hot"], level=2, count=8), "anki"))
    assert {problem.variant.level for problem in problems} == {2}
    assert problems[-1].key == "2.anki-2"


def test_a_larger_selection_holds_the_smaller() -> None:
    smaller, larger = keys(select(["softmax"], count=3)), keys(select(["softmax"], count=9))
    assert larger[:3] == smaller


def test_each_kind_of_file_draws_problems_of_its_own() -> None:
    selection = select(["softmax"], level=3, count=4)
    cards, questions = ([p.variant.parameters for p in frozen(selection, prefix)] for prefix in ("anki", "moodle"))
    assert len(cards) == len(questions) == 4
    assert not [parameters for parameters in cards if parameters in questions]


def test_no_problem_comes_twice_even_where_there_are_few() -> None:
    variants = [problem.variant for problem in frozen(select(["explain-entropy"], count=50), "anki")]
    assert 0 < len(variants) < 50
    assert all(a.parameters != b.parameters for i, a in enumerate(variants) for b in variants[:i])


def test_an_unknown_family_is_refused_with_near_matches() -> None:
    with pytest.raises(UnknownFamilyError) as caught:
        select(["softmax", "sofmax"])
    assert caught.value.values["slug"] == "sofmax"
    assert "softmax" in str(caught.value.values["near"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_unknown_topic_is_refused_with_the_topics(language: Language) -> None:
    said = refusal(topic="no-such", language=language)
    assert said.startswith("/topic ")
    assert "cross-entropy" in said


def test_a_topic_that_excludes_a_named_family_is_refused_rather_than_obeyed() -> None:
    assert refusal("softmax", "entropy", topic="logits") == (
        "/topic entropy belongs to the topic information. Leave out one of the two."
    )


def test_a_level_that_a_named_family_lacks_is_refused_with_its_levels() -> None:
    assert refusal("entropy", level=9) == "/level entropy has no level 9. Its levels are: 1, 2, 3."


def test_a_level_that_empties_a_topic_is_refused_by_name() -> None:
    assert refusal(topic="gradients", level=9).startswith("/level gradients has no level 9.")


@pytest.mark.parametrize("count", [0, 51])
def test_a_count_beyond_the_bounds_is_refused(count: int) -> None:
    said = refusal("softmax", count=count)
    assert said == "/count Give 1 to 50: a file holds at most 50 problems of a family and 2000 in all."


def test_a_file_too_large_is_refused_with_the_count_that_fits() -> None:
    most = LARGEST_FILE // len(FAMILIES)
    assert f"Give 1 to {most}:" in refusal(count=most + 1)
    assert select(count=most).count == most
