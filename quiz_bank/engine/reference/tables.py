"""Entropies and mutual information of two variables, from the table of their joint probabilities.

A table has a row for each value of X and a column for each value of Y, at most 64 cells in all, each within [0, 1] and
taken as given; or any numbers ≥ 0, such as counts, divided by their sum. Every result is the nearest float64 to the exact
value.

References
----------
T. M. Cover, J. A. Thomas, *Elements of Information Theory*, 2nd edition, Wiley 2006, chapter 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain

from quiz_bank.engine.exact import Exact, check_same_length, check_size, read_distribution
from quiz_bank.engine.logforms import LogBase, LogForm
from quiz_bank.engine.reference.information import entropy

Table = Sequence[Sequence[Exact]]


def joint_entropy(table: Table, *, log_base: LogBase = "e", normalise: bool = False) -> float:
    """Give H(X, Y) = −Σ p(x, y)·log p(x, y).

    Parameters
    ----------
    table
        p(x, y), a row for each x.
    log_base
        "e" for nats, "2" for bits, "10" for dits.
    normalise
        Whether to divide the table by its sum first.

    Returns
    -------
    float
        At least the entropy of X and of Y.

    Raises
    ------
    ValueError
        For rows of different lengths, no or more than 64 cells, cells outside [0, 1], nan, or an unknown base.

    Examples
    --------
    Counts need not be divided first, where 1/3 would be rounded:

    >>> joint_entropy([[1, 1], [1, 0]], normalise=True)
    1.0986122886681098
    """
    _check_shape(table)
    return entropy(list(chain(*table)), log_base=log_base, normalise=normalise)


def conditional_entropy(table: Table, *, log_base: LogBase = "e", normalise: bool = False) -> float:
    """Give H(Y | X) = Σ p(x, y)·log(p(x)/p(x, y)), what is unknown of the column once the row is known.

    Parameters
    ----------
    table
        p(x, y), a row for each x; transposed, it gives H(X | Y).
    log_base
        "e" for nats, "2" for bits, "10" for dits.
    normalise
        Whether to divide the table by its sum first.

    Returns
    -------
    float
        0 where each row has a single positive cell.

    Raises
    ------
    ValueError
        As `joint_entropy`.

    Examples
    --------
    Where the row nearly tells the column, the difference of two entropies in float64 is 0:

    >>> conditional_entropy([[10**20, 1], [0, 10**20]], normalise=True)
    2.3525850929940454e-19
    """
    cells, rows, _ = _read_table(table, normalise)
    terms = ((cell, rows[x] / cell) for x, _, cell in cells)
    return LogForm(tuple((cell, ratio) for cell, ratio in terms if ratio != 1)).nearest(log_base)


def mutual_information(table: Table, *, log_base: LogBase = "e", normalise: bool = False) -> float:
    """Give I(X; Y) = Σ p(x, y)·log(p(x, y)/(p(x)·p(y))).

    For a table of counts with a row for each branch of a decision tree and a column for each class, it is the split's
    information gain.

    Parameters
    ----------
    table
        p(x, y), a row for each x.
    log_base
        "e" for nats, "2" for bits, "10" for dits.
    normalise
        Whether to divide the table by its sum first.

    Returns
    -------
    float
        0 for independent variables.

    Raises
    ------
    ValueError
        As `joint_entropy`.

    Examples
    --------
    Nearly independent variables: the entropies agree in all 16 digits of a float64.

    >>> mutual_information([[10**10 + 1, 10**10], [10**10, 10**10 + 1]], normalise=True)
    1.249999999875e-21
    >>> mutual_information([[1, 0], [0, 1]], log_base="2", normalise=True)
    1.0
    """
    cells, rows, columns = _read_table(table, normalise)
    terms = ((cell, cell / (rows[x] * columns[y])) for x, y, cell in cells)
    return LogForm(tuple((cell, ratio) for cell, ratio in terms if ratio != 1)).nearest(log_base)


def _check_shape(table: Table) -> None:
    check_size(table, "table")
    for row in table:
        check_same_length(row, table[0], "rows of the table")


def _read_table(table: Table, normalise: bool) -> tuple[list[tuple[int, int, Fraction]], list[Fraction], list[Fraction]]:
    """Give the positive cells with their row and column, and the sums of the rows and of the columns."""
    _check_shape(table)
    width = len(table[0])
    values = read_distribution(list(chain(*table)), "table", normalise)
    rows = [sum(values[start : start + width], Fraction(0)) for start in range(0, len(values), width)]
    columns = [sum(values[start::width], Fraction(0)) for start in range(width)]
    cells = [(index // width, index % width, value) for index, value in enumerate(values) if value]
    return cells, rows, columns
