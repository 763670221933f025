"""Which prediction has the lowest loss, and by how much: the logarithm of a ratio of two probabilities."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_averages import FUNCTION
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, ClassIndex, DistributionRows, ParameterError, read_parameters
from quiz_bank.problem import ChoiceSpec, Convention, Exact, Family, Language, Level, LogBase, Misconception, PartSpec, Truths
from quiz_bank.sampling import Stream
from quiz_bank.texts.templates import load

FORECASTERS: Final = ("first", "second", "third")
"""The codes of the options: the forecasters in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Parameters:
    predictions: DistributionRows
    target: ClassIndex
    log_base: Base = "e"

    @property
    def hits(self) -> list[Exact]:
        """The probability that each forecaster gave to what happened."""
        return [row[self.target] for row in self.predictions]

    @property
    def ranked(self) -> list[int]:
        """The forecasters, best first."""
        return sorted(range(len(self.hits)), key=lambda i: -self.hits[i])

    def top_is_right(self, forecaster: int) -> bool:
        return max(self.predictions[forecaster]) == self.hits[forecaster]


def draw(stream: Stream, level: int) -> Parameters:
    base: LogBase = stream.choice(("2", "10")) if level == 3 else "e"
    classes = 3 if level == 1 else 4
    predictions = tuple(stream.distribution(classes, minimum=3) for _ in range(3 if level == 3 else 2))
    return Parameters(predictions, stream.integer(0, classes - 1), base)


def too_close(p: Parameters) -> bool:
    """Say whether two losses are so near each other that rounding them first would change the answer."""
    best, second = (float(p.hits[i]) for i in p.ranked[:2])
    return best < 1.25 * second


def check(p: Parameters) -> None:
    if not 2 <= len(p.predictions) <= len(FORECASTERS):
        raise ParameterError("/predictions", "list-length", length=len(p.predictions), least=2, most=len(FORECASTERS))
    if len({len(row) for row in p.predictions}) > 1:
        raise ParameterError("/predictions", "rows-differ")
    if p.target >= len(p.predictions[0]):
        raise ParameterError("/target", "index-out-of-range", other="predictions", last=len(p.predictions[0]) - 1)
    best, second = (p.hits[i] for i in p.ranked[:2])
    if best == second:
        raise ParameterError("/predictions", "tie")


def truth(p: Parameters) -> Truths:
    best, second = (Fraction(p.hits[i]) for i in p.ranked[:2])
    return {"best": (FORECASTERS[p.ranked[0]],), "difference": engine.surprisal(second / best, log_base=p.log_base)}


def losses(p: Parameters) -> list[float]:
    return [-log(q, p.log_base) for q in p.hits]


def one_loss_only(p: Parameters) -> list[float]:
    return [losses(p)[i] for i in p.ranked[:2]]


def difference_of_probabilities(p: Parameters) -> float:
    best, second = p.ranked[:2]
    return float(p.hits[best]) - float(p.hits[second])


def ratio_for_difference(p: Parameters) -> list[float]:
    best, second = p.ranked[:2]
    return [float(p.hits[best]) / float(p.hits[second]), losses(p)[second] / losses(p)[best]]


def wrong_class(p: Parameters) -> list[float]:
    best, second = (p.predictions[i] for i in p.ranked[:2])
    others = [k for k in range(len(best)) if k != p.target]
    return [abs(log(best[k], p.log_base) - log(second[k], p.log_base)) for k in others if best[k] != second[k]]


def worst_for_second(p: Parameters) -> list[float]:
    return [losses(p)[p.ranked[-1]] - losses(p)[p.ranked[0]]] if len(p.hits) > 2 else []


def expression(p: Parameters) -> dict[str, str]:
    best, second = p.ranked[:2]
    return {"difference": f"{FUNCTION[p.log_base]}(({p.hits[best]})/({p.hits[second]}))"}


def working(p: Parameters) -> dict[str, object]:
    best, second = p.ranked[:2]
    return {
        "hits": p.hits,
        "losses": losses(p),
        "number": best + 1,
        "best_hit": p.hits[best],
        "second_hit": p.hits[second],
        "misled": any(p.top_is_right(i) for i in p.ranked[1:]) and not p.top_is_right(best),
    }


def say(p: Parameters, key: str, language: Language) -> str | None:
    """Return why another forecaster may look like the best one."""
    kind, _, code = key.partition(" ")
    if kind != "why" or code not in FORECASTERS:
        return None
    return load(__package__, language).render("another-forecaster", {"top": p.top_is_right(FORECASTERS.index(code))})


WEATHER = read_parameters(Parameters, {"predictions": [["0.9", "0.1"], ["0.6", "0.4"]], "target": 0})

FAMILY = Family(
    slug="which-forecaster",
    version=1,
    topic="cross-entropy",
    package=__package__,
    levels={1: Level(60), 2: Level(60), 3: Level(90)},
    parameters=Parameters,
    check=check,
    draw=draw,
    degenerate=too_close,
    parts=(ChoiceSpec("best"), PartSpec("difference", in_log_units=True)),
    truth=truth,
    options=lambda p: {"best": FORECASTERS[: len(p.predictions)]},
    say=say,
    convention=lambda p: Convention(log_base=p.log_base),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("difference-of-probabilities", difference_of_probabilities, "difference"),
        Misconception("wrong-class", wrong_class, "difference"),
        Misconception("worst-for-second", worst_for_second, "difference"),
        Misconception("one-loss-only", one_loss_only, "difference"),
        Misconception("ratio-for-difference", ratio_for_difference, "difference"),
    ),
    expression=expression,
    working=working,
    presets={"weather": WEATHER},
    preset_levels={"weather": 1},
    fallbacks=dict.fromkeys((1, 2, 3), WEATHER),
    variants=100_000,  # a lower bound: one distribution of three classes has 4,278
)
