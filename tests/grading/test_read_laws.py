"""Laws of reading: any text ends in a number or a refusal, and numbers mean what Python's floats mean."""

import math
import string
from decimal import Decimal

from hypothesis import assume, example, given
from hypothesis import strategies as st

from quiz_bank.grading.names import CONSTANTS, FUNCTIONS, UNITS, sigmoid
from quiz_bank.grading.read import Reading, UnreadableError, read
from quiz_bank.grading.unreadable import explain

TOKENS = [
    *FUNCTIONS,
    *CONSTANTS,
    *UNITS,
    *string.digits,
    *"+-*/^()%., e×÷−—。\uff0e⁻⁴₂√π∞\uff11\uff08\u3000",
    *("**", "0.7", "1e5", "1e-", ".5", "3.", "nan", "log_2", "log₂", "——", "x"),
]


def outcome(text: str, **allowed: bool) -> Reading | UnreadableError:
    try:
        return read(text, **allowed)
    except UnreadableError as error:
        return error


def check_refusal(text: str, error: UnreadableError) -> None:
    assert 0 <= error.position <= len(text)
    assert ("character" in error.values) <= (error.position < len(text))
    for language in ("en", "zh"):
        sentence = explain(error, language)
        assert sentence.isprintable()
        assert sentence.encode()


def check_reading(text: str, reading: Reading, *, unit_allowed: bool, nan_allowed: bool) -> None:
    assert reading.text == text
    assert nan_allowed or not math.isnan(reading.value)
    assert unit_allowed or reading.unit is None
    assert (reading.decimal is None) == (reading.significance is None)


def check_outcome(text: str, *, unit_allowed: bool, nan_allowed: bool) -> None:
    result = outcome(text, unit_allowed=unit_allowed, nan_allowed=nan_allowed)
    if isinstance(result, UnreadableError):
        check_refusal(text, result)
    else:
        check_reading(text, result, unit_allowed=unit_allowed, nan_allowed=nan_allowed)


@given(st.text(st.characters() | st.characters(categories=["Cs"]), max_size=210), st.booleans(), st.booleans())
@example("\ud800", True, True)
@example("\x00" * 200, True, True)
@example("İ" * 200, True, True)
def test_any_text_ends_in_a_number_or_a_refusal(text: str, unit_allowed: bool, nan_allowed: bool) -> None:
    check_outcome(text, unit_allowed=unit_allowed, nan_allowed=nan_allowed)


@given(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join), st.booleans(), st.booleans())
def test_any_row_of_known_pieces_ends_in_a_number_or_a_refusal(text: str, unit_allowed: bool, nan_allowed: bool) -> None:
    check_outcome(text, unit_allowed=unit_allowed, nan_allowed=nan_allowed)


@given(st.floats())
def test_the_shortest_text_of_any_float_reads_back_exactly(number: float) -> None:
    value = read(repr(number), nan_allowed=True).value
    assert value == number or (math.isnan(value) and math.isnan(number))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=40))
def test_a_plain_number_is_exact_and_its_last_digit_is_where_it_says(number: Decimal) -> None:
    reading = read(f"{number:f}")
    assert reading.decimal == number
    assert reading.significance == (len(number.as_tuple().digits) if number else 0, -40)


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Build texts that Python reads by the same rules of precedence, once ^ is spelt its way."""
    return st.one_of(
        st.builds("{}{}{}".format, parts, st.sampled_from(["+", " - ", "*", "/", "^"]), parts),
        st.builds("({})".format, parts),
        st.builds("-{}".format, parts),
        st.builds("{}({})".format, st.sampled_from(["ln", "log2", "log10", "exp", "sqrt", "sigmoid", "abs"]), parts),
    )


LEAVES = st.sampled_from(["e", "pi"]) | st.floats(0, 30, allow_subnormal=False).map(lambda leaf: repr(round(leaf, 3)))
NAMES = {name: getattr(math, name) for name in ("log2", "log10", "exp", "sqrt", "pi", "e")}
NAMES |= {"ln": math.log, "sigmoid": sigmoid, "abs": abs, "__builtins__": {}}


def python_value(text: str) -> float | None:
    """Return what Python makes of an expression; None for what is no finite real number on the way or at the end."""
    try:
        value = eval(text.replace("^", "**"), dict(NAMES))  # noqa: S307 (the text is made by the strategy above)
    except (ArithmeticError, ValueError, TypeError):
        return None
    return value if isinstance(value, float) and math.isfinite(value) else None


@given(st.recursive(LEAVES, joined, max_leaves=10))
def test_an_expression_has_the_value_that_python_gives_it(text: str) -> None:
    assume(len(text) <= 200)
    expected = python_value(text)
    result = outcome(text)
    if isinstance(result, UnreadableError):
        # Python goes on with an overflow to infinity, whose reciprocal is finite again.
        assert expected is None or result.code in ("overflow", "too-deep")
    else:
        assert result.value == expected


@given(st.from_regex(r"[+-]?([0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})", fullmatch=True))
def test_a_plain_decimal_is_read_alike_on_the_short_way_and_on_the_long_one(text: str) -> None:
    short, long = read(text), read(f" {text} ")  # with a space around it, it is folded and matched as any other text
    assert (short.value, short.decimal, short.significance) == (long.value, long.decimal, long.significance)
