"""Mutual information: one table by hand, independence and certainty, each mistake by hand, and tables at their edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.mutual_information.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

# In bits: H(X) = H(Y) = 1 and H(X, Y) = 1 + H(1/4) = 1.811278.
RAW: dict[str, object] = {"counts": [[3, 1], [1, 3]], "log_base": "2"}


def test_a_table_by_hand() -> None:
    assert explicit(FAMILY, 1, RAW).truths["information"] == pytest.approx(0.188721875541, abs=1e-12)  # 1 - H(1/4)


def test_independent_variables_share_nothing() -> None:
    variant = explicit(FAMILY, 1, {"counts": [[2, 4, 6], [1, 2, 3]]})
    assert variant.truths == {"information": 0.0}
    assert rendering.solution(variant, "en").text


def test_a_variable_tells_all_about_itself_and_empty_cells_add_nothing() -> None:
    variant = explicit(FAMILY, 1, {"counts": [[5, 0], [0, 5]], "log_base": "2"})
    assert variant.truths == {"information": 1.0}
    assert "0 · log 0 = 0" in rendering.prompt(variant, "en").text


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("0.13081", "wrong-log-base-e"),
        ("-0.18872", "sign-flipped"),
        ("1.50978", "counts-as-probabilities"),  # 8 times too much
        ("-22.490", "counts-as-probabilities"),  # 6 log2(3/16) - 2 log2 16
        ("0.81128", "conditional-entropy-for-information"),  # H(1/4)
        ("1.81128", "joint-entropy-for-information"),
        ("-0.83007", "ratios-unweighted"),  # 2 log2 1.5 - 2
        ("-0.81128", "one-entropy-forgotten"),  # 1 - 1.81128
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(explicit(FAMILY, 1, RAW), {"information": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


@pytest.mark.parametrize(
    ("counts", "pointer", "code"),
    [
        ([[1, 2], [3]], "/counts", "rows-differ"),
        ([["0.5", 2], [3, 4]], "/counts/0/0", "count-expected"),
        ([[0, 0]], "/counts", "all-zero"),
        ([], "/counts", "list-length"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(counts: object, pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"counts": counts})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
