"""Which mistake made a number: the options, the one that fits, and parameters at their edges."""

from __future__ import annotations

import pytest

from quiz_bank import rendering
from quiz_bank.grading.errors import UnreadableAnswersError
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError, show_parameters
from quiz_bank.problem import ChoicePart, Diagnosis
from quiz_bank.registry import family
from quiz_bank.variants import draw, explicit, preset

FAMILY = family("what-went-wrong")
IN_BITS = preset(FAMILY, "in-bits")


def test_the_mistake_is_the_option_that_gives_the_number() -> None:
    assert IN_BITS.truths["mistake"] == ("wrong-log-base-2",)
    assert grade(IN_BITS, {"mistake": "b"}).result == "right"


@pytest.mark.parametrize("answer", ["B", " b ", "Ｂ", ["b"], "b."])
def test_a_letter_is_read_however_it_is_written(answer: object) -> None:
    assert grade(IN_BITS, {"mistake": answer}).result == "right"


def test_another_option_is_wrong_and_says_what_it_would_have_given() -> None:
    (part,) = grade(IN_BITS, {"mistake": "c"}).parts
    assert (part.result, part.credit, part.diagnosis) == ("wrong", 0.0, Diagnosis("complement"))
    assert "0.3" in rendering.why(IN_BITS, "complement", "en").text


@pytest.mark.parametrize(
    ("answer", "code"),
    [("z", "unknown-letter"), ("a, b", "one-letter"), ("aa", "letter-twice"), (3, "letters-expected"), ("", "one-letter")],
)
def test_what_is_no_single_letter_is_refused(answer: object, code: str) -> None:
    with pytest.raises(UnreadableAnswersError, match=code):
        grade(IN_BITS, {"mistake": answer})


def test_the_parameters_do_not_tell_which_option_is_right() -> None:
    shown = show_parameters(IN_BITS.parameters)
    assert set(shown) == {"source", "given", "number", "options"}
    assert explicit(FAMILY, 1, shown).truths == IN_BITS.truths


def test_every_option_says_what_was_done_in_both_languages() -> None:
    for number in range(30):
        variant = draw(FAMILY, 1 + number % 3, str(number)).variant
        (part,) = variant.parts
        assert isinstance(part, ChoicePart)
        for language in ("en", "zh"):
            said = [rendering.option_text(variant, code, language).text for code in part.options]
            assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"source": "no-such-family"}, "unknown-source"),
        ({"source": "softmax"}, "unknown-source"),
        ({"number": "0.9"}, "nothing-matches"),
        ({"options": ["wrong-class", "no-such-mistake"]}, "unknown-option"),
        ({"options": ["Wrong class"]}, "code-expected"),
        ({"given": "text"}, "object-expected"),
        ({"given": {"prediction": ["0.7", "0.4"], "target": ["1", "0"]}}, "sum-not-one"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, show_parameters(IN_BITS.parameters) | changes)
    assert caught.value.code == code
    assert rendering.parameter_message(caught.value, "zh")
