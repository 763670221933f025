"""Joint and conditional entropy: one table by hand, certainty, what follows, each mistake by hand, and edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.joint_conditional_entropy.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit

# In bits: H(X, Y) = 1/2 + 4·3/8 = 2 and H(X) = H(5/8) = 0.954434; the columns sum to 5/8, 1/4 and 1/8, so H(Y) = 1.298795.
RAW: dict[str, object] = {"table": [["1/2", "1/8", "0"], ["1/8", "1/8", "1/8"]], "log_base": "2"}
RIGHT: dict[str, object] = {"joint": "2", "conditional": "1.0456"}


def test_a_table_by_hand() -> None:
    truths = explicit(FAMILY, 1, RAW).truths
    assert truths["joint"] == 2.0
    assert truths["conditional"] == pytest.approx(1.045565997075, abs=1e-12)  # 2 - H(5/8)


def test_a_row_that_tells_its_column_leaves_nothing_unknown() -> None:
    variant = explicit(FAMILY, 1, {"table": [["0.5", "0"], ["0", "0.5"]], "log_base": "2"})
    assert variant.truths == {"joint": 1.0, "conditional": 0.0}
    assert "0 · log 0 = 0" in rendering.prompt(variant, "en").text


def test_a_row_that_never_comes_does_no_harm() -> None:
    variant = explicit(FAMILY, 1, {"table": [["0.5", "0.5"], ["0", "0"]], "log_base": "2"})
    assert variant.truths == {"joint": 1.0, "conditional": 1.0}
    assert rendering.solution(variant, "en").text


def test_a_conditional_entropy_that_follows_from_a_wrong_joint_one_is_credited() -> None:
    joint, conditional = grade(explicit(FAMILY, 1, RAW), {"joint": "1.80", "conditional": "0.846"}).parts
    assert (joint.result, conditional.result, conditional.carried_from) == ("wrong", "right", ("joint",))


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("joint", "1.3863", "wrong-log-base-e"),  # 2 ln 2
        ("joint", "2.2532", "sum-of-marginals"),  # 0.9544 + 1.2988
        ("joint", "1.0456", "conditional-for-joint"),
        ("conditional", "0.7012", "conditioned-the-wrong-way"),  # 2 - 1.2988
        ("conditional", "1.2988", "marginal-for-conditional"),
        ("conditional", "1.1534", "rows-unweighted"),  # the mean of H(1/5) and log2 3
        ("conditional", "2.000", "joint-for-conditional"),
        ("conditional", "-1.0456", "sign-flipped"),
    ],
)
def test_each_mistake_is_named(part: str, answer: str, code: str) -> None:
    verdict = next(each for each in grade(explicit(FAMILY, 1, RAW), RIGHT | {part: answer}).parts if each.name == part)
    assert verdict.diagnosis is not None
    assert (verdict.result, verdict.diagnosis.code) == ("wrong", code)


@pytest.mark.parametrize(
    ("table", "pointer", "code"),
    [
        ([["0.5", "0.2"], ["0.2", "0"]], "/table", "sum-not-one"),
        ([["0.5", "0.2"], ["0.3"]], "/table", "rows-differ"),
        ([["1.5", "-0.5"]], "/table/0/0", "probability-range"),
        ("0.5", "/table", "list-expected"),
    ],
)
def test_what_is_no_joint_distribution_is_refused(table: object, pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"table": table})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
