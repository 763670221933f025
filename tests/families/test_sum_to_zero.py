"""The missing component of a gradient: the articles' one rounded, each mistake by hand, and what is no gradient."""

import pytest

from quiz_bank.families.sum_to_zero.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

RIGHT = {"component": "-0.341", "probability": "0.659", "loss": "0.417"}
KNOWN_TRUTH = {"gradient": ["-0.7", "0.4", "0.1"], "missing": 3}


def test_the_articles_gradient_is_completed() -> None:
    truths = preset(FAMILY, "three-routes").truths
    assert (truths["component"], truths["probability"]) == (-0.341, 0.659)
    assert truths["loss"] == pytest.approx(0.417031744480, abs=1e-11)  # -ln 0.659


def test_where_the_true_class_is_known_another_component_is_missing() -> None:
    truths = explicit(FAMILY, 2, KNOWN_TRUTH).truths
    assert (truths["component"], truths["probability"]) == (0.2, 0.3)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("component", "0.341", "sign-flipped"),
        ("component", "0.659", "sum-to-one"),
        ("probability", "0.341", "component-as-probability"),
        ("loss", "1.076", "component-as-probability"),  # -ln 0.341
        ("loss", "0.341", "complement"),
        ("loss", "0.602", "wrong-log-base-2"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(preset(FAMILY, "three-routes"), RIGHT | {part: answer})
    (marked,) = (each for each in verdict.parts if each.name == part)
    assert marked.diagnosis is not None
    assert (marked.result, marked.diagnosis.code) == ("wrong", code)


def test_a_lost_sign_of_a_known_component_is_named() -> None:
    answers = {"component": "-1.20", "probability": "0.300", "loss": "1.20"}  # -(0.7 + 0.4 + 0.1)
    part = grade(explicit(FAMILY, 2, KNOWN_TRUTH), answers).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == "sizes-summed"


def test_what_follows_from_a_wrong_component_has_its_credit() -> None:
    verdict = grade(preset(FAMILY, "three-routes"), {"component": "-0.5", "probability": "0.5", "loss": "0.693"})
    assert [part.carried_from for part in verdict.parts] == [(), ("component",), ("probability",)]


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"gradient": ["0.2", "0.1"], "missing": 3}, "/missing", "index-out-of-range"),
        ({"gradient": ["-0.2", "-0.1"], "missing": 0}, "/gradient", "no-gradient"),  # two below zero
        ({"gradient": ["0.7", "0.3"], "missing": 0}, "/gradient", "no-gradient"),  # the true class would have no chance
        ({"gradient": ["0", "0"], "missing": 0}, "/gradient", "no-gradient"),  # a softmax is never sure
        ({"gradient": [], "missing": 0}, "/gradient", "list-length"),
    ],
)
def test_what_is_no_gradient_is_refused(given: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, given)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)


def test_the_missing_component_may_be_the_last() -> None:
    assert explicit(FAMILY, 1, {"gradient": ["1/3", "0.2"], "missing": 2}).truths["component"] == pytest.approx(-8 / 15)
