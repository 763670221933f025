"""A predicted probability of zero: infinite where it matters, finite where it doesn't, clips, each mistake, and edges."""

from math import inf

import pytest

from quiz_bank import rendering
from quiz_bank.families.zero_probability.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

HARD: dict[str, object] = {"prediction": ["0.5", "0.5", "0"], "target": ["0", "0", "1"], "epsilon": "1e-7"}
# The clip makes 0.4·ln 2 + 0.4·ln 2 + 0.2·16.118096 of it.
SOFT: dict[str, object] = HARD | {"target": ["0.4", "0.4", "0.2"]}
HARMLESS: dict[str, object] = HARD | {"target": ["0.5", "0.5", "0"]}


@pytest.mark.parametrize(
    ("epsilon", "clipped"),
    [("1e-7", 16.118095650958), ("1e-15", 34.538776394910)],  # 7 ln 10 and 15 ln 10
)
def test_what_happens_though_it_was_ruled_out_is_infinite_and_the_clip_hides_it(epsilon: str, clipped: float) -> None:
    truths = explicit(FAMILY, 1, HARD | {"epsilon": epsilon}).truths
    assert truths["exact"] == inf
    assert truths["clipped"] == pytest.approx(clipped, abs=1e-11)


def test_a_weight_on_the_impossible_class_is_enough() -> None:
    truths = explicit(FAMILY, 2, SOFT).truths
    assert truths == pytest.approx({"exact": inf, "clipped": 3.778136874640}, abs=1e-11)


def test_what_neither_side_holds_possible_adds_nothing() -> None:
    variant = explicit(FAMILY, 3, HARMLESS)
    assert variant.truths == {"exact": 0.6931471805599453, "clipped": 0.6931471805599453}  # ln 2
    assert "nothing is added" in rendering.solution(variant, "en").text


def test_a_sure_prediction_is_clipped_from_above_as_well() -> None:
    raw = HARD | {"prediction": ["1", "0", "0"], "target": ["1", "0", "0"]}
    assert explicit(FAMILY, 1, raw).truths == pytest.approx({"exact": 0.0, "clipped": 1.0000000500000033e-07}, rel=1e-12)


@pytest.mark.parametrize(
    ("raw", "part", "answer", "code"),
    [
        (SOFT, "exact", "3.778", "clipped-value-for-exact"),
        (SOFT, "exact", "0.5545", "zero-term-dropped"),  # 0.8 ln 2
        (SOFT, "exact", "nan", "nan-for-infinity"),
        (SOFT, "exact", "-inf", "sign-flipped"),
        (HARMLESS, "exact", "inf", "infinity-for-finite"),
        (SOFT, "clipped", "inf", "exact-value-for-clipped"),
        (SOFT, "clipped", "0.5545", "zero-term-dropped"),
        (SOFT, "clipped", "16.118", "weight-forgotten"),
        (SOFT, "clipped", "16.673", "weight-forgotten"),  # 0.5545 + 16.118
        (SOFT, "clipped", "5.451", "wrong-log-base-2"),  # 3.778 / ln 2
        (HARD, "clipped", "7.000", "wrong-log-base-10"),
    ],
)
def test_each_mistake_is_named(raw: dict[str, object], part: str, answer: str, code: str) -> None:
    variant = explicit(FAMILY, 2, raw)
    right = {name: repr(truth) for name, truth in variant.truths.items()}
    verdict = next(each for each in grade(variant, right | {part: answer}).parts if each.name == part)
    assert verdict.diagnosis is not None
    assert (verdict.result, verdict.diagnosis.code) == ("wrong", code)


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"epsilon": "0"}, "/epsilon", "positive-expected"),
        ({"epsilon": "0.5"}, "/epsilon", "clip-range"),
        ({"target": ["0.5", "0.5"]}, "/target", "length-differs"),
        ({"prediction": ["0.5", "0.4", "0"]}, "/prediction", "sum-not-one"),
    ],
)
def test_what_cannot_be_clipped_is_refused(changes: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, HARD | changes)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
