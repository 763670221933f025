"""What the families on tables share: sums of rows and columns, and entropies of their shares in plain floats.

A table holds joint probabilities or counts, a row for each value of X and a column for each value of Y. The entropies serve
wrong routes and the intermediate numbers of a solution; the answer key comes from the engine.
"""

from collections.abc import Sequence
from typing import TypeAlias

from quiz_bank.families.on_distributions import entropy
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Exact, LogBase
from quiz_bank.sampling import Stream

Row: TypeAlias = Sequence[Exact | int]
Table: TypeAlias = Sequence[Row]


def sums_of_rows(table: Table) -> list[float]:
    """Return the total of each row."""
    return [sum(map(float, row)) for row in table]


def sums_of_columns(table: Table) -> list[float]:
    """Return the total of each column."""
    return [sum(map(float, column)) for column in zip(*table, strict=True)]


def cells(table: Table) -> list[float]:
    """Return all cells, row after row."""
    return [float(cell) for row in table for cell in row]


def shares(amounts: Sequence[Exact | float]) -> list[float]:
    """Return amounts divided by their total; of nothing at all each share is 0."""
    total = sum(map(float, amounts))
    return [float(amount) / total if total else 0.0 for amount in amounts]


def entropy_of(amounts: Sequence[Exact | float], base: LogBase) -> float:
    """Return the entropy of amounts divided by their total."""
    return entropy(shares(amounts), base)


def entropies_of_rows(table: Table, base: LogBase) -> list[float]:
    """Return the entropy within each row."""
    return [entropy_of(row, base) for row in table]


def within_rows(table: Table, base: LogBase) -> float:
    """Return H(Y | X): the rows' entropies, weighted with their shares."""
    rows = zip(shares(sums_of_rows(table)), entropies_of_rows(table, base), strict=True)
    return sum(share * own for share, own in rows)


def transposed(table: Sequence[Sequence[Exact | int]]) -> list[tuple[Exact | int, ...]]:
    """Return the table with rows and columns exchanged."""
    return list(zip(*table, strict=True))


def draw_counts(stream: Stream, rows: int, columns: int, low: int, high: int) -> tuple[tuple[int, ...], ...]:
    """Return a table of independent counts."""
    return tuple(tuple(stream.integer(low, high) for _ in range(columns)) for _ in range(rows))


def some_counted(counts: Sequence[Sequence[int]]) -> None:
    """Complain about a table in which nothing was counted."""
    if not any(map(any, counts)):
        raise ParameterError("/counts", "all-zero")
