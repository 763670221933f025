"""What a learner is told of their confidence."""

from __future__ import annotations

import pytest

from app.services.calibration import Forecast, calibration
from app.services.confidence import Reading, reading
from quiz_bank.problem import Language


def forecasts(*groups: tuple[float, int, int]) -> list[Forecast]:
    """Return forecasts of a confidence of which so many were right and so many were wrong."""
    return [
        Forecast(confidence, right)
        for confidence, rights, wrongs in groups
        for right, count in ((True, rights), (False, wrongs))
        for _ in range(count)
    ]


def read(*groups: tuple[float, int, int], language: Language = "en") -> Reading:
    given = forecasts(*groups)
    return reading(calibration(given), given, language)


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        ((), "none"),
        (((0.9, 0, 19),), "few"),
        (((0.9, 10, 10),), "overconfident"),
        (((0.4, 18, 2),), "underconfident"),
        (((0.8, 16, 4),), "fair"),
        (((0.8, 14, 6),), "fair"),  # ten points off in twenty answers is chance
        (((0.8, 1400, 600),), "overconfident"),  # in two thousand it is not
        (((0.8, 15200, 4800),), "fair"),  # four points matter to nobody, however sure they are
        (((1.0, 20, 0),), "fair"),
        (((1.0, 18, 2),), "overconfident"),
    ],
)
def test_confidence_is_off_where_the_difference_is_neither_small_nor_chance(
    groups: tuple[tuple[float, int, int], ...], code: str
) -> None:
    assert read(*groups).code == code


def test_what_is_read_is_said_in_numbers() -> None:
    assert read((0.9, 12, 8)).text.startswith("You are overconfident: 90% sure on average, and right 60% of the time.")
    assert read((0.9, 12, 8), language="zh").text.startswith("你过于自信：平均把握为 90%，而首答正确率为 60%。")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_confidence_that_tells_known_from_unknown_is_told_from_one_that_does_not(language: Language) -> None:
    telling, idle = read((0.9, 18, 2), (0.2, 4, 16), language=language), read((0.55, 22, 18), language=language)
    assert telling.text.count("55%") == idle.text.count("55%") == 3
    assert telling.text.split("55%")[-1] != idle.text.split("55%")[-1]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Certain and wrong 2 time(s): that alone makes the log loss infinite."),
        ("zh", "有 2 次完全确定却错了：仅此就使对数损失为无穷大。"),
    ],
)
def test_who_was_certain_and_wrong_is_told_how_often(language: Language, sentence: str) -> None:
    assert read((1.0, 18, 1), (0.0, 1, 3), (0.7, 14, 6), language=language).text.endswith(sentence)


def test_few_answers_are_counted_and_not_judged() -> None:
    assert read((1.0, 2, 1)).text == "You said how sure you are 3 times so far; from 20 on, this tells how far to trust it."
