"""The loss of a one-hot target: minus the logarithm of the probability that the prediction gives to the true class."""

from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, Distribution, OneHot, one_hot, read_parameters, same_length
from quiz_bank.problem import Convention, Family, Level, LogBase, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    prediction: Distribution
    target: OneHot
    log_base: Base = "e"

    @property
    def true_class(self) -> int:
        return self.target.index(1)

    @property
    def true_probability(self) -> float:
        return float(self.prediction[self.true_class])


def draw(stream: Stream, level: int) -> Parameters:
    classes = stream.integer(*{1: (2, 3), 2: (3, 5), 3: (4, 6)}[level])
    prediction = stream.distribution(classes, places=3 if level == 3 else 2, minimum=2)
    base: LogBase = stream.choice(["2", "10"]) if level == 3 else "e"
    return Parameters(prediction, one_hot(stream.integer(0, classes - 1), classes), base)


def truth(p: Parameters) -> Values:
    return {"loss": engine.cross_entropy(p.target, p.prediction, log_base=p.log_base)}


def convention(p: Parameters) -> Convention:
    both_zero = any(y == q == 0 for y, q in zip(p.target, p.prediction, strict=True))
    return Convention(log_base=p.log_base, zero_log_zero="0" if both_zero else None)


def wrong_class(p: Parameters) -> list[float]:
    return [-log(q, p.log_base) for q, y in zip(p.prediction, p.target, strict=True) if y != 1]


def mean_over_classes(p: Parameters) -> float:
    return -log(p.true_probability, p.log_base) / len(p.prediction)


def all_classes(p: Parameters) -> float:
    return -sum(log(q if y == 1 else 1 - q, p.log_base) for q, y in zip(p.prediction, p.target, strict=True))


def complement(p: Parameters) -> float:
    return 1 - p.true_probability


def expression(p: Parameters) -> dict[str, str]:
    function = {"e": "ln", "2": "log2", "10": "log10"}[p.log_base]
    return {"loss": f"-{function}({p.prediction[p.true_class]})"}


def working(p: Parameters) -> dict[str, object]:
    return {
        "true_probability": p.prediction[p.true_class],
        "position": p.true_class + 1,
        "nats": -log(p.true_probability, "e"),
    }


def preset(prediction: list[str], position: int) -> Parameters:
    target = [str(int(i == position - 1)) for i in range(len(prediction))]
    return read_parameters(Parameters, {"prediction": prediction, "target": target})


PRESETS = {
    "mock-question": preset(["0.7", "0.2", "0.1"], 1),
    "forest-dog": preset(["0.1", "0.2", "0.7"], 3),
    "animals-early": preset(["0.40", "0.30", "0.05", "0.05", "0.20"], 1),
    "animals-late": preset(["0.98", "0.005", "0.005", "0.005", "0.005"], 1),
    "weather-a": preset(["0.9", "0.1"], 1),
    "weather-b": preset(["0.6", "0.4"], 1),
}

FAMILY = Family(
    slug="cross-entropy-one-hot",
    version=1,
    topic="cross-entropy",
    package=__package__,
    levels={1: Level(45), 2: Level(60), 3: Level(90)},
    parameters=Parameters,
    check=lambda p: same_length(p, "prediction", "target"),
    draw=draw,
    parts=(PartSpec("loss", in_log_units=True),),
    truth=truth,
    convention=convention,
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("complement", complement, "loss"),
        Misconception("wrong-class", wrong_class, "loss"),
        Misconception("mean-over-classes", mean_over_classes, "loss"),
        Misconception("all-classes", all_classes, "loss"),
    ),
    expression=expression,
    working=working,
    presets=PRESETS,
    preset_levels=dict.fromkeys(PRESETS, 2),
    fallbacks={1: PRESETS["mock-question"], 2: PRESETS["mock-question"], 3: PRESETS["animals-early"]},
    variants=100_000,  # a lower bound: the predictions of five classes alone are millions
)
