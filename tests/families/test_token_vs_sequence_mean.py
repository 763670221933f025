"""Two averages of the same losses: by hand on one variant, each mistake, and parameters at their edges."""

import pytest

from quiz_bank.families.token_vs_sequence_mean.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

GIVEN: dict[str, object] = {"first_losses": ["4.0", "3.0"], "second_losses": ["0.5", "1.0", "0.5", "1.0"]}
RIGHT = {"token_mean": "10/6", "sequence_mean": "2.125"}  # sums 7 and 3, means 3.5 and 0.75


def test_the_two_averages_differ() -> None:
    assert explicit(FAMILY, 1, GIVEN).truths == {"token_mean": 10 / 6, "sequence_mean": 2.125}


def test_they_agree_for_sequences_of_one_length() -> None:
    truths = explicit(FAMILY, 1, {"first_losses": ["1", "2"], "second_losses": ["3", "4"]}).truths
    assert truths == {"token_mean": 2.5, "sequence_mean": 2.5}


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("token_mean", "2.125", "sequence-mean-for-token-mean"),
        ("token_mean", "5", "divides-by-sequences"),
        ("token_mean", "10", "sum-for-mean"),
        ("sequence_mean", "1.667", "token-mean-for-sequence-mean"),
        ("sequence_mean", "5", "divides-by-sequences"),
        ("sequence_mean", "4.25", "sum-for-mean"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = grade(explicit(FAMILY, 1, GIVEN), RIGHT | {part: answer})
    found = next(each.diagnosis for each in verdict.parts if each.name == part)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"first_losses": []}, "/first_losses", "list-length"),
        ({"second_losses": ["-1"]}, "/second_losses/0", "non-negative-expected"),
    ],
)
def test_what_is_no_sequence_is_refused(more: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, GIVEN | more)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
