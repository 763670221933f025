"""The gradient at a temperature: the articles' logits at T = 2, each mistake by hand, and T at its edges."""

import pytest

from quiz_bank.families.gradient_temperature.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Variant
from quiz_bank.variants import explicit


def problem(**given: object) -> Variant[Parameters]:
    return explicit(FAMILY, 1, {"logits": ["2", "1", "0.1"], "target": 0, "temperature": "2", **given})


def test_the_temperature_divides_the_logits_and_the_gradient() -> None:
    # The softmax of [1, 0.5, 0.05] is [0.501688, 0.304289, 0.194023].
    assert problem().truths["gradient"] == pytest.approx((-0.249156121455, 0.152144503139, 0.097011618316), abs=1e-12)


def test_at_the_temperature_one_it_is_the_articles_gradient() -> None:
    truth = problem(temperature=1).truths["gradient"]
    assert truth == pytest.approx((-0.340998861114, 0.242432970705, 0.098565890409), abs=1e-12)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (["0.249", "-0.152", "-0.0970"], "sign-flipped"),
        (["-0.4983", "0.3043", "0.1940"], "temperature-forgotten-outside"),
        (["-0.9966", "0.6086", "0.3880"], "temperature-multiplied"),
        (["-0.3410", "0.2424", "0.0986"], "temperature-forgotten"),
        (["-0.1705", "0.1212", "0.0493"], "temperature-outside-only"),
        (["-0.2726", "0.2339", "0.0387"], "temperature-inverted"),  # the softmax of [4, 2, 0.2], less 1, times 2
        (["0.5017", "0.3043", "0.1940"], "probabilities-only"),
    ],
)
def test_each_mistake_is_named(answer: list[str], code: str) -> None:
    part = grade(problem(), {"gradient": answer}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("temperature", 0, "positive-expected"), ("temperature", "-1", "positive-expected"), ("target", 3, "index-out-of-range")],
)
def test_what_does_not_fit_is_refused(field: str, value: object, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        problem(**{field: value})
    assert (caught.value.pointer, caught.value.code) == (f"/{field}", code)
