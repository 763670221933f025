"""Label smoothing: the article's target by both definitions, each mix-up by its name, and parameters at their edges."""

import pytest

from quiz_bank.families.label_smoothing.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset

LOGITS = {"logits": ["2", "1", "0.1"], "target": 0}


@pytest.mark.parametrize(
    ("name", "target", "loss"),
    [
        ("article-smoothing", (14 / 15, 1 / 30, 1 / 30), 0.513696682945),  # 0.1/3 for every class
        ("article-as-printed", (0.9, 0.05, 0.05), 0.562030016278),  # 0.1/2 for the other two
    ],
)
def test_the_article_s_target_has_the_right_values_by_either_definition(
    name: str, target: tuple[float, ...], loss: float
) -> None:
    truths = preset(FAMILY, name).truths
    assert truths["smoothed"] == pytest.approx(target, abs=1e-12)
    assert truths["loss"] == pytest.approx(loss, abs=1e-11)


@pytest.mark.parametrize(
    ("target", "loss", "code"),
    [
        (["0.9", "0.05", "0.05"], "0.562", "other-definition"),
        (["1", "0", "0"], "0.417", "smoothing-forgotten"),  # ln(e^2 + e + e^0.1) - 2
        (["0.1", "0.45", "0.45"], "1.722", "epsilon-for-the-true-class"),  # 0.41703 + 0.45 (1 + 1.9)
        (["0.9", "0.0333", "0.0333"], "0.4998", "definitions-mixed"),  # 0.9667 of 0.41703, and (1 + 1.9)/30
    ],
)
def test_each_mistake_is_named_in_both_parts(target: list[str], loss: str, code: str) -> None:
    variant = preset(FAMILY, "article-smoothing")
    mistaken_target = grade(variant, {"smoothed": target, "loss": "0.5137"}).parts[0]
    mistaken_loss = grade(variant, {"smoothed": ["14/15", "1/30", "1/30"], "loss": loss}).parts[1]
    found = [part.diagnosis.code for part in (mistaken_target, mistaken_loss) if part.diagnosis]
    assert found == [code, code]


def test_a_loss_that_follows_from_a_target_of_one_s_own_counts() -> None:
    answers = {"smoothed": ["0.96", "0.02", "0.02"], "loss": "0.475"}  # 0.41703 + 0.02 (1 + 1.9)
    assert grade(preset(FAMILY, "article-smoothing"), answers).parts[1].carried_from == ("smoothed",)


@pytest.mark.parametrize("smoothing", ["all", "others"])
def test_without_smoothing_the_loss_is_that_of_the_hard_label(smoothing: str) -> None:
    variant = explicit(FAMILY, 1, LOGITS | {"epsilon": "0", "smoothing": smoothing})
    assert variant.truths["loss"] == pytest.approx(0.417030016278, abs=1e-12)


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({"epsilon": "1.1"}, "/epsilon", "probability-range"),
        ({"epsilon": "0.1", "smoothing": "some"}, "/smoothing", "choice-expected"),
        ({"epsilon": "0.1", "target": 3}, "/target", "index-out-of-range"),
    ],
)
def test_parameters_that_make_no_problem_are_refused(raw: dict[str, object], pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, LOGITS | raw)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
