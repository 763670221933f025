"""Back through a linear layer: two classes by hand, what follows from what, and each mistake."""

import pytest

from quiz_bank.families.linear_layer_gradient.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Variant, components
from quiz_bank.variants import explicit

RIGHT: dict[str, object] = {
    "bias_gradient": ["-0.8176", "0.8176"],
    "weight_gradient": [["-1.635", "-0.818"], ["1.635", "0.818"]],
}


def problem(**given: object) -> Variant[Parameters]:
    first = {"weight_matrix": [["1", "-1"], ["0.5", "2"]], "bias": ["0.5", "0"], "inputs": ["2", "1"], "target": 0}
    return explicit(FAMILY, 1, {**first, **given})


def test_the_bias_gets_the_difference_and_the_weights_its_product_with_the_input() -> None:
    parts = problem().numeric  # the logits are [1.5, 3], so p - y is σ(1.5) up to its sign
    assert parts["bias_gradient"].truth == pytest.approx((-0.817574476194, 0.817574476194), abs=1e-12)
    by_rows = components(parts["weight_gradient"].truth)
    assert by_rows == pytest.approx((-1.635148952387, -0.817574476194, 1.635148952387, 0.817574476194), abs=1e-12)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("bias_gradient", ["0.818", "-0.818"], "sign-flipped"),
        ("bias_gradient", ["0.1824", "0.8176"], "probabilities-only"),
        ("bias_gradient", ["-0.881", "0.881"], "bias-forgotten"),  # σ(2)
        ("bias_gradient", ["0.5", "3.0"], "softmax-forgotten"),
        ("bias_gradient", ["-0.409", "0"], "bias-multiplied"),
        ("weight_gradient", [["-1.635", "1.635"], ["-0.818", "0.818"]], "transposed"),
        ("weight_gradient", [["-0.818", "-0.818"], ["0.818", "0.818"]], "inputs-forgotten"),
        ("weight_gradient", [["0.365", "0.182"], ["1.635", "0.818"]], "probabilities-only"),
        ("weight_gradient", [["-1.762", "-0.881"], ["1.762", "0.881"]], "bias-forgotten"),
        ("weight_gradient", [["1", "0.5"], ["6", "3"]], "softmax-forgotten"),
    ],
)
def test_each_mistake_is_named(part: str, answer: object, code: str) -> None:
    (found,) = (each for each in grade(problem(), RIGHT | {part: answer}).parts if each.name == part)
    assert found.diagnosis is not None
    assert found.diagnosis.code == code


def test_the_weights_are_credited_where_they_follow_from_a_wrong_bias_gradient() -> None:
    answers = {"bias_gradient": ["-0.7", "0.7"], "weight_gradient": [["-1.4", "-0.7"], ["1.4", "0.7"]]}
    bias, weights = grade(problem(), answers).parts
    assert bias.result == "wrong"
    assert (weights.result, weights.carried_from) == ("right", ("bias_gradient",))


def test_a_matrix_that_is_not_square_cannot_be_confused_with_its_transpose() -> None:
    given = {"weight_matrix": [["1"], ["2"]], "inputs": ["3"]}
    assert "transposed" not in {wrong.code for wrong in problem(**given).wrong}


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"bias": ["1"]}, "/bias", "length-differs"),
        ({"inputs": ["1", "2", "3"]}, "/inputs", "length-differs"),
        ({"target": 2}, "/target", "index-out-of-range"),
        ({"weight_matrix": [["1", "2"], ["1"]]}, "/weight_matrix", "rows-differ"),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        problem(**given)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
