"""Characters that mean the same are read the same, and trouble is reported where it was typed."""

import pytest

from quiz_bank.grading.fold import fold
from quiz_bank.grading.read import UnreadableError, read


def wide(text: str) -> str:
    """Return the full-width form of a text in ASCII without spaces."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize("text", ["0.357", "-3.4e-4", "1/3", "35.7%", "-ln(0.7)", "LOG2(10)", "2^-1", "2*3", "1+1"])
def test_full_width_letters_digits_and_signs_are_read_as_narrow_ones(text: str) -> None:
    assert read(wide(text)).value == read(text).value


@pytest.mark.parametrize("minus", "‐‑‒–—―−⁃﹣➖\uff0d")
def test_every_dash_is_a_minus(minus: str) -> None:
    assert read(f"{minus}0.5").value == -0.5


def test_a_chinese_double_dash_is_one_minus() -> None:
    assert read("——0.5").value == -0.5


@pytest.mark.parametrize("times", "×·⋅∙∗✕✖\uff0a")
def test_every_times_sign_multiplies(times: str) -> None:
    assert read(f"2{times}3").value == 6


@pytest.mark.parametrize("divide", "÷∕⁄➗\uff0f")
def test_every_division_sign_divides(divide: str) -> None:
    assert read(f"1{divide}4").value == 0.25


@pytest.mark.parametrize("point", "。\uff0e\uff61")
def test_a_wide_point_between_digits_is_a_point(point: str) -> None:
    assert read(f"0{point}36").value == 0.36
    assert read(f"\uff10{point}\uff13").value == 0.3


@pytest.mark.parametrize("point", "。\uff0e\uff61")
@pytest.mark.parametrize(("template", "position"), [("{}36", 0), ("0.36{}", 4), ("1{} 5", 1)])
def test_a_wide_point_elsewhere_is_refused(point: str, template: str, position: int) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(template.format(point))
    assert (caught.value.code, caught.value.position, caught.value.values["character"]) == ("unexpected", position, point)


@pytest.mark.parametrize("space", " \t\n\xa0\u2009\u202f\u3000\u200b\ufeff")
def test_every_space_separates_and_never_joins(space: str) -> None:
    assert read(f"{space}0.5{space}bits{space}").value == 0.5
    with pytest.raises(UnreadableError) as caught:
        read(f"1{space}2")
    assert (caught.value.code, caught.value.position) == ("two-numbers", 2)


@pytest.mark.parametrize("constant", "ℯ𝑒")
def test_other_letters_for_the_number_e_are_known(constant: str) -> None:
    assert read(constant).value == read("e").value


def test_a_superscript_is_an_exponent_and_never_a_digit_of_its_base() -> None:
    assert read("3.4×10⁻⁴").value == 3.4e-4
    assert read("2¹⁰").value == 1024


def test_a_subscript_is_the_base_of_a_logarithm_and_never_a_digit_of_its_argument() -> None:
    assert read("log₂8").value == 3
    assert read(wide("log") + "₂8").value == 3


@pytest.mark.parametrize("text", ["2₃", "x₃2", "log₂₅ 25", "ln₂ 8"])
def test_a_subscript_elsewhere_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read(text)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("2⁻", 1),
        ("2⁻⁴ $", 4),
        ("2⁻⁴)", 3),
        ("⁻⁴", 0),
        ("π π", 2),
        ("ππ", 1),
        ("√√$", 2),
        ("——$", 2),
        ("log₂$", 4),
        ("log₂ ", 4),
        ("2⁴5", 2),
        ("3×10⁴ 5", 6),
        ("\u3000ln(\uff10\uff0c7)", 5),
        ("2×", 2),
        ("2+√", 3),
        ("√ bits", 1),
    ],
)
def test_a_position_counts_characters_as_typed(text: str, position: int) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(text)
    assert caught.value.position == position


def test_the_map_leads_from_every_folded_character_to_its_source() -> None:
    folded = fold("√2⁻¹ π")
    assert folded.text == " sqrt 2^(-1)  pi "
    assert list(folded.positions) == [0] * 6 + [1, 2, 2, 2, 3, 3, 4] + [5] * 4 + [6]


def test_the_text_is_kept_as_typed() -> None:
    assert read("\u3000−LN(\uff10.7) ").text == "\u3000−LN(\uff10.7) "
