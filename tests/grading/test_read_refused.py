"""Everything else is unreadable: with the reason, the place, and what a message needs."""

import pytest

from quiz_bank.grading.read import UnreadableError, read


def refusal(text: str, *, unit_allowed: bool = True, nan_allowed: bool = False) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        read(text, unit_allowed=unit_allowed, nan_allowed=nan_allowed)
    return caught.value


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "empty", 0),
        (" \t", "empty", 0),
        ("bits", "empty", 0),
        ("1" * 201, "too-long", 200),
        ("$0.36", "unexpected", 0),
        ("≈0.36", "unexpected", 0),
        ("*2", "unexpected", 0),
        ("1 + * 2", "unexpected", 4),
        ("()", "unexpected", 1),
        ("(1+)", "unexpected", 3),
        ("ln * 2", "unexpected", 3),
        ("ln^2 3", "unexpected", 2),
        ("[1]", "unexpected", 0),
        ("1\x00", "unexpected", 1),
        ("1\ud800", "unexpected", 1),
        ("0,357", "comma", 1),
        ("-0,357", "comma", 2),
        ("1,234", "comma", 1),
        ("ln(0,7)", "comma", 4),
        ("1.234,56", "comma", 5),
        ("1,234,567", "thousands", 1),
        ("1,234.5", "thousands", 1),
        ("0.7, 0.2", "unexpected", 3),
        ("0,7,0", "unexpected", 1),
        ("0.36,", "unexpected", 4),
        (",5", "unexpected", 0),
        ("1.2.3", "point", 3),
        ("0.36.", "point", 4),
        ("1..2", "point", 2),
        ("1..", "point", 2),
        ("2e1.5", "point", 3),
        (".", "unexpected", 0),
        ("1 2", "two-numbers", 2),
        ("1 000.5", "two-numbers", 2),
        ("1. 5", "two-numbers", 3),
        ("1 .5", "two-numbers", 2),
        ("ln 2 3", "two-numbers", 5),
        ("2pi", "adjacent", 1),
        ("2 ln 2", "adjacent", 2),
        ("2(3)", "adjacent", 1),
        ("(2)(3)", "adjacent", 3),
        ("(2)3", "adjacent", 3),
        ("2e", "adjacent", 1),
        ("2e+", "adjacent", 1),
        ("e2", "adjacent", 1),
        ("e(2)", "adjacent", 1),
        ("2√2", "adjacent", 1),
        ("exp2(3)", "adjacent", 4),
        ("5%%", "percent-here", 1),
        ("5.%%", "percent-here", 2),
        ("pi %", "percent-here", 3),
        ("1/3%", "percent-here", 3),
        ("(1/3)%", "percent-here", 5),
        ("ln 70%", "percent-here", 5),
        ("%", "unexpected", 0),
        ("foo", "unknown-name", 0),
        ("2*x", "unknown-name", 2),
        ("loss 0.36", "unknown-name", 0),
        ("约0.36", "unknown-name", 0),
        ("0.36 bitss", "unknown-name", 5),
        ("lnx", "unknown-name", 0),
        ("log₃", "unknown-name", 0),
        ("relu(2)", "unknown-function", 0),
        ("1 + sgrt (2)", "unknown-function", 4),
        ("log₃(9)", "unknown-function", 0),
        ("__import__('os')", "unexpected", 0),
        ("log2.5", "ambiguous", 0),
        ("1+log10.5", "ambiguous", 2),
        ("log2e-1", "ambiguous", 0),
        ("ln(0.7", "not-closed", 2),
        ("((1)", "not-closed", 0),
        ("(1+(2)", "not-closed", 0),
        ("1)", "not-opened", 1),
        ("(1))", "not-opened", 3),
        ("1+", "incomplete", 2),
        ("1 + ", "incomplete", 3),
        ("1/ bits", "incomplete", 2),
        ("-", "incomplete", 1),
        ("ln", "incomplete", 2),
        ("log2", "incomplete", 4),
        ("ln(", "incomplete", 3),
        ("2^", "incomplete", 2),
        ("-" * 21 + "1", "too-deep", 20),
        ("(" * 21 + "1" + ")" * 21, "too-deep", 20),
        ("exp " * 21 + "1", "too-deep", 80),
        ("2" + "^2" * 21, "too-deep", 41),
        ("ln(-1)", "domain", 0),
        ("2*ln -1", "domain", 2),
        ("sqrt(-1)", "domain", 0),
        ("log1p(-1)", "domain", 0),
        ("(-8)^(1/3)", "domain", 4),
        ("ln(0)", "log-of-zero", 0),
        ("-log2 0", "log-of-zero", 1),
        ("log_10(0)", "log-of-zero", 0),
        ("1/0", "division-by-zero", 1),
        ("1/(1-1)", "division-by-zero", 1),
        ("0^-1", "division-by-zero", 1),
        ("1e999999999", "overflow", 0),
        ("-1e400", "overflow", 1),
        ("1e400*0", "overflow", 0),
        ("1+1e400", "overflow", 2),
        ("exp(1000)", "overflow", 0),
        ("1e308*10", "overflow", 5),
        ("2^2^2^2^2", "overflow", 1),
        ("9^9^9^9^9^9", "overflow", 7),
        ("inf-inf", "undefined", 3),
        ("0*inf", "undefined", 1),
        ("inf/inf", "undefined", 3),
        ("1e-1001", "exponent-range", 0),
        ("0e1001", "exponent-range", 0),
        ("1e-" + "9" * 150, "exponent-range", 0),
        ("bits 0.5", "unit-place", 0),
        ("0.5 bits nats", "unit-place", 4),
        ("nan", "nan-not-here", 0),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason_and_the_place(text: str, code: str, position: int) -> None:
    error = refusal(text)
    assert (error.code, error.position) == (code, position)


