"""What a library reports: as given, clipped, divided by the sum; each mistake by hand, and parameters at their edges."""

from math import inf

import pytest

from quiz_bank import rendering
from quiz_bank.families.what_a_library_reports.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

# The sum is 0.8, so the share of the true class is 1/4.
ORDINARY: dict[str, object] = {"prediction": ["0.2", "0.4", "0.2"], "target": 0, "epsilon": "1e-7"}
# The sum is 0.5 (and a little), the share 1.8e-7: the division carries it over the edge of the clip.
OVER_THE_EDGE: dict[str, object] = {"prediction": ["0.00000009", "0.3", "0.19999991"], "target": 0, "epsilon": "1e-7"}
FAR_BELOW: dict[str, object] = OVER_THE_EDGE | {"prediction": ["0.000000001", "0.3", "0.199999999"]}


@pytest.mark.parametrize(
    ("raw", "as_given", "clipped", "renormalised"),
    [
        (ORDINARY, 1.609437912434, 1.609437912434, 1.386294361120),  # ln 5, ln 5, ln 4
        (OVER_THE_EDGE, 16.223456166616, 16.118095650958, 15.530308986056),  # -ln 9e-8, 7 ln 10, -ln 1.8e-7
        (FAR_BELOW, 20.723265836946, 16.118095650958, 16.118095650958),  # 9 ln 10, 7 ln 10 twice
    ],
)
def test_three_libraries_report_what_they_do(
    raw: dict[str, object], as_given: float, clipped: float, renormalised: float
) -> None:
    truths = explicit(FAMILY, 1, raw).truths
    expected = {"as_given": as_given, "clipped": clipped, "renormalised": renormalised}
    assert truths == pytest.approx(expected, abs=2e-11)


@pytest.mark.parametrize(
    ("raw", "part", "answer", "code"),
    [
        (FAR_BELOW, "as_given", "16.118", "clipped-where-it-is-not"),
        (ORDINARY, "as_given", "1.3863", "renormalised-where-it-is-not"),
        (OVER_THE_EDGE, "clipped", "16.223", "clip-forgotten"),
        (OVER_THE_EDGE, "clipped", "15.530", "renormalised-where-it-is-not"),
        (ORDINARY, "clipped", "16.118", "clip-without-need"),
        (FAR_BELOW, "renormalised", "20.030", "clip-forgotten"),  # -ln 2e-9
        (ORDINARY, "renormalised", "1.6094", "not-renormalised"),
        (ORDINARY, "renormalised", "1.8326", "multiplied-by-the-sum"),  # -ln 0.16
        (ORDINARY, "renormalised", "2.0000", "wrong-log-base-2"),
    ],
)
def test_each_mistake_is_named(raw: dict[str, object], part: str, answer: str, code: str) -> None:
    variant = explicit(FAMILY, 1, raw)
    right = {name: repr(truth) for name, truth in variant.truths.items()}
    verdict = next(each for each in grade(variant, right | {part: answer}).parts if each.name == part)
    assert verdict.diagnosis is not None
    assert (verdict.result, verdict.diagnosis.code) == ("wrong", code)


def test_a_zero_is_infinite_only_without_a_clip() -> None:
    variant = explicit(FAMILY, 1, ORDINARY | {"prediction": ["0", "0.5", "1/3"]})
    assert variant.truths == pytest.approx({"as_given": inf, "clipped": 16.118095650958, "renormalised": 16.118095650958})
    assert rendering.solution(variant, "en").text


def test_the_prompt_shows_a_clip_of_any_form_exactly() -> None:
    for epsilon in ("1e-7", "0.00123", "1/3000"):
        assert epsilon in rendering.prompt(explicit(FAMILY, 1, ORDINARY | {"epsilon": epsilon}), "zh").text


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"target": 3}, "/target", "index-out-of-range"),
        ({"prediction": ["0", "0", "0"]}, "/prediction", "all-zero"),
        ({"prediction": ["1.2", "0.1", "0.1"]}, "/prediction/0", "probability-range"),
        ({"epsilon": "0.5"}, "/epsilon", "clip-range"),
    ],
)
def test_what_no_library_would_take_is_refused(changes: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, ORDINARY | changes)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
