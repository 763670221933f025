"""Which pictures a problem has, and that they keep its truth to themselves until it is closed."""

from __future__ import annotations

from typing import Any

import pytest

from app.web.pictures import Picture
from app.web.pictures.for_problem import pictures
from app.web.pictures.numbers import short
from app.web.pictures.sigmoid import sigmoid_gradients
from quiz_bank.grading.judge import grade
from quiz_bank.problem import Language, Part, PartVerdict, Value, Variant, components
from quiz_bank.registry import FAMILIES, family
from quiz_bank.variants import draw, explicit
from tests.web.test_pictures import drawn, places, scale

ONE_HOT = {"prediction": ["0.7", "0.2", "0.1"], "target": ["1", "0", "0"], "log_base": "e"}


def problem(slug: str, raw: dict[str, Any]) -> Variant[Any]:
    return explicit(family(slug), min(family(slug).levels), raw)


def shown(variant: Variant[Any], *, closed: bool, language: Language = "en", **answers: object) -> tuple[Picture, ...]:
    parts = grade(variant, answers).parts if answers else ()
    return pictures(variant, parts, language, closed=closed)


def test_the_curve_shows_where_a_wrong_answer_lies_and_once_closed_the_right_one() -> None:
    variant = problem("cross-entropy-one-hot", ONE_HOT)
    [curve] = shown(variant, closed=False, loss="0.5146")
    assert "Your answer: 0.5146 at p = 0.5977." in curve.description
    assert "Right" not in curve.description
    curve, _ = shown(variant, closed=True, loss="0.5146")
    assert "Right: 0.3567 at p = 0.7." in curve.description


def test_a_right_answer_is_one_point() -> None:
    curve, _ = shown(problem("cross-entropy-one-hot", ONE_HOT), closed=True, loss="0.357")
    assert "Right answer: 0.3567 at p = 0.7." in curve.description
    assert drawn(curve).xpath("count(//g[contains(@class, 'mark both')])") == 2


def test_an_answer_in_another_unit_lies_where_the_curve_has_it() -> None:
    [curve] = shown(problem("cross-entropy-one-hot", ONE_HOT), closed=False, loss="1 bits")
    assert "Your answer: 0.6931 at p = 0.5." in curve.description


def test_the_probability_of_a_loss_lies_on_the_same_curve() -> None:
    variant = problem("probability-from-surprisal", {"surprisal": "3", "log_base": "2"})
    [curve] = shown(variant, closed=True, probability="0.25")
    assert "Your answer: 2 at p = 0.25." in curve.description
    assert "Right: 3 at p = 0.125." in curve.description


def test_what_is_no_probability_has_no_place_on_the_curve() -> None:
    variant = problem("probability-from-surprisal", {"surprisal": "3", "log_base": "2"})
    assert shown(variant, closed=False, probability="8") == ()


def test_a_given_prediction_stands_beside_its_target_from_the_start() -> None:
    [bars] = shown(problem("cross-entropy-one-hot", ONE_HOT), closed=False)
    assert bars.description.startswith("no. 1: Prediction 0.7, Target 1. no. 2: Prediction 0.2, Target 0.")


def test_what_logits_stand_for_is_shown_once_the_problem_is_closed() -> None:
    variant = problem("ce-from-logits", {"logits": ["2", "1", "0"], "target": 0})
    assert shown(variant, closed=False) == ()
    _, bars = shown(variant, closed=True)
    assert "class 0: Prediction 0.6652, Target 1." in bars.description


@pytest.mark.parametrize(
    ("slug", "raw", "said"),
    [
        ("surprisal", {"probability": "1/8", "log_base": "2"}, "Right: 3 at p = 0.125."),
        ("binary-cross-entropy", {"probability": "0.75", "target": "0"}, "Right: 1.386 at p = 0.25."),
        ("bce-from-logits", {"logit": "2", "target": "0"}, "Right: 2.127 at p = 0.1192."),
        ("initial-loss", {"classes": 10, "log_base": "10"}, "Right: 1 at p = 0.1."),
        ("info-nce", {"similarities": ["1", "0"], "positive": 0, "temperature": "0.5"}, "Right: 0.1269 at p = 0.8808."),
        ("loss-to-probability", {"loss": "2", "log_base": "2"}, "Right: 2 at p = 0.25."),
    ],
)
def test_whatever_is_minus_a_logarithm_of_one_probability_has_the_curve(slug: str, raw: dict[str, Any], said: str) -> None:
    variant = problem(slug, raw)
    assert shown(variant, closed=False) == ()
    curve, *_ = shown(variant, closed=True)
    assert said in curve.description


