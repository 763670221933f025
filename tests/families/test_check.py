"""The proof of a family can fail: each promise broken on purpose is reported."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from quiz_bank import rendering
from quiz_bank.check import Report, check, check_all, row, summary
from quiz_bank.families.cross_entropy_one_hot.family import FAMILY, Parameters
from quiz_bank.problem import Family, Misconception, SharedMisconception
from quiz_bank.registry import FAMILIES
from quiz_bank.sampling import Stream
from quiz_bank.variants import MOST_REDRAWS, draw

SEEDS = 30


def broken(**changes: Any) -> Report:  # noqa: ANN401 - whatever a family takes
    """Return the proof of the one-hot family with something about it changed."""
    family: Family[Parameters] = dataclasses.replace(FAMILY, **changes)
    return check(family, SEEDS)


def failures(report: Report) -> str:
    return "\n".join(report.failures)


def twice(p: Parameters) -> float:
    return 2 * float(FAMILY.truth(p)["loss"])  # type: ignore[arg-type]  # the loss is a number


def the_truth(p: Parameters) -> float:
    return twice(p) / 2


@pytest.mark.parametrize("slug", FAMILIES)
def test_every_family_of_the_bank_is_proven(slug: str) -> None:
    """A short form of `make check-bank`, which takes a thousand seeds."""
    assert failures(check(FAMILIES[slug], SEEDS)) == ""


def test_an_expression_that_is_not_the_truth_is_reported() -> None:
    assert "as an expression" in failures(broken(expression=lambda _: {"loss": "1/7"}))


def test_a_truth_that_comes_out_otherwise_the_second_time_changes_nothing_that_was_drawn() -> None:
    assert draw(FAMILY, 1, "a").variant.truths == draw(FAMILY, 1, "a").variant.truths


def test_a_misconception_that_another_one_hides_is_reported_as_coinciding() -> None:
    codes = (Misconception("double", twice, "loss"), Misconception("also-double", twice, "loss"))
    report = broken(misconceptions=codes)
    assert report.coincided == report.misconceptions // 2 > 0
    assert "a text doesn't render" in failures(report)  # neither has its why


def test_a_misconception_that_is_the_truth_is_never_separable() -> None:
    same: Misconception[Parameters] = Misconception("same", the_truth, "loss")
    report = broken(misconceptions=(same,))
    assert report.fell_back == SEEDS
    assert "ended in the fallback" in failures(report)
    assert "are accepted at once" in failures(report)


def test_a_misconception_without_a_value_is_reported() -> None:
    nowhere: Misconception[Parameters] = Misconception("complement", lambda _: 1 / 0, "loss")
    assert "no drawing gives a value of ['complement']" in failures(broken(misconceptions=(nowhere,)))


def test_a_sampler_that_repeats_itself_is_reported() -> None:
    fixed = FAMILY.presets["mock-question"]
    report = broken(draw=lambda _stream, _level: fixed)
    assert "different problems" in failures(report)


def test_too_small_a_variant_space_is_reported() -> None:
    assert "fewer than" in failures(broken(variants=10))


def test_a_small_variant_space_with_a_reason_is_allowed_and_noted() -> None:
    report = broken(variants=10, few_because="there are ten coins")
    assert "fewer than" not in failures(report)
    assert "cross-entropy-one-hot: 10 variants, for there are ten coins" in summary([report])


def test_a_level_without_a_fallback_is_reported() -> None:
    assert "each level needs one" in failures(broken(fallbacks={}))


def test_texts_that_give_the_truth_away_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def telling(variant: Any, number: int, language: Any) -> rendering.Rendered:  # noqa: ANN401 - as hint takes them
        return rendering.Rendered("", f"It is {variant.truths['loss']:.6f}.")

    monkeypatch.setattr(rendering, "hint", telling)
    assert "stands in a text that comes before it" in failures(broken())


def test_a_sign_that_is_never_wrong_is_not_diagnosed_and_reported() -> None:
    hidden = SharedMisconception(("wrong-class",), lambda part: {"wrong-class": part.truth})
    assert broken(misconceptions=(hidden,)).fell_back == SEEDS


def test_the_table_says_which_family_fails_and_why() -> None:
    report = broken(variants=10)
    assert row(report).endswith("FAILED")
    text = summary([report])
    assert "1 families, 1 failing" in text
    assert "cross-entropy-one-hot: drawing: 10 variants" in text


def test_after_the_last_redraw_the_fallback_of_the_level_serves() -> None:
    family = dataclasses.replace(FAMILY, degenerate=lambda _: True)
    drawing = draw(family, 3, "any")
    assert drawing.fell_back
    assert drawing.rejected == MOST_REDRAWS
    assert drawing.variant.parameters == FAMILY.fallbacks[3]


def test_a_rejected_drawing_is_replaced_from_the_seeds_next_stream() -> None:
    seen: list[int] = []

    def refuse_the_first(stream: Stream, level: int) -> Parameters:
        seen.append(len(seen))
        return FAMILY.draw(stream, level)

    family = dataclasses.replace(FAMILY, draw=refuse_the_first, degenerate=lambda _: len(seen) == 1)
    assert draw(family, 1, "seed").rejected >= 1


def test_families_are_proven_side_by_side_and_reported_in_order() -> None:
    slugs = ["softmax", "surprisal"]
    reports = list(check_all(slugs, 2))
    assert [(report.slug, report.seeds, report.failures) for report in reports] == [(slug, 2, []) for slug in slugs]
