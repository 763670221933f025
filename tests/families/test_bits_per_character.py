"""Bits per character: one conversion by hand, each mistake, units, and parameters at their edges."""

import pytest

from quiz_bank.families.bits_per_character.family import FAMILY
from quiz_bank.grading.errors import UnreadableAnswersError
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

GIVEN: dict[str, object] = {"loss": "2.5", "tokens": 1000, "characters": 4000}
RIGHT = {"bits_per_token": "3.607", "bits_per_character": "0.9017"}


def test_nats_become_bits_and_tokens_become_characters() -> None:
    truths = explicit(FAMILY, 1, GIVEN).truths
    assert truths["bits_per_token"] == pytest.approx(3.606737602222, abs=1e-12)  # 2.5 / ln 2
    assert truths["bits_per_character"] == pytest.approx(0.901684400556, abs=1e-12)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("bits_per_token", "2.5", "ln-2-forgotten"),
        ("bits_per_token", "2.5*ln(2)", "factor-inverted"),
        ("bits_per_character", "2.5/4", "ln-2-forgotten"),
        ("bits_per_character", "2.5*ln(2)/4", "factor-inverted"),
        ("bits_per_character", "2.5/ln(2)*4", "token-length-inverted"),
        ("bits_per_character", "3.607", "per-token"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(explicit(FAMILY, 1, GIVEN), RIGHT | {part: answer})
    found = next(each.diagnosis for each in verdict.parts if each.name == part)
    assert found is not None
    assert code in (found.code, *found.also)


def test_bits_may_be_named_and_nats_are_no_answer_to_a_conversion() -> None:
    asked = explicit(FAMILY, 1, GIVEN)
    assert grade(asked, {"bits_per_token": "3.607 bits", "bits_per_character": "0.9017 bits"}).result == "right"
    with pytest.raises(UnreadableAnswersError):
        grade(asked, RIGHT | {"bits_per_token": "2.5 nats"})


def test_a_wrong_number_of_bits_per_token_is_carried_on() -> None:
    verdict = grade(explicit(FAMILY, 1, GIVEN), {"bits_per_token": "2.5", "bits_per_character": "0.625"}).parts[1]
    assert (verdict.result, verdict.carried_from) == ("right", ("bits_per_token",))


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"loss": "0"}, "/loss", "positive-expected"),
        ({"tokens": 0}, "/tokens", "positive-expected"),
        ({"characters": 0}, "/characters", "positive-expected"),
        ({"tokens": "1.5"}, "/tokens", "count-expected"),
    ],
)
def test_what_is_no_text_is_refused(more: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, GIVEN | more)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
