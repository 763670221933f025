"""From a logit to a probability with the sigmoid, and from a probability to a logit with its inverse."""

import math
from dataclasses import dataclass, replace
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import sigmoid
from quiz_bank.families.on_one_logit import draw_logit
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import Probability, Real, read_parameters
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

RECOGNISABLE = ("0.01", "0.05", "0.1", "0.2", "0.25", "0.4", "0.6", "0.75", "0.8", "0.9", "0.95", "0.99")
SMALL = 0.04
"""Of a probability: next to it, p and p/(1 − p) agree at the digits that are asked for."""


@dataclass(frozen=True, slots=True)
class Parameters:
    logit: Real
    probability: Probability

    @property
    def odds(self) -> float:
        return float(self.probability) / float(1 - self.probability)


def draw(stream: Stream, level: int) -> Parameters:
    if level == 1:
        return Parameters(draw_logit(stream, 20, 300, 2), Decimal(stream.choice(RECOGNISABLE)))
    if level == 2:
        return Parameters(
            draw_logit(stream, 50, 500, 2), stream.decimal(20, 480, 3) + stream.choice((Decimal(0), Decimal("0.5")))
        )
    rare = stream.decimal(5, 200, 4)
    return Parameters(-stream.decimal(50, 120, 1), stream.choice((rare, 1 - rare)))


def truth(p: Parameters) -> Values:
    return {"sigmoid": engine.sigmoid(p.logit), "logit_of_p": engine.logit(p.probability)}


def sign_of_the_exponent(p: Parameters) -> float:
    return sigmoid(-p.logit)


def odds_for_probability(p: Parameters) -> list[float]:
    return [math.exp(p.logit)] if sigmoid(p.logit) > SMALL else []


def reciprocal_forgotten(p: Parameters) -> float:
    return 1 + math.exp(-p.logit)


def hyperbolic_tangent(p: Parameters) -> float:
    return math.tanh(p.logit)


def powers_of_ten(p: Parameters) -> float:
    return sigmoid(float(p.logit) * math.log(10))


def odds_for_log_odds(p: Parameters) -> float:
    return p.odds


def log_of_probability(p: Parameters) -> list[float]:
    return [ln(p.probability)] if p.probability > SMALL else []


def sigmoid_for_logit(p: Parameters) -> float:
    return sigmoid(p.probability)


def expression(p: Parameters) -> dict[str, str]:
    if p.probability in (0, 1):
        return {"sigmoid": f"sigmoid({p.logit})"}
    return {"sigmoid": f"sigmoid({p.logit})", "logit_of_p": f"ln(({p.probability})/({1 - p.probability}))"}


def working(p: Parameters) -> dict[str, object]:
    certain = p.probability == 1
    return {
        "exponent": -p.logit,
        "power": math.inf if p.logit < -700 else math.exp(-p.logit),
        "not_probability": 1 - p.probability,
        "odds": math.inf if certain else p.odds,
    }


def fallback(logit: str, probability: str) -> Parameters:
    return read_parameters(Parameters, {"logit": logit, "probability": probability})


FAMILY = Family(
    slug="sigmoid-logit",
    version=1,
    topic="binary-and-multi-label",
    package=__package__,
    levels={1: Level(60), 2: Level(75), 3: Level(75)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("sigmoid"), PartSpec("logit_of_p", in_log_units=True)),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        Misconception("sign-of-the-exponent", sign_of_the_exponent, "sigmoid"),
        Misconception("odds-for-probability", odds_for_probability, "sigmoid"),
        Misconception("reciprocal-forgotten", reciprocal_forgotten, "sigmoid"),
        Misconception("hyperbolic-tangent", hyperbolic_tangent, "sigmoid"),
        Misconception("powers-of-ten", powers_of_ten, "sigmoid"),
        replace(WRONG_LOG_BASE, parts=("logit_of_p",)),
        replace(SIGN_FLIPPED, parts=("logit_of_p",)),
        Misconception("odds-for-log-odds", odds_for_log_odds, "logit_of_p"),
        Misconception("log-of-probability", log_of_probability, "logit_of_p"),
        Misconception("sigmoid-for-logit", sigmoid_for_logit, "logit_of_p"),
    ),
    expression=expression,
    working=working,
    fallbacks={1: fallback("2", "0.8"), 2: fallback("-2.5", "0.35"), 3: fallback("-9", "0.999")},
    variants=2 * 281 * 12,  # those of level 1, the fewest
)
