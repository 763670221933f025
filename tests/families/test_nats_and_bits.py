"""Units of information: the articles' pairs of nats and bits, each mistake by hand, and what must not be written."""

import pytest

from quiz_bank.families.nats_and_bits.family import FAMILY
from quiz_bank.grading.errors import UnreadableAnswersError
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

TWO_BITS: dict[str, object] = {"loss": "2", "from_base": "2", "to_base": "e"}


@pytest.mark.parametrize(
    ("loss", "from_base", "to_base", "converted"),
    [
        ("0.916290731874", "e", "2", 1.321928094887),  # five animals, before training
        ("0.020202707318", "e", "2", 0.029146345660),  # and after it
        ("1.485475297227", "2", "e", 1.029653014064),  # the entropy of the forest
        ("1", "10", "2", 3.321928094887),  # log2 10
    ],
)
def test_a_loss_in_another_unit(loss: str, from_base: str, to_base: str, converted: float) -> None:
    truths = explicit(FAMILY, 1, {"loss": loss, "from_base": from_base, "to_base": to_base}).truths
    assert truths["converted"] == pytest.approx(converted, abs=2e-12)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("2.8854", "factor-inverted"),  # 2 / ln 2
        ("2.00", "not-converted"),
        ("0.60206", "another-unit"),  # 2 log10 2
        ("0.250", "exponentiated"),  # 2^-2
        ("4.00", "exponentiated"),  # 2^2
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(explicit(FAMILY, 1, TWO_BITS), {"converted": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


def test_the_given_unit_is_no_answer_for_converting_is_the_question() -> None:
    with pytest.raises(UnreadableAnswersError):
        grade(explicit(FAMILY, 1, TWO_BITS), {"converted": "2 bits"})
    assert grade(explicit(FAMILY, 1, TWO_BITS), {"converted": "1.386 nats"}).result == "right"


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"loss": "0"}, "/loss", "positive-expected"),
        ({"to_base": "2"}, "/to_base", "same-base"),
        ({"from_base": "3"}, "/from_base", "log-base-expected"),
    ],
)
def test_what_cannot_be_converted_is_refused(changes: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, TWO_BITS | changes)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
