"""Pictures of how somebody gets on: weeks, days, confidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from app.services.calibration import Forecast, calibration
from app.services.progress import Week
from app.web.pictures.calendar import WEEKS, calendar_picture
from app.web.pictures.reliability import Told, reliability_diagram, told
from app.web.pictures.weeks import weeks_picture
from quiz_bank.problem import Language
from tests.web.test_pictures import drawn, places, scale

TODAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 16)


def weeks(*counts: tuple[int, int]) -> list[Week]:
    first = MONDAY - timedelta(weeks=len(counts) - 1)
    return [Week(first + timedelta(weeks=n), problems, right, 0.0) for n, (problems, right) in enumerate(counts)]


def test_a_bar_of_weeks_is_as_high_as_its_problems() -> None:
    root = drawn(weeks_picture(weeks((4, 1), (8, 8)), "en"))
    up = scale(root, "y")
    low, high, _ = root.xpath("//rect")
    assert float(low.get("height")) == pytest.approx(up.start - up.at(4), abs=0.06)
    assert float(high.get("height")) == pytest.approx(up.start - up.at(8), abs=0.06)


def test_the_line_of_weeks_lies_at_the_share_and_breaks_where_nothing_was_practised() -> None:
    root = drawn(weeks_picture(weeks((4, 1), (2, 1), (0, 0), (8, 8)), "en"))
    up = scale(root, "y")
    first, second, last = (y for _, y in places(root, ""))
    assert first == pytest.approx(up.start + (up.end - up.start) * 0.25, abs=0.06)
    assert second == pytest.approx(up.start + (up.end - up.start) * 0.5, abs=0.06)
    assert last == up.end
    assert root.xpath("count(//path[@class='line'])") == 2


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Week of 9 Nov: none. Week of 16 Nov: 8, of them 75% right at once."),
        ("zh", "11月9日那一周：没有练习。 11月16日那一周：8 题，其中 75% 首次即答对。"),
    ],
)
def test_weeks_are_said_in_words(language: Language, said: str) -> None:
    assert weeks_picture(weeks((0, 0), (8, 6)), language).description == said


def test_weeks_without_any_practice_are_a_picture_too() -> None:
    root = drawn(weeks_picture(weeks(*[(0, 0)] * 12), "en"))
    assert root.xpath("count(//path[@class='line'])") == 0


def sides(days: Mapping[date, int]) -> list[float]:
    return [float(each.get("width")) for each in drawn(calendar_picture(days, TODAY, "en")).xpath("//rect[@class='day']")]


def test_a_day_is_the_larger_the_more_problems_it_had() -> None:
    counts = (1, 2, 4, 5, 9, 10, 99)
    days = {TODAY - timedelta(len(counts) - 1 - number): count for number, count in enumerate(counts)}
    found = sides(days)
    assert found == sorted(found)
    assert len(set(found)) == 4


def test_a_day_stands_in_its_week_and_on_its_weekday() -> None:
    root = drawn(calendar_picture({MONDAY: 10, TODAY: 10, TODAY - timedelta(7): 10}, TODAY, "en"))
    before, monday, saturday = ((float(each.get("x")), float(each.get("y"))) for each in root.xpath("//rect[@class='day']"))
    assert before[1] == saturday[1]
    assert before[0] < saturday[0] == monday[0]
    assert monday[1] < saturday[1]


def test_the_calendar_ends_today_and_holds_eighteen_weeks() -> None:
    root = drawn(calendar_picture({TODAY + timedelta(1): 3, MONDAY - timedelta(weeks=WEEKS): 3}, TODAY, "en"))
    assert root.xpath("count(//rect)") == (WEEKS - 1) * 7 + 6
    assert root.xpath("count(//rect[@class='day'])") == 0


@pytest.mark.parametrize(("language", "said"), [("en", "16 Nov: 3. 21 Nov: 12."), ("zh", "11月16日：3 题。 11月21日：12 题。")])
def test_days_of_practice_are_said_in_words(language: Language, said: str) -> None:
    assert calendar_picture({MONDAY: 3, TODAY: 12}, TODAY, language).description == said


def test_a_calendar_without_practice_says_so() -> None:
    assert calendar_picture({}, TODAY, "en").description == "Nothing was practised in these weeks."


def test_forecasts_lie_where_confidence_meets_the_share_that_was_right() -> None:
    root = drawn(reliability_diagram([Told(4, 0.9, 0.5), Told(16, 0.6, 0.625)], "en"))
    across, up = scale(root, "x"), scale(root, "y")
    few, many = root.xpath("//circle")
    assert float(few.get("cx")) == pytest.approx(across.at(0.9), abs=0.06)
    assert float(few.get("cy")) == pytest.approx(up.at(0.5), abs=0.06)
    assert float(few.get("r")) < float(many.get("r"))


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Sure to 90% on average: 50% of 4 right."), ("zh", "平均把握 90%：4 次中答对 50%。")],
)
def test_forecasts_are_said_in_words(language: Language, said: str) -> None:
    assert reliability_diagram([Told(4, 0.9, 0.5)], language).description == said


def test_bins_without_forecasts_have_no_point() -> None:
    bins = calibration([Forecast(0.5, True, 3), Forecast(0.5, False)]).bins
    assert told(bins) == [Told(4, 0.5, 0.75)]


def test_the_certain_lie_on_the_edges() -> None:
    root = drawn(reliability_diagram([Told(1, 0.0, 0.0), Told(1, 1.0, 1.0)], "en"))
    across, up = scale(root, "x"), scale(root, "y")
    assert [float(each.get("cx")) for each in root.xpath("//circle")] == [across.start, across.end]
    assert [float(each.get("cy")) for each in root.xpath("//circle")] == [up.start, up.end]
