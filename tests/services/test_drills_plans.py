"""What a blueprint makes of the bank: which problems, in which order, and why none."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import FamilyUnavailableError, FieldError, InvalidInputError, UnsatisfiableBlueprintError
from app.services.blueprints import Blueprint, blueprint_from_json
from app.services.drill_presets import PRESETS, resolved
from app.services.plans import (
    FOLLOW_UP_SECONDS,
    Frozen,
    Plan,
    PlanItem,
    freeze,
    plan_from_json,
    plan_to_json,
    planned,
    variant_of,
)
from quiz_bank.registry import FAMILIES
from quiz_bank.variants import explicit

CHOSEN = {"prediction": ["0.70", "0.2", "0.1"], "target": ["1", "0", "0"], "log_base": "e"}


def plan(blueprint: Blueprint, seed: str = "1") -> Plan:
    return planned(None, None, blueprint, seed)  # type: ignore[arg-type]  # read only where misses are asked for


def seconds(items: Plan) -> int:
    return sum(FAMILIES[item.family].levels[item.level].seconds for item in items)


def refused(blueprint: Blueprint, **options: Any) -> FieldError:  # noqa: ANN401 - the options of `planned`
    with pytest.raises((InvalidInputError, UnsatisfiableBlueprintError)) as caught:
        planned(None, None, blueprint, "1", **options)  # type: ignore[arg-type]  # as above
    [error] = caught.value.errors
    return error


def test_a_seed_gives_one_plan_and_another_seed_another() -> None:
    assert plan(Blueprint(), "1") == plan(Blueprint(), "1") != plan(Blueprint(), "2")


def test_no_two_problems_of_a_plan_have_one_seed() -> None:
    seeds = [item.seed for item in plan(Blueprint(length=100))]
    assert len(set(seeds)) == 100


def test_without_a_length_and_without_minutes_there_are_ten_problems() -> None:
    assert len(plan(Blueprint())) == 10


@pytest.mark.parametrize("length", [1, 7, 100])
def test_a_length_is_kept_whatever_the_minutes(length: int) -> None:
    assert len(plan(Blueprint(length=length, minutes=20))) == length


@pytest.mark.parametrize("minutes", [20, 45, 90])
def test_minutes_alone_are_filled_by_the_expected_times(minutes: int) -> None:
    items = plan(Blueprint(minutes=minutes, tool="calculator"))
    assert len(items) == 10 or seconds(items[:-1]) < minutes * 60 <= seconds(items)


@pytest.mark.parametrize(("minutes", "count"), [(0.5, 10), (1, 10), (240, 100)])
def test_minutes_alone_make_ten_to_a_hundred_problems(minutes: float, count: int) -> None:
    assert len(plan(Blueprint(minutes=minutes, levels=(1,), tool="mental"))) == count


def test_in_an_interview_the_follow_up_questions_take_their_time() -> None:
    items = plan(Blueprint(minutes=60, interview=True))
    assert seconds(items) + len(items) * FOLLOW_UP_SECONDS < 60 * 60 + 420 + FOLLOW_UP_SECONDS


@given(seed=st.text(max_size=8), length=st.integers(1, 100), levels=st.sets(st.integers(1, 3)))
def test_no_family_comes_twice_before_all_have_come(seed: str, length: int, levels: set[int]) -> None:
    items = plan(Blueprint(length=length, topics=("gradients",), levels=tuple(levels)), seed)
    families = {slug for slug, family in FAMILIES.items() if family.topic == "gradients"}
    counts = [sum(item.family == slug for item in items) for slug in families]
    assert max(counts) - min(counts) <= 1


def test_topics_take_turns() -> None:
    items = plan(Blueprint(length=24, levels=(1,), topics=("gradients", "logits")))
    topics = [FAMILIES[item.family].topic for item in items]
    assert all(first != second for first, second in pairwise(topics))


def test_the_first_third_is_the_easiest_that_there_is_and_grows_harder() -> None:
    items = plan(Blueprint(length=30))
    assert [item.level for item in items[:10]] == [1] * 10
    assert {item.level for item in items[10:]} > {1, 2}


@pytest.mark.parametrize(
    ("blueprint", "holds"),
    [
        (Blueprint(length=40, topics=("gradients",)), lambda family, _: family.topic == "gradients"),
        (Blueprint(length=40, families=("softmax", "entropy")), lambda family, _: family.slug in {"softmax", "entropy"}),
        (Blueprint(length=40, levels=(2, 3)), lambda _, level: level in {2, 3}),
        (Blueprint(length=40, tool="mental"), lambda family, level: family.levels[level].tool == "mental"),
        (Blueprint(length=40, tool="calculator"), lambda family, level: family.levels[level].tool == "calculator"),
        (Blueprint(length=40, minutes=1), lambda family, level: family.levels[level].seconds <= 60),
    ],
)
def test_every_problem_meets_the_condition(blueprint: Blueprint, holds: Callable[[Any, int], bool]) -> None:
    assert all(holds(FAMILIES[item.family], item.level) for item in plan(blueprint))


def test_families_that_learners_assess_themselves_come_only_where_they_are_named() -> None:
    assert not {"explain-entropy", "one-minute-pitch"} & {item.family for item in plan(Blueprint(length=100))}
    assert {item.family for item in plan(Blueprint(families=("explain-entropy",)))} == {"explain-entropy"}


def test_the_last_problem_is_of_the_family_that_is_named_for_it() -> None:
    items = plan(Blueprint(length=5, levels=(3,), last="one-minute-pitch"))
    assert (len(items), items[-1].family) == (5, "one-minute-pitch")
    assert {item.level for item in items[:-1]} == {3}


@pytest.mark.parametrize(
    ("blueprint", "pointer", "detail"),
    [
        (Blueprint(levels=(9,)), "/blueprint/levels", "No problem meets this."),
        (Blueprint(topics=("gradients",), levels=(9,)), "/blueprint/levels", "No problem meets this together with: topics."),
        (
            Blueprint(families=("softmax",), topics=("logits",), tool="mental"),
            "/blueprint/tool",
            "No problem meets this together with: families, topics.",
        ),
        (Blueprint(families=("softmax",), minutes=1), "/blueprint/minutes", "No problem meets this together with: families."),
    ],
)
def test_the_condition_that_leaves_nothing_is_named(blueprint: Blueprint, pointer: str, detail: str) -> None:
    assert refused(blueprint) == FieldError(pointer, detail)


def test_a_condition_of_the_preset_is_put_down_to_the_preset() -> None:
    blueprint = resolved("sprint-60s", {"families": ("jensen-shannon",)}, "en")
    assert refused(blueprint, given={"families"}) == FieldError(
        "/preset", "tool of the preset: No problem meets this together with: families, levels."
    )


@pytest.mark.parametrize(
    ("blueprint", "pointer"),
    [
        (Blueprint(topics=("logits", "astrology")), "/blueprint/topics/1"),
        (Blueprint(families=("zebra",)), "/blueprint/families/0"),
        (Blueprint(last="zebra"), "/blueprint/last"),
    ],
)
def test_what_the_bank_does_not_have_is_refused_where_it_stands(blueprint: Blueprint, pointer: str) -> None:
    assert refused(blueprint).pointer == pointer


def test_a_refusal_speaks_the_learners_language() -> None:
    assert refused(Blueprint(levels=(9,)), language="zh").detail == "没有题目满足此项。"
    blueprint = resolved("sprint-60s", {"families": ("jensen-shannon",)}, "zh")
    detail = refused(blueprint, given={"families"}, language="zh").detail
    assert detail == "预设中的 tool：没有题目同时满足此项和：families、levels。"


def test_several_people_have_not_missed_the_same() -> None:
    assert refused(Blueprint(missed_only=True)).pointer == "/blueprint/missed_only"


@pytest.mark.parametrize("item", [PlanItem("softmax", 2, "8c1f"), PlanItem("softmax", 1, None, "three-routes")])
def test_a_plan_is_stored_and_read_as_it_was_and_asks_the_same_once_frozen(item: PlanItem) -> None:
    frozen = freeze(variant_of(item), item.seed, item.preset)
    stored = plan_from_json(plan_to_json([item, frozen]))
    assert stored == (item, frozen)
    assert variant_of(stored[1]) == variant_of(item)


def test_chosen_numbers_keep_their_digits_when_they_are_frozen() -> None:
    variant = explicit(FAMILIES["cross-entropy-one-hot"], 2, CHOSEN)
    [item] = plan_from_json(plan_to_json([freeze(variant, None, None)]))
    assert item.frozen is not None
    assert item.frozen.parameters == CHOSEN
    assert variant_of(item) == variant


@pytest.mark.parametrize(
    "item",
    [
        PlanItem("zebra", 1, "1"),
        PlanItem("softmax", 9, "1"),
        PlanItem("softmax", 1, None, "zebra"),
        PlanItem("softmax", 1, None, None, Frozen(1, {"zebra": "1"}, {}, {}, "1")),
    ],
)
def test_what_the_bank_has_lost_is_unavailable(item: PlanItem) -> None:
    with pytest.raises(FamilyUnavailableError):
        variant_of(item)


@pytest.mark.parametrize("name", sorted(set(PRESETS) - {"missed-only"}))
def test_every_preset_finds_problems(name: str) -> None:
    assert len(plan(resolved(name, {}, "en"))) >= 5


def test_the_interview_on_site_ends_with_the_pitch_and_fills_its_time() -> None:
    items = plan(resolved("on-site-45min", {}, "en"))
    assert items[-1].family == "one-minute-pitch"
    assert {item.level for item in items[:-1]} <= {2, 3, 4, 5}
    assert seconds(items) + len(items) * FOLLOW_UP_SECONDS >= 45 * 60


def test_a_preset_is_the_ground_on_which_given_fields_stand() -> None:
    blueprint = resolved("screen-15min", {"topics": ("gradients",), "minutes": None}, "en")
    assert (blueprint.topics, blueprint.minutes, blueprint.length) == (("gradients",), None, 10)
    assert (blueprint.feedback, blueprint.hints, blueprint.pause) == ("at-end", False, False)


def test_a_blueprint_is_stored_and_read_as_it_was() -> None:
    for preset in PRESETS.values():
        assert blueprint_from_json(preset.blueprint.to_json()) == preset.blueprint
