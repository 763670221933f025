"""Which forecaster is better: the article's weather, each mistake by hand, why another looks better, and edges."""

from math import inf

import pytest

from quiz_bank import rendering
from quiz_bank.families.which_forecaster.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

# The outcome got 0.4, 0.2 and 0.3; only the last forecaster had it as the favourite.
ROWS = [["0.5", "0.4", "0.1"], ["0.4", "0.2", "0.4"], ["0.6", "0.3", "0.1"]]
THREE: dict[str, object] = {"predictions": ROWS, "target": 1}


def test_the_articles_weather_forecasters_differ_by_the_logarithm_of_one_and_a_half() -> None:
    truths = preset(FAMILY, "weather").truths
    assert truths["best"] == ("first",)
    assert truths["difference"] == pytest.approx(0.405465108108, abs=1e-12)  # 0.510825623766 - 0.105360515658


def test_of_three_the_best_is_compared_with_the_next_best() -> None:
    truths = explicit(FAMILY, 3, THREE).truths
    assert truths["best"] == ("first",)
    assert truths["difference"] == pytest.approx(0.287682072452, abs=1e-12)  # ln(4/3)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("-ln(4/3)", "sign-flipped"),
        ("log2(4/3)", "wrong-log-base-2"),
        ("0.1", "difference-of-probabilities"),
        ("ln(6/5)", "wrong-class"),
        ("ln(2)", "worst-for-second"),
        ("-ln(0.4)", "one-loss-only"),
        ("4/3", "ratio-for-difference"),
        ("ln(0.3)/ln(0.4)", "ratio-for-difference"),
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(explicit(FAMILY, 3, THREE), {"best": "a", "difference": answer}).parts[1]
    assert part.diagnosis is not None
    assert code in (part.diagnosis.code, *part.diagnosis.also)


def test_a_favourite_that_came_true_is_no_reason() -> None:
    rows = [["0.40", "0.45", "0.15"], ["0.35", "0.33", "0.32"]]
    variant = explicit(FAMILY, 1, {"predictions": rows, "target": 0})
    best = grade(variant, {"best": "b", "difference": "ln(0.40/0.35)"}).parts[0]
    assert best.diagnosis is not None
    assert best.diagnosis.code == "second"
    assert "favourite" in rendering.why(variant, "second", "en").text
    assert "By top-1 accuracy another" in rendering.solution(variant, "en").text


def test_whoever_ruled_out_what_happened_is_infinitely_worse() -> None:
    assert explicit(FAMILY, 1, {"predictions": [["0", "1"], ["1/3", "2/3"]], "target": 0}).truths == {
        "best": ("second",),
        "difference": inf,
    }


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"predictions": ROWS[:1], "target": 0}, "/predictions", "list-length"),
        ({"predictions": [*ROWS, ROWS[0]], "target": 0}, "/predictions", "list-length"),
        ({"predictions": [ROWS[0], ["0.4", "0.6"]], "target": 0}, "/predictions", "rows-differ"),
        ({"predictions": ROWS, "target": 3}, "/target", "index-out-of-range"),
        ({"predictions": [ROWS[0], ROWS[0]], "target": 0}, "/predictions", "tie"),
        ({"predictions": [["0.5", "0.6"], ["0.4", "0.6"]], "target": 0}, "/predictions/0", "sum-not-one"),
    ],
)
def test_what_cannot_be_compared_is_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
