"""Softmax at a temperature: a softened preset, each mistake by hand, and temperatures at their edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.softmax_temperature.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

SOFTENED = (0.501687757090, 0.304289006278, 0.194023236632)  # e, e^0.5 and e^0.05 over their sum 5.4182


def test_a_temperature_of_two_softens_the_articles_probabilities() -> None:
    assert preset(FAMILY, "three-routes").truths["probabilities"] == pytest.approx(SOFTENED, abs=1e-11)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (["0.8638", "0.1169", "0.0193"], "temperature-multiplied"),  # the softmax of 4, 2 and 0.2
        (["0.6590", "0.2424", "0.0986"], "temperature-ignored"),  # the articles' probabilities
        (["0.3295", "0.1212", "0.0493"], "temperature-after-the-softmax"),  # half of those
        (["0.3895", "0.3162", "0.2943"], "softmax-twice"),  # the softmax of these halves
        (["2.718", "1.649", "1.051"], "unnormalised-exponentials"),  # e, e^0.5, e^0.05
    ],
)
def test_each_mistake_is_named(answer: list[str], code: str) -> None:
    part = grade(preset(FAMILY, "three-routes"), {"probabilities": answer}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_at_temperature_one_ignoring_it_is_no_mistake() -> None:
    codes = {wrong.code for wrong in explicit(FAMILY, 1, {"logits": ["2", "1", "0.1"], "temperature": "1"}).wrong}
    assert codes == {"softmax-twice", "unnormalised-exponentials"}


def test_the_coldest_temperature_gives_one_class_all_and_still_explains_itself() -> None:
    variant = explicit(FAMILY, 1, {"logits": ["2", "1"], "temperature": "0.000001"})
    assert variant.truths["probabilities"] == (1.0, 0.0)
    assert "[0, −1000000]" in rendering.hint(variant, 3, "en").text


@pytest.mark.parametrize("temperature", ["0", "-1"])
def test_a_temperature_that_is_not_positive_is_refused(temperature: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"logits": ["2", "1"], "temperature": temperature})
    assert (caught.value.pointer, caught.value.code) == ("/temperature", "positive-expected")
