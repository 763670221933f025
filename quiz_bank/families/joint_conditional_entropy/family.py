"""Joint and conditional entropy of two variables, from the table of their joint probabilities."""

from dataclasses import dataclass
from statistics import fmean

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_tables import (
    cells,
    entropies_of_rows,
    entropy_of,
    shares,
    sums_of_columns,
    sums_of_rows,
    transposed,
    within_rows,
)
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE
from quiz_bank.parameters import Base, JointTable, read_parameters
from quiz_bank.problem import Carry, Convention, Family, Level, LogBase, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    table: JointTable
    log_base: Base = "2"


def draw(stream: Stream, level: int) -> Parameters:
    bases: dict[int, list[LogBase]] = {1: ["2"], 2: ["e", "2"], 3: ["e", "10"]}
    columns = 2 if level == 1 else 3
    flat = stream.distribution(2 * columns, places=3 if level == 3 else 2, minimum=2)
    return Parameters((flat[:columns], flat[columns:]), stream.choice(bases[level]))


def truth(p: Parameters) -> Values:
    return {
        "joint": engine.joint_entropy(p.table, log_base=p.log_base),
        "conditional": engine.conditional_entropy(p.table, log_base=p.log_base),
    }


def right_joint(p: Parameters) -> float:
    return entropy_of(cells(p.table), p.log_base)


def right_conditional(p: Parameters) -> float:
    return within_rows(p.table, p.log_base)


def entropy_of_x(p: Parameters) -> float:
    return entropy_of(sums_of_rows(p.table), p.log_base)


def entropy_of_y(p: Parameters) -> float:
    return entropy_of(sums_of_columns(p.table), p.log_base)


def sum_of_marginals(p: Parameters) -> float:
    return entropy_of_x(p) + entropy_of_y(p)


def conditioned_the_wrong_way(p: Parameters) -> float:
    return within_rows(transposed(p.table), p.log_base)


def rows_unweighted(p: Parameters) -> float:
    return fmean(entropies_of_rows(p.table, p.log_base))


def conditional_of_own(p: Parameters, own: Values) -> float:
    return components(own["joint"])[0] - entropy_of_x(p)


def convention(p: Parameters) -> Convention:
    return Convention(log_base=p.log_base, zero_log_zero="0" if 0 in cells(p.table) else None)


def working(p: Parameters) -> dict[str, object]:
    return {
        "rows": sums_of_rows(p.table),
        "within": [shares(row) for row in p.table],
        "row_entropies": entropies_of_rows(p.table, p.log_base),
        "of_x": entropy_of_x(p),
        "of_y": entropy_of_y(p),
    }


FALLBACK = read_parameters(Parameters, {"table": [["0.4", "0.1"], ["0.2", "0.3"]]})

FAMILY = Family(
    slug="joint-conditional-entropy",
    version=1,
    topic="information",
    package=__package__,
    levels={1: Level(180), 2: Level(240), 3: Level(270)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("joint", in_log_units=True), PartSpec("conditional", in_log_units=True)),
    truth=truth,
    convention=convention,
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("sum-of-marginals", sum_of_marginals, "joint"),
        Misconception("conditional-for-joint", right_conditional, "joint"),
        Misconception("conditioned-the-wrong-way", conditioned_the_wrong_way, "conditional"),
        Misconception("marginal-for-conditional", entropy_of_y, "conditional"),
        Misconception("rows-unweighted", rows_unweighted, "conditional"),
        Misconception("joint-for-conditional", right_joint, "conditional"),
    ),
    carried=(Carry("conditional", ("joint",), conditional_of_own),),
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=100_000,  # a lower bound: level 1 alone has C(95, 3) = 138,415
)
