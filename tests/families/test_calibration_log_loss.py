"""Log loss against the base rate: by hand on one variant, each mistake, a model worse than the constant, and edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.calibration_log_loss.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

GIVEN: dict[str, object] = {"positives": 100, "total": 1000, "loss": "0.2"}
RIGHT = {"best": "0.1", "baseline": "-0.1*ln(0.1)-0.9*ln(0.9)", "gain": "0.125"}


def test_the_best_constant_is_the_base_rate_and_its_loss_the_entropy() -> None:
    truths = explicit(FAMILY, 1, GIVEN).truths
    assert truths["best"] == 0.1
    assert truths["baseline"] == pytest.approx(0.325082973391, abs=1e-12)
    assert truths["gain"] == pytest.approx(0.125082973391, abs=1e-12)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("best", "0.000", "majority-class"),
        ("best", "0.5", "undecided"),
        ("best", "1/9", "odds"),
        ("baseline", "0.900", "accuracy-of-majority"),
        ("baseline", "-0.1*ln(0.1)", "one-term-only"),
        ("baseline", "-0.9*ln(0.9)", "one-term-only"),
        ("baseline", "-ln(0.1)-ln(0.9)", "unweighted"),
        ("baseline", "ln(2)", "undecided"),
        ("baseline", "-0.325", "sign-flipped"),
        ("gain", "-0.125", "sign-flipped"),
        ("gain", "0.3848", "relative-gain"),  # 1 - 0.2 / 0.32508
        ("gain", "ln(2)-0.2", "undecided"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(explicit(FAMILY, 1, GIVEN), RIGHT | {part: answer})
    found = next(each.diagnosis for each in verdict.parts if each.name == part)
    assert found is not None
    assert code in (found.code, *found.also)


def test_the_gain_over_a_wrong_baseline_is_credited() -> None:
    gain = grade(explicit(FAMILY, 1, GIVEN), RIGHT | {"baseline": "0.9", "gain": "0.7"}).parts[2]
    assert (gain.result, gain.carried_from) == ("right", ("baseline",))


def test_a_model_can_be_worse_than_the_constant() -> None:
    variant = explicit(FAMILY, 3, GIVEN | {"loss": "0.4"})
    assert variant.truths["gain"] == pytest.approx(-0.074917026609, abs=1e-12)
    assert "worse than a constant" in rendering.solution(variant, "en").text


def test_labels_of_one_kind_leave_nothing_to_gain() -> None:
    assert explicit(FAMILY, 1, GIVEN | {"positives": 0}).truths == {"best": 0.0, "baseline": 0.0, "gain": -0.2}


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"total": 0}, "/total", "positive-expected"),
        ({"positives": 1001}, "/positives", "probability-range"),
        ({"positives": "1.5"}, "/positives", "count-expected"),
        ({"loss": "-1"}, "/loss", "non-negative-expected"),
    ],
)
def test_what_is_no_evaluation_is_refused(more: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, GIVEN | more)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
