"""Softmax over two logits is the sigmoid of their difference, and its cross-entropy is the binary one."""

from dataclasses import dataclass, replace
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import less, sigmoid
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import Label, Logits, ParameterError, read_parameters
from quiz_bank.problem import Carry, Convention, Exact, Family, Level, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    target: Label

    @property
    def difference(self) -> Exact:
        return less(self.logits[1], self.logits[0])

    @property
    def sum(self) -> float:
        return float(self.logits[0]) + float(self.logits[1])


def draw(stream: Stream, level: int) -> Parameters:
    if level == 1:
        logits = tuple(5 * half for half in stream.decimals(2, -8, 10, places=1))
    else:
        logits = stream.decimals(2, -4 * 10 ** (level - 1), 5 * 10 ** (level - 1), places=level - 1)
    return Parameters(logits, stream.integer(0, 1))


def truth(p: Parameters) -> Values:
    return {
        "logit": float(Fraction(p.difference)),
        "probability": engine.softmax(p.logits)[1],
        "loss": engine.cross_entropy_from_logits(p.logits, p.target),
    }


def logit_of_class_one(p: Parameters) -> float:
    return float(p.logits[1])


def sum_of_logits(p: Parameters) -> float:
    return p.sum


def difference_reversed(p: Parameters) -> float:
    return sigmoid(-p.difference)


def sigmoid_of_class_one(p: Parameters) -> float:
    return sigmoid(p.logits[1])


def sigmoid_of_the_sum(p: Parameters) -> float:
    return sigmoid(p.sum)


def normalised_logits(p: Parameters) -> float:
    return float(p.logits[1]) / p.sum


def wrong_class(p: Parameters) -> float:
    return -ln(sigmoid(p.difference if p.target == 0 else -p.difference))


def two_sigmoids(p: Parameters) -> float:
    """Return the loss of two independent outputs, one for each class."""
    return -sum(ln(sigmoid(z if k == p.target else -z)) for k, z in enumerate(p.logits))


def complement(p: Parameters) -> float:
    return sigmoid(p.difference if p.target == 0 else -p.difference)


def sigmoid_of_own(_: Parameters, own: Values) -> float:
    (logit,) = components(own["logit"])
    return sigmoid(logit)


def loss_from_probability(p: Parameters, own: Values) -> float:
    (probability,) = components(own["probability"])
    return -ln(probability if p.target else 1 - probability)


def loss_from_logit(p: Parameters, own: Values) -> float:
    (logit,) = components(own["logit"])
    return -ln(sigmoid(logit if p.target else -logit))


def check(p: Parameters) -> None:
    if len(p.logits) != 2:
        raise ParameterError("/logits", "two-logits-expected", found=len(p.logits))


def working(p: Parameters) -> dict[str, object]:
    away = p.difference if p.target == 0 else -p.difference
    return {"difference": p.difference, "hit": sigmoid(-away), "away": away}


ONE_AND_A_HALF = read_parameters(Parameters, {"logits": ["0.5", "2"], "target": 1})

FAMILY = Family(
    slug="two-class-equivalence",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(120), 2: Level(150), 3: Level(150)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("logit"), PartSpec("probability"), PartSpec("loss", in_log_units=True)),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        replace(SIGN_FLIPPED, parts=("logit", "loss")),
        Misconception("logit-of-class-one", logit_of_class_one, "logit"),
        Misconception("sum-of-logits", sum_of_logits, "logit"),
        Misconception("difference-reversed", difference_reversed, "probability"),
        Misconception("logit-of-class-one", sigmoid_of_class_one, "probability"),
        Misconception("sum-of-logits", sigmoid_of_the_sum, "probability"),
        Misconception("normalised-logits", normalised_logits, "probability"),
        Misconception("wrong-class", wrong_class, "loss"),
        Misconception("two-sigmoids", two_sigmoids, "loss"),
        Misconception("complement", complement, "loss"),
    ),
    carried=(
        Carry("probability", ("logit",), sigmoid_of_own),
        Carry("loss", ("probability",), loss_from_probability),
        Carry("loss", ("logit",), loss_from_logit),
    ),
    working=working,
    presets={"one-and-a-half": ONE_AND_A_HALF},
    preset_levels={"one-and-a-half": 1},
    fallbacks=dict.fromkeys((1, 2, 3), ONE_AND_A_HALF),
    variants=2 * 91**2,
)
