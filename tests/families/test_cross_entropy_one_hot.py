"""The loss of a one-hot target: the articles' numbers, the answers to their mock question, and parameters at their edges."""

from math import inf

import pytest

from quiz_bank import rendering
from quiz_bank.families.cross_entropy_one_hot.family import FAMILY
from quiz_bank.grading.errors import UnreadableAnswersError
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset


@pytest.mark.parametrize(
    ("name", "nats"),
    [
        ("mock-question", 0.356674943939),  # -ln 0.7
        ("forest-dog", 0.356674943939),  # the same probability, for the third class
        ("animals-early", 0.916290731874),  # -ln 0.4
        ("animals-late", 0.020202707318),  # -ln 0.98
        ("weather-a", 0.105360515658),  # -ln 0.9
        ("weather-b", 0.510825623766),  # -ln 0.6
    ],
)
def test_presets_have_the_articles_values(name: str, nats: float) -> None:
    assert preset(FAMILY, name).truths["loss"] == pytest.approx(nats, abs=1e-12)


@pytest.mark.parametrize(("name", "bits"), [("animals-early", 1.321928094887), ("animals-late", 0.029146345660)])
def test_the_animals_in_bits(name: str, bits: float) -> None:
    given = preset(FAMILY, name).parameters
    raw = {"prediction": list(map(str, given.prediction)), "target": list(map(str, given.target)), "log_base": "2"}
    assert explicit(FAMILY, 2, raw).truths["loss"] == pytest.approx(bits, abs=1e-12)


@pytest.mark.parametrize("answer", ["0.357", "0.356", "0.356674943939", "-ln(0.7)", "０.３５７", "0.5146 bits", "35.7%"])
def test_every_way_to_write_the_mock_question_s_answer_is_right(answer: str) -> None:
    assert grade(preset(FAMILY, "mock-question"), {"loss": answer}).result == "right"


@pytest.mark.parametrize("answer", ["0.36", "0.35", "0.4"])
def test_too_few_digits_are_no_mistake(answer: str) -> None:
    assert grade(preset(FAMILY, "mock-question"), {"loss": answer}).result == "too_coarse"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("0.5146", "wrong-log-base-2"),  # 0.35667 / ln 2
        ("0.1549", "wrong-log-base-10"),  # 0.35667 / ln 10
        ("-0.357", "sign-flipped"),
        ("0.3", "complement"),  # 1 - 0.7
        ("1.609", "wrong-class"),  # -ln 0.2
        ("2.303", "wrong-class"),  # -ln 0.1
        ("0.1189", "mean-over-classes"),  # 0.35667 / 3
        ("0.6852", "all-classes"),  # 0.35667 - ln 0.8 - ln 0.9
        ("-1.609", "sign-flipped+wrong-class"),
    ],
)
def test_each_mistake_with_the_mock_question_is_named(answer: str, code: str) -> None:
    part = grade(preset(FAMILY, "mock-question"), {"loss": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(UnreadableAnswersError):
        grade(preset(FAMILY, "mock-question"), {"loss": "abc"})


def test_the_mock_question_can_be_asked_with_its_parameters() -> None:
    raw = {"prediction": ["0.7", "0.2", "0.1"], "target": ["1", "0", "0"]}
    asked = explicit(FAMILY, 2, raw)
    assert asked == preset(FAMILY, "mock-question")


def test_json_numbers_stand_for_their_shortest_text() -> None:
    asked = explicit(FAMILY, 2, {"prediction": [0.7, 0.2, 0.1], "target": [1, 0, 0]})
    assert asked.parameters == preset(FAMILY, "mock-question").parameters


def test_the_prompt_does_not_give_the_mock_question_away() -> None:
    prompt = rendering.prompt(preset(FAMILY, "mock-question"), "en").text
    assert "ln(0.7)" not in prompt


def test_a_true_class_that_is_ruled_out_costs_infinitely_much() -> None:
    variant = explicit(FAMILY, 1, {"prediction": ["0", "1"], "target": ["1", "0"]})
    assert variant.truths == {"loss": inf}
    assert "= ∞ nats" in rendering.solution(variant, "en").text
    assert grade(variant, {"loss": "inf"}).result == "right"


def test_a_sure_hit_costs_nothing() -> None:
    variant = explicit(FAMILY, 1, {"prediction": ["1", "0"], "target": ["1", "0"]})
    assert variant.truths == {"loss": 0.0}
    assert "0 · log 0 = 0" in rendering.prompt(variant, "en").text


@pytest.mark.parametrize(
    ("prediction", "target", "pointer", "code"),
    [
        (["0.7", "0.2", "0.2"], ["1", "0", "0"], "/prediction", "sum-not-one"),
        (["0.7", "0.2"], ["1", "0"], "/prediction", "sum-not-one"),
        (["1.2", "-0.2"], ["1", "0"], "/prediction/0", "probability-range"),
        (["0.7", "0.3"], ["0.5", "0.5"], "/target", "one-hot-expected"),
        (["0.7", "0.3"], ["0", "0"], "/target", "sum-not-one"),
        (["0.7", "0.3"], ["1", "0", "0"], "/target", "length-differs"),
        ("0.7", ["1", "0"], "/prediction", "list-expected"),
    ],
)
def test_what_is_no_prediction_of_a_class_is_refused(prediction: object, target: object, pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"prediction": prediction, "target": target})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
