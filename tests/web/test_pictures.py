"""Pictures say their numbers in words, lie where their scales say, and have no style of their own."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import exp, inf, log, nan

import pytest
from lxml import etree

from app.web.pictures import Picture
from app.web.pictures.bars import Series, bars
from app.web.pictures.canvas import Scale, cut
from app.web.pictures.curve import Mark, minus_log_curve
from app.web.pictures.numbers import percent, short, shown
from quiz_bank.problem import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def drawn(picture: Picture) -> etree._Element:
    """Return the picture as XML, and hold what is asked of every one."""
    root = etree.fromstring(str(picture.svg))
    assert root.get("role") == "img"
    assert root.findtext("title") == picture.caption
    assert root.findtext("desc") == picture.description
    assert root.get("aria-labelledby") == root.find("title").get("id")
    assert root.get("aria-describedby") == root.find("desc").get("id")
    assert not root.xpath("//@style | //style | //script | //@*[starts-with(name(), 'on')] | //@href")
    return root


def scale(picture: etree._Element, name: str) -> Scale:
    return Scale(*map(float, picture.get(f"data-{name}").split()))


def places(picture: etree._Element, kind: str) -> list[tuple[float, float]]:
    """Return where points of a kind lie in the plot, without those of the key."""
    found = picture.xpath(f"//g[starts-with(@class, '{f'mark {kind}'.strip()}')]/@transform")
    inside = [text.removeprefix("translate(").removesuffix(")").split() for text in found]
    return [(float(x), float(y)) for x, y in inside if float(x) > 14]


@pytest.mark.parametrize(("base", "loss", "p"), [("e", -log(0.7), 0.7), ("2", 2.0, 0.25), ("10", 1.0, 0.1)])
def test_a_point_of_the_curve_lies_at_its_probability_and_its_loss(base: str, loss: float, p: float) -> None:
    root = drawn(minus_log_curve([Mark("right", loss)], base, "en"))  # type: ignore[arg-type]
    [(x, y)] = places(root, "right")
    assert x == pytest.approx(scale(root, "x").at(p), abs=0.06)
    assert y == pytest.approx(scale(root, "y").at(loss), abs=0.06)


def test_the_curve_runs_through_its_points() -> None:
    root = drawn(minus_log_curve([], "e", "en"))
    [path] = root.xpath("//path[@class='line']/@d")
    across, up = scale(root, "x"), scale(root, "y")
    points = [tuple(map(float, pair.split())) for pair in path.removeprefix("M").split("L")]
    assert points[0] == pytest.approx((across.at(exp(-4)), up.at(4)), abs=0.06)
    assert points[-1] == pytest.approx((across.at(1), up.at(0)))
    assert all(left[0] <= right[0] and left[1] <= right[1] for left, right in pairwise(points))


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Your answer: 0.5146 at p = 0.5977."), ("zh", "你的回答：0.5146 在 p = 0.5977 处。")],
)
def test_a_point_is_said_in_words(language: Language, said: str) -> None:
    assert said in minus_log_curve([Mark("yours", 0.5146)], "e", language).description


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_infinite_loss_lies_at_the_upper_edge_with_an_arrow_and_its_sign(language: Language) -> None:
    picture = minus_log_curve([Mark("right", inf)], "e", language)
    root = drawn(picture)
    across, up = scale(root, "x"), scale(root, "y")
    assert places(root, "right") == [(across.start, up.end)]
    assert root.xpath("count(//g[@class='arrow right'])") == 1
    assert "∞" in root.xpath("//text/text()")
    assert "p = 0" in picture.description


def test_a_loss_beyond_the_picture_is_pointed_at_with_its_number() -> None:
    picture = minus_log_curve([Mark("yours", 27.63)], "e", "en")
    root = drawn(picture)
    assert scale(root, "y").high == 12
    assert "27.63" in root.xpath("//text/text()")
    assert "27.63 at p = 1.001×10⁻¹²" in picture.description


def test_a_loss_of_thousands_belongs_to_a_probability_of_nearly_0() -> None:
    assert "1000 at p = nearly 0" in minus_log_curve([Mark("yours", 1000.0)], "e", "en").description


def test_a_negative_loss_lies_below_the_curve_and_belongs_to_no_probability() -> None:
    picture = minus_log_curve([Mark("yours", -0.357)], "e", "en")
    root = drawn(picture)
    assert places(root, "yours") == [(scale(root, "x").end, scale(root, "y").start)]
    assert "−0.357, which no p has" in picture.description


def test_what_is_no_number_has_no_point() -> None:
    assert drawn(minus_log_curve([Mark("yours", nan)], "e", "en")).xpath("count(//g)") == 0


def test_a_bar_is_as_long_as_its_number() -> None:
    picture = bars(["class 0", "class 1"], [Series("Prediction", "filled", (0.7, 0.3))], "Bars.", "en")
    root = drawn(picture)
    across = scale(root, "x")
    _, *rects = root.xpath("//rect")
    assert [float(each.get("width")) for each in rects] == pytest.approx(
        [across.at(0.7) - across.at(0), across.at(0.3) - across.at(0)], abs=0.06
    )
    assert picture.description == "class 0: Prediction 0.7. class 1: Prediction 0.3."


def test_a_negative_bar_goes_to_the_left_of_nought() -> None:
    root = drawn(bars(["1", "2"], [Series("p − y", "filled", (-0.3, 0.3))], "Signed.", "en"))
    across = scale(root, "x")
    _, left, right = root.xpath("//rect")
    assert float(left.get("x")) == pytest.approx(across.at(-0.3), abs=0.06)
    assert float(left.get("x")) + float(left.get("width")) == pytest.approx(float(right.get("x")), abs=0.11)
    assert "−0.3" in root.xpath("//text/text()")


def test_an_infinite_bar_ends_at_the_edge_with_an_arrow_and_its_sign() -> None:
    root = drawn(bars(["1", "2"], [Series("Loss", "filled", (inf, 1.0))], "Edge.", "en"))
    _, endless, _ = root.xpath("//rect")
    assert float(endless.get("x")) + float(endless.get("width")) == scale(root, "x").end
    assert root.xpath("count(//path[@class='arrow'])") == 1
    assert "∞" in root.xpath("//text/text()")


@pytest.mark.parametrize("values", [(0.0, 0.0), (nan, 1.0), (-inf, inf), (-2.0, -1.0), (1e-300, 1e300)])
def test_extreme_numbers_stay_within_the_picture(values: tuple[float, ...]) -> None:
    root = drawn(bars(["1", "2"], [Series("x", "filled", values)], "Extremes.", "en"))
    for rect in root.xpath("//rect"):
        assert 0 <= float(rect.get("x")) <= float(rect.get("x")) + float(rect.get("width")) <= 320


def test_ten_labels_with_two_bars_each_stand_below_one_another() -> None:
    labels, tenth = [f"类别 {index}" for index in range(10)], (0.1,) * 10
    root = drawn(bars(labels, [Series("预测", "filled", tenth), Series("目标", "outlined", tenth)], "十类。", "zh"))
    _, _, *rects = root.xpath("//rect")
    tops = [float(each.get("y")) for each in rects]
    assert len(tops) == 20
    assert tops == sorted(set(tops))
    assert max(tops) + 16 < float(root.get("viewBox").split()[3])


def test_what_is_typed_into_a_label_is_text() -> None:
    root = drawn(bars(["<b>&"], [Series('"x"', "filled", (1.0,))], "<i>", "en"))
    assert "<b>&" in root.xpath("//text/text()")


@pytest.mark.parametrize(
    ("text", "columns", "fits"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("交叉熵", 6, "交叉熵"),
        ("交叉熵损失", 6, "交叉…"),
        ("a long name", 8, "a long…"),
    ],
)
def test_a_text_that_is_too_long_ends_in_dots(text: str, columns: int, fits: str) -> None:
    assert cut(text, columns) == fits


@pytest.mark.parametrize(
    ("low", "high", "ticks"), [(0.0, 1.0, [0, 0.5, 1]), (0.0, 4.0, [0, 1, 2, 3, 4]), (-1.0, 1.0, [-1, -0.5, 0, 0.5, 1])]
)
def test_ticks_are_round_values_within_the_scale(low: float, high: float, ticks: list[float]) -> None:
    assert list(Scale(low, high, 0, 100).ticks()) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.356675, "0.3567"),
        (-0.5, "−0.5"),
        (3.4e-5, "3.4×10⁻⁵"),
        (1e300, "1×10³⁰⁰"),
        (inf, "∞"),
        (-inf, "−∞"),
        (nan, "nan"),
        (12.0, "12"),
    ],
)
def test_numbers_are_short_and_have_a_true_minus(number: float, text: str) -> None:
    assert short(number) == text


def test_a_number_of_a_problem_is_shown_as_it_is_there() -> None:
    assert [shown(Decimal("0.70")), shown(Fraction(1, 3)), shown(Decimal("1E-10")), shown(1.0)] == [
        "0.70",
        "1/3",
        "1×10⁻¹⁰",
        "1",
    ]
    assert percent(0.625) == "62%"
