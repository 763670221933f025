"""Pieces of Markdown (CommonMark with tables), in which whatever people typed stays text.

Formulas belong to the bank's own texts alone, so that a dollar sign in what people typed is escaped too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from app.services.choices import Choices

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|~$&#!])")
_STARTS_BLOCK: Final = re.compile(r"^(\d*)([-+=.)])")
_TICKS: Final = re.compile("`+")


def inline(typed: str) -> str:
    """Return text that stands within a line or in a cell of a table."""
    return _SPECIAL.sub(r"\\\1", " ".join(typed.split()))


def quoted(typed: str) -> str:
    """Return text of several lines as a quotation."""
    lines = (inline(line) for line in typed.splitlines())
    return "\n".join("> " + _STARTS_BLOCK.sub(r"\1\\\2", line) if line else ">" for line in lines)


def code(typed: str) -> str:
    """Return text as a span of code; it is fenced by more backticks than it has in a row."""
    line = " ".join(typed.split())
    fence = "`" * (max(map(len, _TICKS.findall(line)), default=0) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def item(block: str) -> str:
    """Return an item of a list; what follows its first line is indented, so that it belongs to it."""
    return "- " + block.replace("\n", "\n  ").replace("\n  \n", "\n\n")


def options(choices: Choices) -> str:
    """Return what there is to pick from, a letter each, after the numbered items that a matching pairs with it."""
    items = "\n".join(f"{number}. {each.markdown}" for number, each in enumerate(choices.items, start=1))
    lettered = "\n".join(item(f"**{option.letter}** {option.text.markdown}") for option in choices.options)
    return f"{items}\n\n{lettered}" if items else lettered


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; its cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def clock(seconds: float | None) -> str:
    """Return a time as 0:42, 12:30 or 1:02:03; a dash where it isn't known."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def share(value: float | None) -> str:
    """Return a share as whole per cents; a dash where there is none."""
    return "–" if value is None else f"{value:.0%}"


def points(credit: float) -> str:
    """Return credit to two places, without trailing zeros."""
    return f"{round(credit, 2):g}"


def pace(value: float | None) -> str:
    """Return how many times the expected time was taken; a dash where that isn't known."""
    return "–" if value is None else f"{value:.1f}×"
