"""Explicit parameters: exact as displayed, and refused with a reason where they make no problem."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest

from quiz_bank import rendering
from quiz_bank.parameters import (
    Base,
    ClassIndex,
    Distribution,
    Label,
    Labels,
    Logits,
    OneHot,
    ParameterError,
    Positive,
    Probability,
    Real,
    read_parameters,
    schema,
    show_parameters,
)


@dataclass(frozen=True, slots=True)
class Everything:
    real: Real = Decimal(0)
    positive: Positive = Decimal(1)
    probability: Probability = Decimal(0)
    probabilities: Distribution = (Decimal("0.5"), Decimal("0.5"))
    one_hot: OneHot = (Decimal(1), Decimal(0))
    logits: Logits = (Decimal(0), Decimal(0))
    labels: Labels = (0, 1)
    label: Label = 0
    target: ClassIndex = 0
    log_base: Base = "e"


@dataclass(frozen=True, slots=True)
class Needs:
    probability: Probability


def complaint(field: str, raw: object) -> tuple[str, str]:
    with pytest.raises(ParameterError) as caught:
        read_parameters(Everything, {field: raw})
    for language in ("en", "zh"):
        assert "«" not in rendering.parameter_message(caught.value, language)
    return caught.value.pointer, caught.value.code


def test_digits_stay_as_they_were_written() -> None:
    given = {"probabilities": ["0.40", "0.3", "3e-1"], "real": "1/3", "logits": [2, 1.5, "-0.10"]}
    read = read_parameters(Everything, given)
    assert read.real == Fraction(1, 3)
    shown = show_parameters(read)
    assert shown["probabilities"] == ["0.40", "0.3", "0.3"]
    assert shown["logits"] == ["2", "1.5", "-0.10"]


def test_a_json_number_stands_for_its_shortest_text() -> None:
    assert read_parameters(Everything, {"probability": 0.1}).probability == Decimal("0.1")


def test_what_is_displayed_reads_back_as_the_same_parameters() -> None:
    everything = Everything(real=Decimal("-1.50"), probabilities=(Fraction(1, 3), Fraction(2, 3)))
    assert read_parameters(Everything, show_parameters(everything)) == everything


@pytest.mark.parametrize(
    ("field", "raw", "pointer", "code"),
    [
        ("real", True, "/real", "number-expected"),
        ("real", None, "/real", "number-expected"),
        ("real", "ln 2", "/real", "not-a-number"),
        ("real", "1/0", "/real", "not-a-number"),
        ("real", "nan", "/real", "not-a-number"),
        ("real", "1" * 25, "/real", "number-too-long"),
        ("real", "-1e7", "/real", "number-too-large"),
        ("real", "1e999", "/real", "number-too-large"),
        ("probability", "1e-400", "/probability", "number-too-small"),
        ("~/x", 1, "/~0~1x", "unknown-parameter"),
        ("positive", "0", "/positive", "positive-expected"),
        ("probability", "-0.1", "/probability", "probability-range"),
        ("probability", 1.1, "/probability", "probability-range"),
        ("probabilities", "0.5", "/probabilities", "list-expected"),
        ("probabilities", ["1"], "/probabilities", "list-length"),
        ("probabilities", ["0.1"] * 11, "/probabilities", "list-length"),
        ("probabilities", ["0.7", "0.2", "0.2"], "/probabilities", "sum-not-one"),
        ("probabilities", ["1.2", "-0.2"], "/probabilities/0", "probability-range"),
        ("one_hot", ["0.5", "0.5"], "/one_hot", "one-hot-expected"),
        ("logits", ["1", []], "/logits/1", "number-expected"),
        ("labels", [0, 2], "/labels/1", "label-expected"),
        ("label", True, "/label", "label-expected"),
        ("target", -1, "/target", "class-index-expected"),
        ("target", 0.5, "/target", "class-index-expected"),
        ("log_base", "3", "/log_base", "log-base-expected"),
        ("log_base", True, "/log_base", "log-base-expected"),
        ("loggits", 1, "/loggits", "unknown-parameter"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(field: str, raw: object, pointer: str, code: str) -> None:
    assert complaint(field, raw) == (pointer, code)


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(ParameterError, match="missing-parameter"):
        read_parameters(Needs, {})


def test_how_far_a_sum_is_off_is_said_and_nothing_is_renormalised() -> None:
    with pytest.raises(ParameterError) as caught:
        read_parameters(Everything, {"probabilities": ["0.7", "0.2", "0.15"]})
    message = rendering.parameter_message(caught.value, "en")
    assert "1.05" in message
    assert "+0.05" in message


def test_a_sum_that_is_off_by_a_hair_is_said_exactly() -> None:
    with pytest.raises(ParameterError) as caught:
        read_parameters(Everything, {"probabilities": ["0.333333333333333"] * 3})
    assert caught.value.values == {"total": "0.999999999999999", "off": "-0.000000000000001"}


def test_the_schema_names_what_is_required_and_allows_nothing_else() -> None:
    assert schema(Needs)["required"] == ["probability"]
    assert schema(Needs)["additionalProperties"] is False
    assert schema(Everything)["required"] == []
