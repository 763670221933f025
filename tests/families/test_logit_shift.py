"""Shifting logits: what changes nothing and what changes something, each mistake by hand, and indices at their edges."""

import pytest

from quiz_bank.families.logit_shift.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

RIGHT = {"before": "0.417", "all_shifted": "0.417", "one_shifted": "0.174"}
GIVEN = {"logits": ["2", "1", "0.1"], "target": 0, "shift": "1", "shifted_class": 0}


def test_a_shift_of_all_leaves_the_articles_loss_and_a_shift_of_one_does_not() -> None:
    truths = preset(FAMILY, "three-routes").truths
    assert truths["before"] == truths["all_shifted"] == pytest.approx(0.417030016278, abs=1e-11)
    assert truths["one_shifted"] == pytest.approx(0.174254525024, abs=1e-11)  # ln(e^3 + e + e^0.1) - 3


def test_a_huge_shift_of_all_changes_nothing_either() -> None:
    truths = explicit(FAMILY, 1, GIVEN | {"shift": "1000000"}).truths
    assert truths["before"] == truths["all_shifted"]


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("before", "0.802", "softmax-twice"),
        ("before", "1.417", "wrong-class"),
        ("all_shifted", "1.417", "shift-added-to-the-loss"),
        ("all_shifted", "-0.583", "denominator-not-shifted"),
        ("all_shifted", "0.174", "one-logit-for-all"),
        ("one_shifted", "0.417", "nothing-changes"),
        ("one_shifted", "1.417", "shift-added-to-the-loss"),
        ("one_shifted", "-0.583", "denominator-not-shifted"),
        ("one_shifted", "0.765", "another-logit-shifted"),  # ln(2 e^2 + e^0.1) - 2
        ("one_shifted", "-0.174", "sign-flipped"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    # What (b) takes over from a wrong (a) would be right, so that (a) is right here.
    verdict = grade(preset(FAMILY, "three-routes"), RIGHT | {part: answer})
    (marked,) = (each for each in verdict.parts if each.name == part)
    assert marked.diagnosis is not None
    assert (marked.result, marked.diagnosis.code) == ("wrong", code)


def test_the_loss_after_a_shift_of_all_may_follow_from_a_wrong_loss() -> None:
    parts = grade(preset(FAMILY, "three-routes"), RIGHT | {"before": "0.500", "all_shifted": "0.500"}).parts
    assert (parts[1].result, parts[1].carried_from) == ("right", ("before",))


def test_another_class_s_logit_stands_in_no_numerator() -> None:
    variant = explicit(FAMILY, 1, GIVEN | {"shifted_class": 1})
    codes = {wrong.code for wrong in variant.wrong if wrong.part == "one_shifted"}
    assert "denominator-not-shifted" not in codes


@pytest.mark.parametrize("name", ["target", "shifted_class"])
def test_an_index_that_is_no_class_is_refused(name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, GIVEN | {name: 3})
    assert (caught.value.pointer, caught.value.code) == (f"/{name}", "index-out-of-range")
