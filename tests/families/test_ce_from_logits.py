"""Cross-entropy from logits: the articles' losses, their authors' mistakes, and parameters at their edges."""

import pytest

from quiz_bank import rendering
from quiz_bank.families.ce_from_logits.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Language
from quiz_bank.variants import explicit, preset


@pytest.mark.parametrize(
    ("name", "nats"),
    [
        ("three-routes", 0.417030016278),  # ln(e^2 + e + e^0.1) - 2
        ("article-correct", 0.029000039781),  # ln(e^5 + e + e^0.5) - 5
        ("article-close", 0.713861604409),  # ln(e^2 + e^1.8 + e^0.5) - 2
        ("article-wrong", 4.529000039781),  # the first sum again, less 0.5
    ],
)
def test_presets_have_the_right_values(name: str, nats: float) -> None:
    assert preset(FAMILY, name).truths["loss"] == pytest.approx(nats, abs=1e-12)


def test_the_same_logits_given_explicitly_have_the_same_loss() -> None:
    variant = explicit(FAMILY, 2, {"logits": ["2", "1", "0.1"], "target": 0})
    assert variant.truths["loss"] == pytest.approx(0.417030016278, abs=1e-12)


@pytest.mark.parametrize(("name", "printed"), [("article-correct", "0.0181"), ("article-close", "0.5619")])
def test_what_an_article_prints_is_wrong(name: str, printed: str) -> None:
    assert grade(preset(FAMILY, name), {"loss": printed}).result == "wrong"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("0.6016", "wrong-log-base-2"),  # 0.41703 / ln 2
        ("0.1811", "wrong-log-base-10"),  # 0.41703 / ln 10
        ("-0.417", "sign-flipped"),
        ("0.802", "softmax-twice"),  # the articles' warning: 0.802120891213
        ("-2.00", "logit-as-log-probability"),
        ("2.417", "logsumexp-alone"),  # ln 11.2123
        ("-0.6588", "true-class-left-out"),  # ln(e + e^0.1) - 2
        ("1.417", "wrong-class"),  # 2.417 - 1
        ("2.317", "wrong-class"),  # 2.417 - 0.1
        ("0.341", "complement"),  # 1 - 0.659
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(preset(FAMILY, "three-routes"), {"loss": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_most_one_sided_logits_keep_their_digits_in_the_solution(language: Language) -> None:
    variant = explicit(FAMILY, 1, {"logits": ["1000000", "999950"], "target": 0})
    assert variant.truths["loss"] == pytest.approx(1.928749847963918e-22, rel=1e-12)  # ln(1 + e^-50)
    assert "1.92875 × 10⁻²² " in rendering.solution(variant, language).text


def test_the_true_class_s_logit_may_be_given_as_a_fraction() -> None:
    variant = explicit(FAMILY, 1, {"logits": ["1/3", "0.5"], "target": 0})
    assert variant.truths["loss"] == pytest.approx(0.779948724766, abs=1e-12)  # ln(1 + e^(1/6))
    assert "m − zₜ = 1/6" in rendering.hint(variant, 3, "en").text


@pytest.mark.parametrize(
    ("target", "code"),
    [(3, "index-out-of-range"), (-1, "class-index-expected"), ("one", "class-index-expected"), (True, "class-index-expected")],
)
def test_a_target_that_is_no_class_is_refused(target: object, code: str) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"logits": ["2", "1", "0.1"], "target": target})
    assert (caught.value.pointer, caught.value.code) == ("/target", code)


def test_a_target_is_needed() -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"logits": ["2", "1", "0.1"]})
    assert caught.value.code == "missing-parameter"
