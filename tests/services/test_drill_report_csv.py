"""The report as CSV, read back by a reader of CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

import pytest
from sqlalchemy import Connection

from app.services.reports.table import COLUMNS, cell, rows_to_csv, table
from tests.services.drilling import COIN, PITCH, begun, examined
from tests.storage.connected import connected


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connected(database_url) as opened:
        yield opened


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


def test_each_problem_that_was_handed_out_is_a_row(connection: Connection) -> None:
    found = rows(table(examined(connection).report(at=700)))
    assert [row["position"] for row in found] == ["1", "2", "3", "4", "5", "6"]
    assert [row["verdict"] for row in found] == ["right", "partly_right", "wrong", "too_coarse", "unanswered", "unanswered"]
    assert [float(row["credit"]) for row in found] == pytest.approx([1, 2 / 3, 0, 0.5, 0, 0])
    assert [row["late_answers"] for row in found] == ["0", "0", "0", "0", "0", "1"]


def test_a_row_tells_all_there_is_of_its_problem(connection: Connection) -> None:
    report = examined(connection).report(at=700)
    row = rows(table(report))[2]
    assert row == {
        "drill_id": str(report.drill_id),
        "position": "3",
        "problem_id": str(report.problems[2].problem_id),
        "family": "cross-entropy-one-hot",
        "title": "Cross-entropy of a one-hot target",
        "topic": "cross-entropy",
        "level": "2",
        "self_assessed": "false",
        "state": "expired",
        "verdict": "wrong",
        "credit": "0.0",
        "tries": "1",
        "hints": "0",
        "seconds": "30.0",
        "expected_seconds": "60",
        "confidence": "0.9",
        "answer": "0.5146",
        "own_words": "",
        "truth": "0.3566749439387324",
        "misconceptions": "wrong-log-base-2",
        "late_answers": "0",
        "follow_up_answer": "",
        "mark": "",
        "remark": "",
    }


def test_the_names_of_the_columns_are_the_same_in_every_language(connection: Connection) -> None:
    candidate = examined(connection)
    heads = {table(candidate.report(at=700, language=language)).splitlines()[0] for language in ("en", "zh")}
    assert heads == {",".join(COLUMNS)}


def test_several_parts_share_a_cell(connection: Connection) -> None:
    candidate = begun(connection, [COIN])
    candidate.take()
    candidate.answer({"entropy": "0.0560", "cross_entropy": "4.56", "kl": "4.50"}, 30)
    candidate.finish(40)
    assert rows(table(candidate.report()))[0]["answer"] == "entropy = 0.0560; cross_entropy = 4.56; kl = 4.50"


def test_prose_has_a_cell_of_its_own(connection: Connection) -> None:
    candidate = begun(connection, [PITCH])
    candidate.take()
    candidate.answer({"talk": {"text": '=1+1, "quoted"\nand more', "points": "a b"}}, 30)
    candidate.finish(40)
    [row] = rows(table(candidate.report()))
    assert (row["answer"], row["own_words"]) == ("a b", '\'=1+1, "quoted"\nand more')
    assert (row["self_assessed"], row["truth"]) == ("true", "[a, b, c, d]")


def test_rows_end_as_rfc_4180_wants_it_and_text_is_quoted_where_it_must_be() -> None:
    written = rows_to_csv(("a", "b"), [{"a": 'say "hi", twice', "b": None}, {"a": "two\r\nlines", "b": 0.5}])
    assert written == 'a,b\r\n"say ""hi"", twice",\r\n"two\r\nlines",0.5\r\n'


@pytest.mark.parametrize("typed", ["=1+1", "+1+1", "-ln(0.7)", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "-1/3", "--1"])
def test_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(typed: str) -> None:
    assert cell(typed) == f"'{typed}"


@pytest.mark.parametrize("typed", ["-0.357", "+1.5", "-3e-4", "-.5", "-inf", "0.357", "ln 2", "a=b", "'=1", ""])
def test_plain_numbers_and_other_text_stay_what_they_are(typed: str) -> None:
    assert cell(typed) == typed
