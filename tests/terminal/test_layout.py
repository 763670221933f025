"""How texts are laid out, in both languages and at any width."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from app.terminal.layout import Passage, formatted


def laid_out(text: str, width: int = 40) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False).print(Passage(formatted(text)))
    return out.getvalue().splitlines()


def test_a_matrix_stands_row_below_row_with_its_columns_aligned() -> None:
    shown = formatted("The logits are z = [[−2, 5], [3, 40]]. Which are the classes?").plain
    assert shown == "The logits are z =\n  [ −2   5 ]\n  [  3  40 ].\nWhich are the classes?"


def test_a_vector_stays_in_its_sentence() -> None:
    assert formatted("z = [1, 2, 3] is given.").plain == "z = [1, 2, 3] is given."


def test_code_is_shown_without_its_marks() -> None:
    assert formatted("such as `2*ln(3)` counts").plain == "such as 2*ln(3) counts"


def test_the_rows_of_a_quoted_matrix_stay_in_the_quote() -> None:
    assert formatted("> Z = [[1, 2], [3, 4]]").plain == "│ Z =\n│   [ 1  2 ]\n│   [ 3  4 ]"


def test_a_block_of_code_stands_without_its_fences_and_keeps_its_spaces() -> None:
    shown = formatted("Find it:\n```python\nif p:\n    q = [[1], [2]]\n```\nWhich?")
    assert shown.plain == "Find it:\nif p:\n    q = [[1], [2]]\nWhich?"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("1. Only classes with a share", ["1. Only classes", "   with a share"]),
        ("- sample 1 is a long one", ["- sample 1 is a", "  long one"]),
        ("> A question that is asked", ["│ A question that", "│ is asked"]),
        ("> - sample 1 is a long one", ["│ - sample 1 is a", "│   long one"]),
        ("200 samples are not an item", ["200 samples are", "not an item"]),
        ("the loss is cross-entropy", ["the loss is", "cross-entropy"]),
        ("the mean cross-entropy", ["the mean cross-", "entropy"]),
    ],
)
def test_later_lines_stand_below_the_beginning_of_their_paragraph(text: str, lines: list[str]) -> None:
    assert laid_out(text, 17) == lines


def test_chinese_is_broken_between_characters_and_not_at_the_first_space() -> None:
    assert laid_out("第 8 行与其他各行都一致", 14) == ["第 8 行与其他", "各行都一致"]


@pytest.mark.parametrize("width", range(8, 24))
def test_no_line_begins_with_a_mark_that_closes_or_ends_with_one_that_opens(width: int) -> None:
    lines = laid_out("其余七行（包括注释）都对。“不正确”也一样：它是 logit、概率，或（对数）。", width)
    assert not [line for line in lines if line[0] in "）。”：、，" or line[-1] in "（“"]
    assert max(map(cell_len, lines)) <= width


def test_a_word_that_is_too_wide_is_cut_and_none_of_it_is_lost() -> None:
    assert laid_out("keras.losses.SparseCategoricalCrossentropy()", 20) == [
        "keras.losses.SparseC",
        "ategoricalCrossentro",
        "py()",
    ]


def test_in_a_table_a_text_takes_the_room_that_is_left() -> None:
    out = io.StringIO()
    grid = Table.grid(padding=(0, 1))
    grid.add_row("a)", Passage(formatted("two words")))
    Console(file=out, width=9, highlight=False).print(grid)
    assert [line.rstrip() for line in out.getvalue().splitlines()] == ["a) two", "   words"]
