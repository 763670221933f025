"""Log-softmax: the articles' logits, each mistake by hand, and log-probabilities that a softmax would lose."""

import pytest

from quiz_bank.families.log_softmax.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset


def test_the_three_routes_pass_through_the_articles_loss() -> None:
    first = -0.417030016278  # the articles' loss; the others lie 1 and 1.9 further below
    truth = preset(FAMILY, "three-routes").truths["log_probabilities"]
    assert truth == pytest.approx((first, first - 1, first - 1.9), abs=1e-11)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (["-0.6016", "-2.0443", "-3.3428"], "wrong-log-base-2"),  # over ln 2
        (["0.417", "1.417", "2.317"], "sign-flipped"),
        (["2.00", "1.00", "0.10"], "log-of-unnormalised"),
        (["0", "-1.00", "-1.90"], "largest-subtracted-only"),
        (["0.659", "0.242", "0.0986"], "probabilities-for-logarithms"),
        (["-0.1269", "-0.3133", "-0.6444"], "sigmoid-each"),  # -ln(1 + e^-2) …
        (["-0.8021", "-1.2187", "-1.3626"], "softmax-twice"),  # ln of 0.4484, 0.2956 and 0.2560
    ],
)
def test_each_mistake_is_named(answer: list[str], code: str) -> None:
    part = grade(preset(FAMILY, "three-routes"), {"log_probabilities": answer}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_log_probabilities_whose_exponentials_do_not_sum_to_one_are_told_so() -> None:
    part = grade(preset(FAMILY, "three-routes"), {"log_probabilities": ["-0.417", "-1.417", "-1.417"]}).parts[0]
    assert part.identity is not None
    assert part.identity[0] == "exponentials-sum-to-one"
    assert part.identity[1] == pytest.approx(0.1439, abs=1e-3)  # 0.2424 - 0.0986


def test_an_exponential_beyond_a_float_is_wrong_and_no_error() -> None:
    part = grade(preset(FAMILY, "three-routes"), {"log_probabilities": ["1000", "-1.417", "-2.317"]}).parts[0]
    assert (part.result, part.identity) == ("partly_right", None)


def test_a_probability_that_rounds_to_one_keeps_its_logarithm() -> None:
    truth = explicit(FAMILY, 1, {"logits": ["40", "0"]}).truths["log_probabilities"]
    assert truth == pytest.approx((-4.248354255291589e-18, -40.0), rel=1e-12)  # -e^-40


def test_a_single_logit_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"logits": ["2"]})
    assert (caught.value.pointer, caught.value.code) == ("/logits", "list-length")
