"""What is typed, as it is sent."""

from __future__ import annotations

import pytest

from app.terminal.typed import at, components, confidence, rows, shaped, shown


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0.1, 0.2, 0.7", ["0.1", "0.2", "0.7"]),
        ("0.1 0.2  0.7", ["0.1", "0.2", "0.7"]),
        ("[0.1, 0.2]", ["0.1", "0.2"]),
        ("0.1，0.2；0.7", ["0.1", "0.2", "0.7"]),
        ("【０.１、０.２】", ["０.１", "０.２"]),
        ("-inf 0 nan", ["-inf", "0", "nan"]),
        ("ln 2 / 3, -ln(0.7)", ["ln 2 / 3", "-ln(0.7)"]),
        ("0.1, 0.2,", ["0.1", "0.2"]),
    ],
)
def test_components_are_divided_by_marks_or_spaces_between_numbers(typed: str, read: list[str]) -> None:
    assert components(typed) == read


@pytest.mark.parametrize("typed", ["ln 2 / 3", "0.5 bits", "2 * 3", "-ln(0.7)", "x y"])
def test_spaces_within_an_expression_divide_nothing(typed: str) -> None:
    assert components(typed) == [typed]


@pytest.mark.parametrize("typed", ["1 2; 3 4", "[[1, 2], [3, 4]]", "1,2；3,4", "[1 2][3 4]", "1 2\n3 4"])
def test_rows_are_divided_by_semicolons_brackets_or_lines(typed: str) -> None:
    assert rows(typed) == [["1", "2"], ["3", "4"]]


def test_components_fill_a_matrix_row_by_row() -> None:
    assert shaped(["1", "2", "3", "4", "5", "6"], (2, 3)) == [["1", "2", "3"], ["4", "5", "6"]]


def test_what_is_too_much_is_left_for_the_grader_to_refuse() -> None:
    assert shaped(["1", "2", "3"], (2,)) == ["1", "2", "3"]
    assert shaped(["1", "2", "3", "4", "5"], (2, 2)) == [["1", "2"], ["3", "4", "5"]]


@pytest.mark.parametrize("typed", ["0.5", "0.1, 0.2", "1, 2; 3, 4"])
def test_what_is_shown_for_editing_reads_the_same_again(typed: str) -> None:
    value = rows(typed) if ";" in typed else components(typed) if "," in typed else typed
    assert shown(value) == typed


def test_a_place_of_a_value_has_its_own_text() -> None:
    assert at("0.5x", ()) == "0.5x"
    assert at(["1", "2x"], (1,)) == "2x"
    assert at([["1", "2"], ["3", "4x"]], (1, 1)) == "4x"


def test_a_place_that_is_not_there_has_the_text_of_the_whole() -> None:
    assert at(["1", "2", "3"], ()) == "1, 2, 3"
    assert at(["1"], (4,)) == "1"
    assert at({"text": "words", "points": "z"}, ()) == "words"


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("80", 0.8),
        ("80%", 0.8),
        ("８０％", 0.8),
        ("0.8", 0.8),
        ("1", 0.01),
        ("1.0", 1.0),
        ("0", 0.0),
        ("100", 1.0),
        ("0.5 %", 0.005),
    ],
)
def test_confidence_is_a_percentage_or_a_share_with_a_point(typed: str, share: float) -> None:
    assert confidence(typed) == share


@pytest.mark.parametrize("typed", ["", "sure", "101", "-1", "nan", "inf", "80 90"])
def test_anything_else_is_no_confidence(typed: str) -> None:
    assert confidence(typed) is None
