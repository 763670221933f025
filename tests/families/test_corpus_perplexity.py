"""The perplexity of a corpus: by hand on one variant, each mistake, and parameters at their edges."""

from math import e, log

import pytest

from quiz_bank.families.corpus_perplexity.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

GIVEN: dict[str, object] = {"perplexities": ["4", "64"], "counts": [300, 100]}  # 2 and 6 bits, weighted 3 bits


def test_losses_are_averaged_over_tokens() -> None:
    assert explicit(FAMILY, 1, GIVEN).truths == {"perplexity": 8.0}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (34, "mean-of-perplexities"),
        (19, "weighted-mean-of-perplexities"),  # (3 · 4 + 64) / 4
        (16, "documents-weighted-equally"),
        (3, "exponential-forgotten"),
        (3 * log(2), "exponential-forgotten"),
        (e**3, "base-mismatched"),
        (2 ** (3 * log(2)), "base-mismatched"),
    ],
)
def test_each_mistake_is_named(answer: float, code: str) -> None:
    part = grade(explicit(FAMILY, 1, GIVEN), {"perplexity": f"{answer:.6f}"}).parts[0]
    assert part.diagnosis is not None
    assert code in (part.diagnosis.code, *part.diagnosis.also)


def test_a_document_without_tokens_does_not_count() -> None:
    assert explicit(FAMILY, 1, GIVEN | {"counts": [300, 0]}).truths == {"perplexity": 4.0}


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"counts": [300]}, "/counts", "length-differs"),
        ({"counts": [0, 0]}, "/counts", "nothing-counted"),
        ({"perplexities": ["4", "0"]}, "/perplexities/1", "positive-expected"),
    ],
)
def test_what_is_no_corpus_is_refused(more: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, GIVEN | more)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
