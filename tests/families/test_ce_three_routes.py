"""One loss by three routes: the articles' numbers, each part's mistakes by hand, and what carries forward."""

import pytest

from quiz_bank.families.ce_three_routes.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

RIGHT = {"probability": "0.659", "log_probability": "-0.417", "logsumexp": "2.417", "loss": "0.417"}


def test_all_routes_of_the_articles_end_in_the_same_loss() -> None:
    truths = preset(FAMILY, "three-routes").truths
    assert truths["probability"] == pytest.approx(0.659001138886, abs=1e-11)
    assert truths["log_probability"] == pytest.approx(-0.417030016278, abs=1e-11)
    assert truths["logsumexp"] == pytest.approx(2.417030016278, abs=1e-11)
    assert truths["loss"] == pytest.approx(0.417030016278, abs=1e-11)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("probability", "0.881", "sigmoid-each"),  # 1 / (1 + e^-2)
        ("probability", "7.389", "unnormalised-exponentials"),  # e^2
        ("probability", "0.645", "normalised-logits"),  # 2 / 3.1
        ("probability", "0.448", "softmax-twice"),
        ("probability", "0.242", "wrong-class"),
        ("log_probability", "2.00", "logit-as-log-probability"),
        ("log_probability", "-0.802", "softmax-twice"),  # the articles' warning
        ("log_probability", "0.417", "sign-flipped"),
        ("log_probability", "-2.317", "wrong-class"),  # 0.1 - 2.417
        ("logsumexp", "2.00", "largest-logit-only"),
        ("logsumexp", "3.10", "sum-of-logits"),
        ("logsumexp", "1.341", "true-class-left-out"),  # ln(e + e^0.1)
        ("logsumexp", "1.0497", "wrong-log-base-10"),  # 2.417 / ln 10
        ("loss", "0.802", "softmax-twice"),
        ("loss", "-2.00", "logit-as-log-probability"),
        ("loss", "1.417", "wrong-class"),
        ("loss", "0.341", "complement"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(preset(FAMILY, "three-routes"), RIGHT | {part: answer})
    (marked,) = (each for each in verdict.parts if each.name == part)
    assert marked.diagnosis is not None
    assert (marked.result, marked.diagnosis.code) == ("wrong", code)


@pytest.mark.parametrize(
    ("part", "answer", "loss"),
    [
        ("probability", "0.500", "0.693"),  # -ln 0.5
        ("log_probability", "-0.500", "0.500"),
        ("logsumexp", "2.500", "0.500"),  # less the true class's logit, 2
    ],
)
def test_a_loss_that_follows_from_any_wrong_route_has_its_credit(part: str, answer: str, loss: str) -> None:
    verdict = grade(preset(FAMILY, "three-routes"), RIGHT | {part: answer, "loss": loss})
    assert verdict.parts[3].result == "right"
    assert verdict.parts[3].carried_from == (part,)


def test_a_loss_that_breaks_with_its_route_is_told_by_how_much() -> None:
    part = grade(preset(FAMILY, "three-routes"), RIGHT | {"loss": "0.617"}).parts[3]
    assert part.identity is not None
    assert (part.identity[0], round(part.identity[1], 9)) == ("third-route", 0.2)


def test_a_target_that_is_no_class_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"logits": ["2", "1", "0.1"], "target": 3})
    assert (caught.value.pointer, caught.value.code) == ("/target", "index-out-of-range")