def test_a_unit_is_refused_where_the_part_has_none() -> None:
    error = refusal("0.36 Bits", unit_allowed=False)
    assert (error.code, error.position, error.values["unit"]) == ("unit-not-here", 5, "bits")


def test_nan_stands_alone_even_where_it_is_possible() -> None:
    error = refusal("1 + nan", nan_allowed=True)
    assert (error.code, error.position) == ("nan-not-here", 4)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0,357", {"character": ",", "reading": "0.357"}),
        ("1,234", {"character": ",", "reading": "1.234", "thousands": "1234"}),
        ("0,357 + 1", {"character": ",", "reading": "0.357"}),
        ("1.234,56", {"character": ",", "reading": "1234.56"}),
        ("1,234,567.8", {"character": ",", "reading": "1234567.8"}),
        ("2π", {"character": "π", "reading": "2*pi"}),
        ("2 (3 + 4) ", {"character": "(", "reading": "2*(3 + 4)"}),
        ("log2.5", {"character": "l", "name": "log2.5", "reading": "log(2.5)", "other": "log2(.5)"}),
        ("sqrt(-4)", {"character": "s", "operation": "sqrt(-4)"}),
        ("inf-inf", {"character": "-", "operation": "inf - inf"}),
        ("1\x07", {"character": "U+0007"}),
        ("1\udfff", {"character": "U+DFFF"}),
        ("2\uff0b\uff0f", {"character": "\uff0f"}),
        ("1+", {}),
        ("", {}),
    ],
)
def test_a_refusal_says_what_would_be_read(text: str, values: dict[str, str]) -> None:
    assert refusal(text).values == values


@pytest.mark.parametrize(
    ("text", "nearest"), [("sgrt(2)", "sqrt"), ("sigmiod 2", "sigmoid"), ("0.5 bitts", "bits"), ("lnn(2)", "ln")]
)
def test_a_misspelt_name_is_told_the_nearest_one(text: str, nearest: str) -> None:
    assert refusal(text).values["nearest"] == nearest


def test_a_name_like_no_other_is_told_all_functions() -> None:
    values = refusal("whatever(2)").values
    assert "nearest" not in values
    assert values["known"].startswith("ln, log, log2")


def test_a_very_long_name_is_shortened() -> None:
    assert refusal("a" * 200).values["name"] == "a" * 20 + "…"
