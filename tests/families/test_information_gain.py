"""Information gain: one split by hand, pure and useless splits, what follows, each mistake by hand, and edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.information_gain.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

# Seven to nine before; the branches are 12 (3 to 9, a coin of 1/4) and 4, all of one class.
RAW: dict[str, object] = {"counts": [[3, 9], [4, 0]], "log_base": "2"}
RIGHT: dict[str, object] = {"parent": "0.9887", "children": "0.6085", "gain": "0.3802"}


def test_a_split_by_hand() -> None:
    truths = explicit(FAMILY, 1, RAW).truths
    assert truths["parent"] == pytest.approx(0.988699408289, abs=1e-12)  # the entropy of a coin of 7/16
    assert truths["children"] == pytest.approx(0.608458593344, abs=1e-12)  # 3/4 of that of a coin of 1/4
    assert truths["gain"] == pytest.approx(0.380240814945, abs=1e-12)


def test_a_split_into_pure_branches_gains_all() -> None:
    assert explicit(FAMILY, 1, {"counts": [[5, 0], [0, 5]]}).truths == {"parent": 1.0, "children": 0.0, "gain": 1.0}


def test_a_split_that_keeps_the_shares_gains_nothing_and_an_empty_branch_does_no_harm() -> None:
    variant = explicit(FAMILY, 1, {"counts": [[2, 2], [3, 3], [0, 0]]})
    assert variant.truths == {"parent": 1.0, "children": 1.0, "gain": 0.0}
    assert rendering.solution(variant, "en").text


def test_a_gain_that_follows_from_wrong_entropies_is_credited() -> None:
    parts = grade(explicit(FAMILY, 1, RAW), {"parent": "0.900", "children": "0.500", "gain": "0.400"}).parts
    assert [part.result for part in parts] == ["wrong", "wrong", "right"]
    assert parts[2].carried_from == ("parent", "children")


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("parent", "0.6853", "wrong-log-base-e"),
        ("parent", "0.4922", "gini"),  # 1 - (49 + 81) / 256
        ("parent", "0.8113", "entropy-of-the-split"),  # 12 to 4
        ("children", "0.4056", "children-unweighted"),  # 0.8113 / 2
        ("children", "0.8113", "children-added"),
        ("children", "0.28125", "gini"),  # 3/4 * 3/8
        ("gain", "0.5831", "children-unweighted"),
        ("gain", "0.1774", "children-unweighted"),
        ("gain", "0.6085", "parent-left-out"),
        ("gain", "0.2109", "gini"),  # 0.4922 - 0.28125
        ("gain", "0.4687", "gain-ratio"),  # 0.3802 / 0.8113
        ("gain", "-0.3802", "sign-flipped"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = next(each for each in grade(explicit(FAMILY, 1, RAW), RIGHT | {part: answer}).parts if each.name == part)
    assert verdict.diagnosis is not None
    assert (verdict.result, verdict.diagnosis.code) == ("wrong", code)


@pytest.mark.parametrize(
    ("counts", "pointer", "code"),
    [
        ([[1, 2], [3]], "/counts", "rows-differ"),
        ([[1, -2], [3, 4]], "/counts/0/1", "count-expected"),
        ([[1, "1.5"], [3, 4]], "/counts/0/1", "count-expected"),
        ([[0, 0], [0, 0]], "/counts", "all-zero"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(counts: object, pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"counts": counts})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
