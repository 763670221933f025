"""The information gain of a decision tree's split: the parent's entropy less the weighted entropy of the branches."""

from dataclasses import dataclass
from statistics import fmean

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_tables import (
    entropies_of_rows,
    entropy_of,
    shares,
    some_counted,
    sums_of_columns,
    sums_of_rows,
    within_rows,
)
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE
from quiz_bank.parameters import Base, CountTable, read_parameters
from quiz_bank.problem import Carry, Convention, Family, Level, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    counts: CountTable
    log_base: Base = "2"

    @property
    def classes(self) -> list[float]:
        """How many samples of each class there are before the split."""
        return sums_of_columns(self.counts)

    @property
    def branches(self) -> list[float]:
        """How many samples each branch gets."""
        return sums_of_rows(self.counts)


def draw(stream: Stream, level: int) -> Parameters:
    rows, columns, most = {1: (2, 2, 24), 2: (2, 3, 36), 3: (3, 2, 60)}[level]
    order = stream.sample(range(columns), columns)
    counts = tuple(branch(stream, columns, order[row % columns], stream.integer(most // 4, most)) for row in range(rows))
    return Parameters(counts, "e" if level == 3 else "2")


def branch(stream: Stream, columns: int, favoured: int, most: int) -> tuple[int, ...]:
    """Return a branch in which one class has the majority: otherwise most splits would gain next to nothing."""
    return tuple(stream.integer(most // 2, most) if k == favoured else stream.integer(0, most // 2) for k in range(columns))


def useless(p: Parameters) -> bool:
    """Say whether a branch stays empty or next to nothing is gained."""
    return 0 in p.branches or 0 in p.classes or right_gain(p) < 0.03


def truth(p: Parameters) -> Values:
    return {
        "parent": engine.entropy(p.classes, log_base=p.log_base, normalise=True),
        "children": engine.conditional_entropy(p.counts, log_base=p.log_base, normalise=True),
        "gain": engine.mutual_information(p.counts, log_base=p.log_base, normalise=True),
    }


def right_parent(p: Parameters) -> float:
    return entropy_of(p.classes, p.log_base)


def right_children(p: Parameters) -> float:
    return within_rows(p.counts, p.log_base)


def right_gain(p: Parameters) -> float:
    return right_parent(p) - right_children(p)


def gini(counts: list[float] | tuple[int, ...]) -> float:
    return 1 - sum(share**2 for share in shares(counts))


def gini_of_parent(p: Parameters) -> float:
    return gini(p.classes)


def gini_of_children(p: Parameters) -> float:
    return sum(share * gini(row) for share, row in zip(shares(p.branches), p.counts, strict=True))


def gini_gain(p: Parameters) -> float:
    return gini_of_parent(p) - gini_of_children(p)


def entropy_of_the_split(p: Parameters) -> float:
    return entropy_of(p.branches, p.log_base)


def children_unweighted(p: Parameters) -> float:
    return fmean(entropies_of_rows(p.counts, p.log_base))


def children_added(p: Parameters) -> float:
    return sum(entropies_of_rows(p.counts, p.log_base))


def gain_unweighted(p: Parameters) -> list[float]:
    return [right_parent(p) - children_unweighted(p), right_parent(p) - children_added(p)]


def gain_ratio(p: Parameters) -> float:
    return right_gain(p) / entropy_of_the_split(p)


def gain_of_own(_: Parameters, own: Values) -> float:
    (parent,), (children,) = components(own["parent"]), components(own["children"])
    return parent - children


def convention(p: Parameters) -> Convention:
    return Convention(log_base=p.log_base, zero_log_zero="0" if any(0 in row for row in p.counts) else None)


def working(p: Parameters) -> dict[str, object]:
    return {
        "classes": p.classes,
        "branches": p.branches,
        "weights": shares(p.branches),
        "branch_entropies": entropies_of_rows(p.counts, p.log_base),
        "gini_gain": gini_gain(p),
    }


FALLBACK = read_parameters(Parameters, {"counts": [[8, 2], [3, 7]]})

FAMILY = Family(
    slug="information-gain",
    version=1,
    topic="information",
    package=__package__,
    levels={1: Level(180), 2: Level(240), 3: Level(270)},
    parameters=Parameters,
    check=lambda p: some_counted(p.counts),
    draw=draw,
    parts=tuple(PartSpec(name, in_log_units=True) for name in ("parent", "children", "gain")),
    truth=truth,
    convention=convention,
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("gini", gini_of_parent, "parent"),
        Misconception("entropy-of-the-split", entropy_of_the_split, "parent"),
        Misconception("children-unweighted", children_unweighted, "children"),
        Misconception("children-added", children_added, "children"),
        Misconception("gini", gini_of_children, "children"),
        Misconception("children-unweighted", gain_unweighted, "gain"),
        Misconception("parent-left-out", right_children, "gain"),
        Misconception("gini", gini_gain, "gain"),
        Misconception("gain-ratio", gain_ratio, "gain"),
    ),
    carried=(Carry("gain", ("parent", "children"), gain_of_own),),
    working=working,
    degenerate=useless,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=30_000,  # a lower bound: level 1 draws from more than 57,000 tables, 60 % of which gain enough
)
