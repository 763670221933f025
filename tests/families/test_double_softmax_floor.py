"""The floor under a stray softmax: known data sets, each mistake by hand, and numbers of classes at their edges."""

import pytest

from quiz_bank.families.double_softmax_floor.family import FAMILY
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import ParameterError
from quiz_bank.variants import explicit, preset


@pytest.mark.parametrize(
    ("name", "nats"),
    [
        ("digits", 1.461150171734),  # ln(1 + 9/e)
        ("imagenet", 5.909472086253),  # ln(1 + 999/e)
        ("vocabulary", 9.824939309018),  # ln(1 + 50256/e)
    ],
)
def test_presets_have_the_right_values(name: str, nats: float) -> None:
    assert preset(FAMILY, name).truths["floor"] == pytest.approx(nats, abs=1e-11)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("2.1080", "wrong-log-base-2"),  # 1.46115 / ln 2
        ("-1.4612", "sign-flipped"),
        ("0", "loss-of-one-softmax"),
        ("2.3026", "loss-at-initialisation"),  # ln 10
        ("2.4612", "logsumexp-alone"),  # ln(e + 9)
        ("0.31326", "other-classes-left-out"),  # ln(1 + 1/e)
        ("0.76803", "complement"),  # 9 / (e + 9)
    ],
)
def test_each_mistake_is_named(answer: str, code: str) -> None:
    part = grade(preset(FAMILY, "digits"), {"floor": answer}).parts[0]
    assert part.diagnosis is not None
    assert (part.result, part.diagnosis.code) == ("wrong", code)


def test_with_two_classes_none_can_be_left_out() -> None:
    variant = explicit(FAMILY, 1, {"classes": 2})
    assert variant.truths["floor"] == pytest.approx(0.313261687518, abs=1e-11)  # ln(1 + 1/e)
    assert "other-classes-left-out" not in {wrong.code for wrong in variant.wrong}


@pytest.mark.parametrize("classes", [1, 0, -3, 2.5, "two", True, 1_000_001, "9" * 30, "²", None])
def test_what_is_no_number_of_classes_is_refused(classes: object) -> None:
    with pytest.raises(ParameterError) as caught:
        explicit(FAMILY, 1, {"classes": classes})
    assert (caught.value.pointer, caught.value.code) == ("/classes", "classes-expected")
