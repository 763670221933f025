"""A loss in another unit of information: nats, bits and dits differ by a constant factor."""

from dataclasses import dataclass
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_distributions import NUMBER, other_bases, power
from quiz_bank.misconceptions import ln
from quiz_bank.parameters import Base, ParameterError, Positive, read_parameters
from quiz_bank.problem import Convention, Family, Level, LogBase, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    loss: Positive
    from_base: Base
    to_base: Base

    @property
    def factor(self) -> float:
        """How many of the new unit one of the old is."""
        return ln(NUMBER[self.from_base]) / ln(NUMBER[self.to_base])

    @property
    def third_base(self) -> LogBase:
        """The base that plays no part here."""
        return next(base for base in other_bases(self.from_base) if base != self.to_base)


def draw(stream: Stream, level: int) -> Parameters:
    bases: list[LogBase] = ["e", "2"] if level == 1 else ["e", "2", "10"]
    source, goal = stream.sample(bases, 2)
    if level == 1:
        return Parameters(stream.decimal(2, 400, places=2), source, goal)
    if level == 2:
        return Parameters(stream.decimal(20, 9999, places=3), source, goal)
    return Parameters(Decimal(stream.integer(101, 9999)).scaleb(-stream.integer(1, 6)), source, goal)


def truth(p: Parameters) -> Values:
    return {"converted": engine.convert_information(p.loss, from_base=p.from_base, to_base=p.to_base)}


def factor_inverted(p: Parameters) -> float:
    return float(p.loss) / p.factor


def not_converted(p: Parameters) -> float:
    return float(p.loss)


def another_unit(p: Parameters) -> float:
    return float(p.loss) * ln(NUMBER[p.from_base]) / ln(NUMBER[p.third_base])


def exponentiated(p: Parameters) -> list[float]:
    return [power(p.from_base, exponent) for exponent in (-p.loss, p.loss)]


def check(p: Parameters) -> None:
    if p.from_base == p.to_base:
        raise ParameterError("/to_base", "same-base", other="from_base")


def expression(p: Parameters) -> dict[str, str]:
    return {"converted": f"({p.loss})*ln({p.from_base})/ln({p.to_base})"}


def working(p: Parameters) -> dict[str, object]:
    return {"factor": p.factor, "inverse": 1 / p.factor}


def fallback(loss: str, from_base: LogBase, to_base: LogBase) -> Parameters:
    return read_parameters(Parameters, {"loss": loss, "from_base": from_base, "to_base": to_base})


FAMILY = Family(
    slug="nats-and-bits",
    version=1,
    topic="information",
    package=__package__,
    levels={1: Level(30), 2: Level(45), 3: Level(45)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("converted", in_log_units=True, unit_fixed=True),),
    truth=truth,
    convention=lambda p: Convention(log_base=p.to_base),
    misconceptions=(
        Misconception("factor-inverted", factor_inverted, "converted"),
        Misconception("not-converted", not_converted, "converted"),
        Misconception("another-unit", another_unit, "converted"),
        Misconception("exponentiated", exponentiated, "converted"),
    ),
    expression=expression,
    working=working,
    fallbacks={1: fallback("2.5", "e", "2"), 2: fallback("1.234", "2", "e"), 3: fallback("0.0567", "10", "2")},
    variants=5_000,  # a lower bound: a third of the drawings come from the 798 of level 1
)
