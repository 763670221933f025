"""The mutual information of two variables, from a table of counts."""

from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_tables import (
    cells,
    draw_counts,
    entropy_of,
    some_counted,
    sums_of_columns,
    sums_of_rows,
    transposed,
    within_rows,
)
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, CountTable, read_parameters
from quiz_bank.problem import Convention, Family, Level, LogBase, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    counts: CountTable
    log_base: Base = "2"

    @property
    def total(self) -> int:
        """How many were counted."""
        return sum(map(sum, self.counts))

    @property
    def triples(self) -> list[tuple[float, float, float]]:
        """The count of each cell that isn't empty, with the sums of its row and its column."""
        rows, columns = sums_of_rows(self.counts), sums_of_columns(self.counts)
        return [(float(n), rows[x], columns[y]) for x, row in enumerate(self.counts) for y, n in enumerate(row) if n]


def draw(stream: Stream, level: int) -> Parameters:
    bases: dict[int, list[LogBase]] = {1: ["2"], 2: ["e", "2"], 3: ["e", "10"]}
    columns, high = {1: (2, 40), 2: (3, 40), 3: (3, 200)}[level]
    return Parameters(draw_counts(stream, 2, columns, 2, high), stream.choice(bases[level]))


def nearly_independent(p: Parameters) -> bool:
    """Say whether so little is shared that rounded entropies would hardly give a digit of it."""
    return right_information(p, "e") < 0.02


def truth(p: Parameters) -> Values:
    return {"information": engine.mutual_information(p.counts, log_base=p.log_base, normalise=True)}


def right_information(p: Parameters, base: LogBase) -> float:
    return sum(n * log(n * p.total / (row * column), base) for n, row, column in p.triples) / p.total


def counts_as_probabilities(p: Parameters) -> list[float]:
    undivided = p.total * right_information(p, p.log_base)
    return [undivided, sum(n * log(n / (row * column), p.log_base) for n, row, column in p.triples)]


def conditional_entropy(p: Parameters) -> list[float]:
    return [within_rows(table, p.log_base) for table in (p.counts, transposed(p.counts))]


def joint_entropy(p: Parameters) -> float:
    return entropy_of(cells(p.counts), p.log_base)


def ratios_unweighted(p: Parameters) -> float:
    return sum(log(n * p.total / (row * column), p.log_base) for n, row, column in p.triples)


def one_entropy_forgotten(p: Parameters) -> list[float]:
    return [entropy_of(sums, p.log_base) - joint_entropy(p) for sums in (sums_of_rows(p.counts), sums_of_columns(p.counts))]


def convention(p: Parameters) -> Convention:
    return Convention(log_base=p.log_base, zero_log_zero="0" if 0 in cells(p.counts) else None)


def expression(p: Parameters) -> dict[str, str]:
    terms = "".join(f"+{n:.0f}*ln({n * p.total:.0f}/{row * column:.0f})" for n, row, column in p.triples)
    return {"information": f"({terms[1:]})/{p.total}/ln({p.log_base})"} if len(terms) < 150 else {}


def working(p: Parameters) -> dict[str, object]:
    of_x, of_y = (entropy_of(sums, p.log_base) for sums in (sums_of_rows(p.counts), sums_of_columns(p.counts)))
    return {
        "total": p.total,
        "rows": sums_of_rows(p.counts),
        "columns": sums_of_columns(p.counts),
        "of_x": of_x,
        "of_y": of_y,
        "joint": joint_entropy(p),
        "least": min(of_x, of_y),
        "nats": right_information(p, "e"),
    }


FALLBACK = read_parameters(Parameters, {"counts": [[30, 10], [5, 25]]})

FAMILY = Family(
    slug="mutual-information",
    version=1,
    topic="information",
    package=__package__,
    levels={1: Level(210), 2: Level(270), 3: Level(300)},
    parameters=Parameters,
    check=lambda p: some_counted(p.counts),
    draw=draw,
    parts=(PartSpec("information", in_log_units=True),),
    truth=truth,
    convention=convention,
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("counts-as-probabilities", counts_as_probabilities, "information"),
        Misconception("conditional-entropy-for-information", conditional_entropy, "information"),
        Misconception("joint-entropy-for-information", joint_entropy, "information"),
        Misconception("ratios-unweighted", ratios_unweighted, "information"),
        Misconception("one-entropy-forgotten", one_entropy_forgotten, "information"),
    ),
    expression=expression,
    working=working,
    degenerate=nearly_independent,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=1_000_000,  # a lower bound: 39 to the power of 4 tables at level 1, half of which share enough
)