@pytest.mark.parametrize(
    ("slug", "raw"),
    [
        ("binary-cross-entropy", {"probability": "0.75", "target": "0.5"}),
        ("focal-loss", {"logits": ["0.5"], "target": 1, "gamma": "2", "alpha": []}),
        ("double-softmax-floor", {"classes": 10}),
    ],
)
def test_a_loss_that_is_more_than_one_logarithm_has_no_curve(slug: str, raw: dict[str, Any]) -> None:
    assert shown(problem(slug, raw), closed=True) == ()


def test_the_numbers_of_a_softmax_are_shown_once() -> None:
    [bars] = shown(problem("softmax", {"logits": ["2", "1", "0"]}), closed=True, probabilities=["0.665", "0.245", "0.09"])
    assert "Right answer 0.6652" in bars.description


def test_a_gradient_is_signed_bars_beside_the_right_ones() -> None:
    variant = problem("gradient-logits", {"logits": ["2", "1", "0"], "target": 0})
    [own] = shown(variant, closed=False, gradient=["0.665", "0.245", "0.09"])
    assert "class 0: Your answer 0.665." in own.description
    both, _ = shown(variant, closed=True, gradient=["0.665", "0.245", "0.09"])
    assert "class 0: Your answer 0.665, Right −0.3348." in both.description


def test_a_closed_gradient_by_one_logit_has_the_sigmoid_with_both_gradients() -> None:
    variant = problem("mse-sigmoid-gradient", {"logit": "2", "target": 0})
    assert shown(variant, closed=False) == ()
    [sigmoid] = shown(variant, closed=True)
    assert (
        "z = 2 with the target y = 0: σ(z) = 0.8808, BCE: σ − y = 0.8808, MSE: 2(σ − y)σ(1 − σ) = 0.185." in sigmoid.description
    )
    root = drawn(sigmoid)
    across, up = scale(root, "x"), scale(root, "y")
    for number, value in enumerate((0.8808, 0.8808, 0.185), 1):
        [(x, y)] = places(root, f"number-{number}")
        assert x == pytest.approx(across.at(2), abs=0.06)
        assert y == pytest.approx(up.at(value), abs=0.06)


@pytest.mark.parametrize(("z", "target"), [(-800.0, 1.0), (800.0, 0.0), (0.0, 0.5)])
def test_a_logit_of_any_size_has_its_place_on_the_sigmoid(z: float, target: float) -> None:
    root = drawn(sigmoid_gradients(z, target, "zh"))
    [(x, _)] = places(root, "number-1")
    assert x == pytest.approx(scale(root, "x").at(z), abs=0.06)


def test_a_weighted_gradient_has_no_sigmoid_that_would_say_otherwise() -> None:
    variant = problem("gradient-bce-logit", {"logit": "0.5", "target": "1", "pos_weight": "3"})
    assert shown(variant, closed=True) == ()


def test_a_table_of_bins_is_a_reliability_diagram() -> None:
    raw = {"counts": [100, 400], "confidences": ["0.61", "0.84"], "accuracies": ["0.53", "0.63"]}
    [diagram] = shown(problem("expected-calibration-error", raw), closed=False)
    assert diagram.description.startswith("Sure to 61% on average: 53% of 100 right.")


def test_chinese_problems_have_chinese_pictures() -> None:
    curve, bars = shown(problem("cross-entropy-one-hot", ONE_HOT), closed=True, language="zh", loss="0.5146")
    assert "你的回答：0.5146" in curve.description
    assert bars.caption == "预测与目标的对照。"


@pytest.mark.parametrize("slug", sorted(FAMILIES))
def test_every_family_draws_well_formed_pictures_in_both_languages(slug: str) -> None:
    for level in family(slug).levels:
        variant = draw(family(slug), level, "pictures").variant
        for language in ("en", "zh"):
            made = pictures(variant, (), language, closed=True)
            assert len(made) <= 2
            for picture in made:
                drawn(picture)


def wrongly(part: Part) -> PartVerdict:
    """Return what a part got that was answered with the same wrong number everywhere."""
    read_as: Value = 7.77 if part.spec.kind == "number" else tuple(7.77 for _ in components(part.truth))
    return PartVerdict(part.name, "wrong", "7.77", read_as, ("wrong",), 0.0)


@pytest.mark.parametrize("slug", sorted(FAMILIES))
def test_no_truth_is_seen_before_a_problem_is_closed(slug: str) -> None:
    """An open problem shows what it gives and what was answered, and no truth of four digits is among that."""
    variant = draw(family(slug), max(family(slug).levels), "secret").variant
    given = str(variant.parameters)
    answers = [wrongly(part) for part in variant.numeric.values()]
    seen = "".join(str(picture.svg) for tried in ([], answers) for picture in pictures(variant, tried, "en", closed=False))
    truths = [short(truth) for part in variant.numeric.values() for truth in components(part.truth)]
    assert not [truth for truth in truths if len(truth) > 5 and truth not in given and truth in seen]
