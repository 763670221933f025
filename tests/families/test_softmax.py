"""Softmax: the articles' probabilities, each mistake by hand, and logits at their edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.softmax.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

THREE_ROUTES = (0.659001138886, 0.242432970705, 0.098565890409)  # e^2, e, e^0.1, each over their sum 11.2123


def test_the_three_routes_start_from_the_articles_probabilities() -> None:
    assert preset(FAMILY, "three-routes").truths["probabilities"] == pytest.approx(THREE_ROUTES, abs=1e-12)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (["7.389", "2.718", "1.105"], "unnormalised-exponentials"),  # e^2, e, e^0.1
        (["0.6452", "0.3226", "0.0323"], "normalised-logits"),  # 2, 1 and 0.1 over 3.1
        (["0.8808", "0.7311", "0.5250"], "sigmoid-each"),  # 1 / (1 + e^-2) …
        (["0.4484", "0.2956", "0.2560"], "softmax-twice"),  # e^0.659, e^0.242, e^0.0986 over 4.3112
        (["0.8988", "0.0899", "0.0113"], "powers-of-ten"),  # 100, 10 and 1.2589 over 111.2589
    ],
)
def test_each_mistake_is_named(answer: list[str], code: str) -> None:
    part = grade(preset(FAMILY, "three-routes"), {"probabilities": answer}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_probabilities_that_do_not_sum_to_one_are_told_by_how_much() -> None:
    variant = preset(FAMILY, "three-routes")
    part = grade(variant, {"probabilities": ["0.659", "0.242", "0.199"]}).parts[0]
    assert part.identity is not None
    code, residual = part.identity
    assert (code, round(residual, 12)) == ("sum-to-one", 0.1)
    assert "off by 0.1" in rendering.verdict_message(variant, part, "en")


def test_logits_beyond_a_float_s_exponential_have_a_softmax_too() -> None:
    variant = explicit(FAMILY, 4, {"logits": ["1001", "1000"]})
    assert variant.truths["probabilities"] == pytest.approx(
        (0.731058578630, 0.268941421370), abs=1e-12
    )  # sigmoid(1), sigmoid(-1)
    assert "unnormalised-exponentials" not in {wrong.code for wrong in variant.wrong}
    assert "0.731059" in rendering.solution(variant, "en").text


def test_fractions_and_decimals_mix() -> None:
    variant = explicit(FAMILY, 2, {"logits": ["1/3", "0.5"]})
    assert "[−1/6, 0.0]" in rendering.solution(variant, "en").text


@pytest.mark.parametrize(
    ("logits", "code"),
    [
        (["1"], "list-length"),
        (["0"] * 11, "list-length"),
        (["1", "two"], "not-a-number"),
        (["1", "1e7"], "number-too-large"),
        ("1, 2", "list-expected"),
    ],
)
def test_what_are_no_logits_is_refused(logits: object, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"logits": logits})
    assert caught.value.code == code
