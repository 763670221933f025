"""How a text is laid out: matrices row by row, code as it stands, and lines broken where English and Chinese may be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_FENCE: Final = "```"
_QUOTE: Final = re.compile(r"((?:> ?)*)(.*)")
_MATRIX: Final = re.compile(r" *\[(\[[^\[\]]*\](?:, ?\[[^\[\]]*\])*)\]([.,;，。；]?) *")
_ROW: Final = re.compile(r"\[([^\[\]]*)\]")
_CODE: Final = re.compile(r"`([^`]*)`")

# What later lines of a paragraph stand below: its quote, its indentation, and the text behind its dash or number.
_LEAD: Final = re.compile(r"((?:│ ?)*)(\s*(?:[-·✓✗] |\d+(?:[.)] | {2,}))?)")
_WIDE: Final = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_OPENING: Final = "“‘（《「【"
_CLOSING: Final = "”’）》」】，。；：、！？,.;:!?)%"
# A line may be broken around each Chinese character, which keeps the marks that belong to it, and at spaces.
_WORD: Final = re.compile(rf"[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[{re.escape(_CLOSING)}]*")
_HYPHEN: Final = re.compile(r"(?<=[a-z]-)(?=[a-z])")
_NARROW: Final = 10


class Passage:
    """A text that takes the width that it gets, its later lines below the beginning of their paragraph."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give the lines, none wider than there is room."""
        width = options.max_width
        for paragraph in self._text.split("\n", allow_blank=True):
            yield from _lines(paragraph, width)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return that it can be narrow, and needs no more than its longest line."""
        widest = max(map(cell_len, self._text.plain.split("\n")))
        return Measurement(min(widest, _NARROW), min(widest, options.max_width))


def formatted(text: str) -> Text:
    """Return a text with each matrix row below row, its columns aligned, and with code marked."""
    lines: list[Text] = []
    is_code = False
    for line in text.split("\n"):
        marks, rest = _QUOTE.fullmatch(line).groups()  # type: ignore[union-attr]  # it matches everything
        quote = marks.replace(">", "│")
        if rest.startswith(_FENCE):
            is_code = not is_code
        elif is_code:
            lines.append(Text(quote).append(rest, "cyan"))
        else:
            lines += [Text(quote).append_text(_coded(each)) for each in _rows_apart(rest)]
    return Text("\n").join(lines)


def _rows_apart(line: str) -> list[str]:
    apart = _MATRIX.sub(lambda found: f"\n{_aligned(found[1])}{found[2]}\n", line)
    return apart.strip("\n").split("\n") if apart != line else [line]


def _aligned(matrix: str) -> str:
    rows = [[cell.strip() for cell in row.split(",")] for row in _ROW.findall(matrix)]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=False)]
    lines = ("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=False)) for row in rows)
    return "\n".join(f"  [ {line} ]" for line in lines)


def _coded(line: str) -> Text:
    result = Text()
    for index, piece in enumerate(_CODE.split(line)):
        result.append(piece, "cyan" if index % 2 else "")
    return result


def _lines(paragraph: Text, width: int) -> Iterator[Text]:
    """Give the lines of a paragraph; a word that is too wide by itself is cut."""
    plain = paragraph.plain
    lead = _LEAD.match(plain)
    marks, indentation = lead.groups() if lead else ("", "")
    below = marks + " " * cell_len(indentation)
    start = end = len(marks + indentation)
    room = max(2, width - cell_len(below))
    head = paragraph[:start]
    for word_start, word_end in _words(plain, start, room):
        if end > start and cell_len(plain[start:word_end]) > room:
            yield head.append_text(paragraph[start:end])
            head, start = Text(below), word_start
        end = word_end
    yield head.append_text(paragraph[start:end])


def _words(plain: str, start: int, room: int) -> Iterator[tuple[int, int]]:
    """Give where each word begins and ends, a Chinese character being one."""
    for found in _WORD.finditer(plain, start):
        at = found.start()
        for piece in chain.from_iterable(chop_cells(part, room) for part in _HYPHEN.split(found[0])):
            yield at, at + len(piece)
            at += len(piece)
