"""Every way of writing an answer that is accepted, and the number that it stands for."""

import math
from decimal import Decimal

import pytest

from quiz_bank.grading.read import Reading, Unit, read


@pytest.mark.parametrize(
    ("text", "decimal", "digits", "exponent"),
    [
        ("0.357", "0.357", 3, -3),
        (".357", "0.357", 3, -3),
        ("  0.357\t", "0.357", 3, -3),
        ("+0.36", "0.36", 2, -2),
        ("- 0.36", "-0.36", 2, -2),
        ("0.360", "0.360", 3, -3),
        ("-3.4e-4", "-0.00034", 2, -5),
        ("3.4E-4", "0.00034", 2, -5),
        ("3.4×10^-4", "0.00034", 2, -5),
        ("3.4*10^-4", "0.00034", 2, -5),
        ("3.4 × 10**(-4)", "0.00034", 2, -5),
        ("3.4·10⁻⁴", "0.00034", 2, -5),
        ("3.60e2", "360", 3, 0),
        ("40", "40", 1, 1),
        ("40.", "40", 2, 0),
        ("40.0", "40", 3, -1),
        ("40e2", "4000", 1, 3),
        ("0", "0", 0, 0),
        ("-0.00", "0", 0, -2),
        ("007", "7", 1, 0),
        ("35.7%", "0.357", 3, -3),
        ("36 %", "0.36", 2, -2),
        ("40%", "0.4", 1, -1),
        ("1.5e1%", "0.15", 2, -2),
        ("1e-400", "1e-400", 1, -400),
    ],
)
def test_a_plain_number_keeps_its_exact_value_and_its_digits(text: str, decimal: str, digits: int, exponent: int) -> None:
    expected = Decimal(decimal)
    reading = read(text)
    assert (reading.text, reading.value, reading.unit) == (text, float(expected), None)
    assert (reading.decimal, reading.significance) == (expected, (digits, exponent))


def test_a_long_number_is_not_rounded_to_the_decimal_context() -> None:
    digits = "0." + "123456789" * 10
    assert read(f"{digits}%").decimal == Decimal(f"{digits}e-2")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/3", 1 / 3),
        ("-1/3", -1 / 3),
        ("-ln(0.7)", -math.log(0.7)),
        ("-ln 0.7", -math.log(0.7)),
        ("-ln0.7", -math.log(0.7)),
        ("-LN(.7)", -math.log(0.7)),
        ("log(0.7)", math.log(0.7)),
        ("ln2", math.log(2)),
        ("ln 2 / 3", math.log(2) / 3),
        ("ln 1/3", 0.0),
        ("ln(1/3)", math.log(1 / 3)),
        ("ln 2 * 3", math.log(2) * 3),
        ("ln 2 + 3", math.log(2) + 3),
        ("ln 2^2", math.log(4)),
        ("ln(2)^2", math.log(2) ** 2),
        ("ln ln 3", math.log(math.log(3))),
        ("2 ^ ln 2", 2 ** math.log(2)),
        ("log2(10)", math.log2(10)),
        ("log2 10", math.log2(10)),
        ("log2(10)/log2(3)", math.log2(10) / math.log2(3)),
        ("log2e", math.log2(math.e)),
        ("log2pi", math.log2(math.pi)),
        ("log_2 8", 3.0),
        ("log₂(8)", 3.0),
        ("log₂8", 3.0),
        ("log₁₀ 100", 2.0),
        ("lb 8", 3.0),
        ("log10(100)", 2.0),
        ("lg 100", 2.0),
        ("log0.7", math.log(0.7)),
        ("log20", math.log(20)),
        ("log100", math.log(100)),
        ("log1p(1)", math.log(2)),
        ("expm1(1)", math.expm1(1)),
        ("1/(1+exp(-2))", 1 / (1 + math.exp(-2))),
        ("exp -2", math.exp(-2)),
        ("exp -2^2 + 1", math.exp(-4) + 1),
        ("exp(-1000)", 0.0),
        ("sqrt(2)", math.sqrt(2)),
        ("√2", math.sqrt(2)),
        ("sigmoid(2)", 1 / (1 + math.exp(-2))),
        ("sigmoid(-1000)", 0.0),
        ("abs(-3)", 3.0),
        ("e^-1", math.e**-1),
        ("e", math.e),
        ("pi", math.pi),
        ("2*π", 2 * math.pi),
        ("lnπ", math.log(math.pi)),
        ("2e-1 + 0", 0.2),
        ("e-1", math.e - 1),
        ("-2^2", -4.0),
        ("(-2)^2", 4.0),
        ("2^-1", 0.5),
        ("2^3^2", 512.0),
        ("2**3", 8.0),
        ("2³²", 2.0**32),
        ("10⁻⁴", 10**-4.0),
        ("1-2-3", -4.0),
        ("1 - -1", 2.0),
        ("8/4/2", 1.0),
        ("2*-3", -6.0),
        ("8/4*2", 4.0),
        ("1+2*3", 7.0),
        ("((1))", 1.0),
        ("+(1)", 1.0),
    ],
)
def test_an_expression_has_its_value_and_no_digits(text: str, value: float) -> None:
    assert read(text) == Reading(text, value, None, None)


