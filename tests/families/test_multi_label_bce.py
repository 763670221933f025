"""Multi-label binary cross-entropy: the articles' terms, sum and mean, what follows from what, and each mistake by hand."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.multi_label_bce.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import PartVerdict
from quiz_bank.variants import explicit, preset

RIGHT: dict[str, object] = {"terms": ["0.1269", "0.2014", "0.3133"], "sum": "0.6416", "mean": "0.2139"}


def verdict(part: str, answer: object) -> PartVerdict:
    parts = grade(preset(FAMILY, "multi-label"), RIGHT | {part: answer}).parts
    return next(each for each in parts if each.name == part)


def test_the_preset_has_the_articles_values() -> None:
    truths = preset(FAMILY, "multi-label").truths
    assert truths["terms"] == pytest.approx((0.126928011043, 0.201413277983, 0.313261687518), abs=1e-12)  # ln(1 + e^-2) …
    assert truths["sum"] == pytest.approx(0.641602976544, abs=1e-12)
    assert truths["mean"] == pytest.approx(0.213867658848, abs=1e-12)


def test_sum_and_mean_are_credited_where_they_follow_from_wrong_terms() -> None:
    answers = {"terms": ["0.127", "0.201", "1.313"], "sum": "1.641", "mean": "0.547"}  # the last label is taken for a 1
    terms, total, mean = grade(preset(FAMILY, "multi-label"), answers).parts
    assert terms.states == ("right", "right", "wrong")
    assert (total.result, total.carried_from) == ("right", ("terms",))
    assert (mean.result, mean.carried_from) == ("right", ("sum",))


def test_a_mean_that_follows_from_the_terms_is_credited_where_the_sum_is_wrong() -> None:
    answers = {"terms": ["0.127", "0.201", "1.313"], "sum": "9.99", "mean": "0.547"}
    assert grade(preset(FAMILY, "multi-label"), answers).parts[2].carried_from == ("terms",)


@pytest.mark.parametrize(
    ("part", "answer", "code"),
    [
        ("terms", ["0.5046", "1.0046", "0.0305"], "softmax-for-sigmoid"),  # -ln 0.6037, -ln 0.3662, -ln(1 - 0.0301)
        ("terms", ["0.127", "0.201", "0"], "positives-only"),
        ("terms", ["2.127", "1.701", "1.313"], "label-flipped"),  # ln(1 + e^2) …
        ("terms", ["0.1192", "0.1824", "0.2689"], "complement"),  # 1 - sigmoid(2) …
        ("terms", ["0.1831", "0.2906", "0.4519"], "wrong-log-base-2"),
        ("sum", "0.214", "mean-for-sum"),
        ("sum", "1.540", "softmax-for-sigmoid"),  # 0.5046 + 1.0046 + 0.0305
        ("sum", "1.509", "softmax-for-sigmoid"),  # 0.5046 + 1.0046, as in single-label cross-entropy
        ("sum", "0.328", "positives-only"),  # 0.1269 + 0.2014
        ("mean", "0.642", "sum-for-mean"),
        ("mean", "0.513", "softmax-for-sigmoid"),  # 1.540 / 3
        ("mean", "0.1094", "positives-only"),  # 0.328 / 3
        ("mean", "0.1642", "positives-only"),  # 0.328 / 2
    ],
)
def test_each_mistake_is_named(part: str, answer: object, code: str) -> None:
    found = verdict(part, answer).diagnosis
    assert found is not None
    assert found.code == code


def test_one_label_alone_has_one_loss_for_all_three_parts() -> None:
    variant = explicit(FAMILY, 1, {"logits": ["-1000"], "labels": [1]})
    assert variant.truths == {"terms": (1000.0,), "sum": 1000.0, "mean": 1000.0}
    assert not {"mean-for-sum", "sum-for-mean"} & {wrong.code for wrong in variant.wrong}
    assert "1000" in rendering.solution(variant, "en").text


def test_no_label_may_be_present_at_all() -> None:
    assert explicit(FAMILY, 1, {"logits": ["0", "0"], "labels": [0, 0]}).truths["sum"] == pytest.approx(
        1.386294361120
    )  # 2 ln 2


@pytest.mark.parametrize(
    ("labels", "pointer", "code"),
    [
        ([1, 1], "/labels", "length-differs"),
        ([1, 1, 2], "/labels/2", "label-expected"),
        ([1, 1, "0.5"], "/labels/2", "label-expected"),
        ([], "/labels", "list-length"),
    ],
)
def test_labels_that_do_not_fit_are_refused(labels: object, pointer: str, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"logits": ["2", "1.5", "-1"], "labels": labels})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)
