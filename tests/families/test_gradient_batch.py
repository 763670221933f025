"""The gradient of a batch: the articles' logits as two rows, mean and sum, each mistake by hand."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.gradient_batch.family import FAMILY, Parameters
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Variant
from quiz_bank.variants import explicit

MEAN = ((-0.170499430557, 0.121216485352, 0.049282945205), (-0.494604269144, 0.008896056233, 0.485708212911))


def problem(**given: object) -> Variant[Parameters]:
    return explicit(FAMILY, 2, {"logits": [["2", "1", "0.1"], ["0.5", "1", "5"]], "targets": [0, 0], **given})


def test_the_mean_divides_each_row_by_the_number_of_samples() -> None:
    rows = problem().truths["gradient"]
    assert [number for row in rows for number in row] == pytest.approx([*MEAN[0], *MEAN[1]], abs=1e-12)  # type: ignore[union-attr]


def test_the_sum_divides_by_nothing() -> None:
    first, _ = problem(reduction="sum").truths["gradient"]  # type: ignore[misc]
    assert first == pytest.approx((-0.340998861114, 0.242432970705, 0.098565890409), abs=1e-12)  # the three routes


@pytest.mark.parametrize(
    ("reduction", "answer", "code"),
    [
        ("mean", [["0.170", "-0.121", "-0.0493"], ["0.495", "-0.0089", "-0.486"]], "sign-flipped"),
        ("mean", [["-0.341", "0.242", "0.0986"], ["-0.989", "0.0178", "0.971"]], "sum-for-mean"),
        ("sum", [["-0.1705", "0.1212", "0.0493"], ["-0.4946", "0.0089", "0.4857"]], "mean-for-sum"),
        ("mean", [["-0.1137", "0.0808", "0.0329"], ["-0.3297", "0.0059", "0.3238"]], "divided-by-classes"),
        ("mean", [["-0.0568", "0.0404", "0.0164"], ["-0.1649", "0.0030", "0.1619"]], "divided-by-all-entries"),
        ("mean", [["0.3295", "0.1212", "0.0493"], ["0.0054", "0.0089", "0.4857"]], "probabilities-only"),
        (
            "mean",
            [["-0.0912", "0.25", "0.0037"], ["-0.4088", "0.25", "0.4963"]],
            "softmax-over-samples",
        ),  # σ(1.5), 1/2, σ(-4.9)
    ],
)
def test_each_mistake_is_named(reduction: str, answer: object, code: str) -> None:
    part = grade(problem(reduction=reduction), {"gradient": answer}).parts[0]
    assert part.diagnosis is not None
    assert part.diagnosis.code == code


def test_a_row_that_does_not_sum_to_zero_is_told_by_how_much() -> None:
    answer = [["0.3295", "0.1212", "0.0493"], ["0.0054", "0.0089", "0.4857"]]
    part = grade(problem(), {"gradient": answer}).parts[0]
    assert part.identity is not None
    assert part.identity[0] == "rows-sum-to-zero"
    assert "off by 0.5." in rendering.verdict_message(problem(), part, "en")


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"targets": [0, 3]}, "/targets/1", "index-out-of-range"),
        ({"targets": [0]}, "/targets", "length-differs"),
        ({"logits": [[1, 2], [1]]}, "/logits", "rows-differ"),
        ({"reduction": "none"}, "/reduction", "choice-expected"),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        problem(**given)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