@pytest.mark.parametrize(
    "text", ["inf", "+inf", "Infinity", "INF", "∞", "+∞", "无穷", "无穷大", "正无穷", "正无穷大", "-(-inf)"]
)
def test_infinity_has_many_names(text: str) -> None:
    assert read(text) == Reading(text, math.inf, None, None)


@pytest.mark.parametrize("text", ["-inf", "-∞", "−∞", "- infinity", "负无穷", "负无穷大", "-无穷"])
def test_minus_infinity_has_as_many(text: str) -> None:
    assert read(text).value == -math.inf


def test_infinity_can_be_reckoned_with() -> None:
    assert read("exp(-inf)").value == 0


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("0.5 nats", "nats"),
        ("0.5nat", "nats"),
        ("0.5 奈特", "nats"),
        ("0.5 bits", "bits"),
        ("0.5 Bit ", "bits"),
        ("0.5比特", "bits"),
        ("0.5 dits", "dits"),
        ("0.5 dit", "dits"),
        ("0.5 ban", "dits"),
        ("0.5 bans", "dits"),
        ("0.5 hartley", "dits"),
        ("0.5 Hartleys", "dits"),
        ("0.5 哈特", "dits"),
    ],
)
def test_a_unit_may_stand_at_the_end(text: str, unit: Unit) -> None:
    reading = read(text)
    assert (reading.value, reading.decimal, reading.significance, reading.unit) == (0.5, Decimal("0.5"), (1, -1), unit)


@pytest.mark.parametrize("text", ["-ln(0.7) nats", "1/3 nats", "∞ nats", "无穷奈特"])
def test_a_unit_may_follow_anything_that_is_no_plain_number(text: str) -> None:
    reading = read(text)
    assert (reading.unit, reading.decimal) == ("nats", None)


@pytest.mark.parametrize("text", ["nan", " NaN "])
def test_nan_is_read_where_it_is_possible(text: str) -> None:
    reading = read(text, nan_allowed=True)
    assert math.isnan(reading.value)
    assert (reading.text, reading.decimal, reading.significance) == (text, None, None)


@pytest.mark.parametrize("text", ["-" * 20 + "1", "(" * 20 + "1" + ")" * 20, "exp " * 20 + "inf"])
def test_twenty_levels_are_not_too_deep(text: str) -> None:
    assert read(text).value in (1, math.inf)


def test_a_long_sum_is_not_deep() -> None:
    assert read("+".join(["1"] * 100)).value == 100


def test_two_hundred_characters_are_not_too_many() -> None:
    assert read("1" + "0" * 199).value == 1e199
