"""The report of a drill as CSV by RFC 4180, a row for each problem.

In UTF-8 without a mark at its start; the header names the columns, the same in every language.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Final

from app.services.reports.model import DrillReport, Item
from app.services.reports.values import own_words, values_text

_FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|-inf")


def cell(typed: str) -> str:
    """Return text for a cell that no spreadsheet takes for a formula: one that would be has an apostrophe before it.

    A plain number stays what it is, whatever its sign.
    """
    return f"'{typed}" if _FORMULA.match(typed) and not _NUMBER.fullmatch(typed) else typed


def rows_to_csv(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Return rows as CSV under a header; None is an empty cell, and text is guarded by `cell`."""
    buffer = StringIO()
    writer = csv.DictWriter(buffer, list(columns), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return buffer.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return cell(value) if isinstance(value, str) else value


_SAME: Final = ("position", "problem_id", "family", "title", "topic", "level", "self_assessed", "state")
_NUMBERS: Final = ("credit", "tries", "hints", "seconds", "expected_seconds", "confidence")
_TEXTS: Final = ("answer", "own_words", "truth", "misconceptions", "late_answers", "follow_up_answer", "mark", "remark")
COLUMNS: Final = ("drill_id", *_SAME, "verdict", *_NUMBERS, *_TEXTS)


def table(report: DrillReport) -> str:
    """Return the problems of a report. `answer` is the last one that counted; between `misconceptions` stands a space."""
    return rows_to_csv(COLUMNS, ({"drill_id": report.drill_id, **item_cells(item)} for item in report.problems))


def item_cells(item: Item) -> dict[str, object]:
    """Return one problem as cells, by column."""
    last = item.counted[-1].submitted if item.counted else None
    talk = item.follow_up
    return {
        **{name: getattr(item, name) for name in (*_SAME, *_NUMBERS)},
        "verdict": item.verdict or "unanswered",
        "answer": values_text(last) if last is not None else None,
        "own_words": own_words(last or {}) or None,
        "truth": values_text(item.key) if item.key is not None else None,
        "misconceptions": " ".join(dict.fromkeys(mistake.code for mistake in item.mistakes)) or None,
        "late_answers": len(item.late),
        "follow_up_answer": talk and talk.answer,
        "mark": talk and talk.mark,
        "remark": talk and talk.remark,
    }
