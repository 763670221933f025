"""The probability behind a surprisal: exact powers, the articles' numbers read backwards, each mistake by hand, and edges."""

import pytest

from quiz_bank.families.probability_from_surprisal.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

FIVE_BITS: dict[str, object] = {"surprisal": "5", "log_base": "2"}


@pytest.mark.parametrize(
    ("surprisal", "log_base", "probability"),
    [
        ("5", "2", 1 / 32),
        ("3", "10", 0.001),
        ("6.907755278982", "e", 0.001),  # meeting a panda, in nats
        ("9.965784284662", "2", 0.001),  # and in bits
        ("0", "e", 1.0),  # what is certain surprises nobody
    ],
)
def test_the_surprisal_leads_back_to_its_probability(surprisal: str, log_base: str, probability: float) -> None:
    truths = explicit(FAMILY, 1, {"surprisal": surprisal, "log_base": log_base}).truths
    assert truths["probability"] == pytest.approx(probability, rel=1e-11)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("0.006738", "exponent-in-another-base"),  # e^-5
        ("0.00001", "exponent-in-another-base"),  # 10^-5
        ("0.2", "reciprocal"),  # 1/5
        ("32", "minus-forgotten"),
        ("0.96875", "complement"),  # 31/32
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(explicit(FAMILY, 1, FIVE_BITS), {"probability": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"surprisal": "-1"}, "/surprisal", "non-negative-expected"),
        ({"surprisal": "inf"}, "/surprisal", "not-a-number"),
        ({"log_base": "3"}, "/log_base", "log-base-expected"),
    ],
)
def test_what_is_no_surprisal_is_refused(changes: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, FIVE_BITS | changes)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
