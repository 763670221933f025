"""What a classifier's loss should be before it has learned anything, and how often it is right by chance."""

from dataclasses import dataclass, replace
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_classes import DRAWN_AT_LEAST, Classes, draw_classes
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, read_parameters
from quiz_bank.problem import Carry, Convention, Family, Level, LogBase, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    classes: Classes
    log_base: Base = "e"


def draw(stream: Stream, level: int) -> Parameters:
    base: LogBase = stream.choice(["e", "2"]) if level == 3 else "e"
    return Parameters(draw_classes(stream, level), base)


def truth(p: Parameters) -> Values:
    chance = Fraction(1, p.classes)
    return {"accuracy": float(chance), "loss": engine.surprisal(chance, log_base=p.log_base)}


def error_rate(p: Parameters) -> float:
    return 1 - 1 / p.classes


def percent_as_a_number(p: Parameters) -> float:
    return 100 / p.classes


def coin_flip(_: Parameters) -> float:
    return 0.5


def chance_for_loss(p: Parameters) -> float:
    return 1 / p.classes


def mean_over_classes(p: Parameters) -> float:
    return log(p.classes, p.log_base) / p.classes


def binary_losses_summed(p: Parameters) -> float:
    return p.classes * log(2, p.log_base)


def loss_from_accuracy(p: Parameters, own: Values) -> float:
    (accuracy,) = components(own["accuracy"])
    return -log(accuracy, p.log_base)


def expression(p: Parameters) -> dict[str, str]:
    function = {"e": "ln", "2": "log2", "10": "log10"}[p.log_base]
    return {"accuracy": f"1/{p.classes}", "loss": f"{function}({p.classes})"}


PRESETS = {
    "digits": read_parameters(Parameters, {"classes": 10}),
    "imagenet": read_parameters(Parameters, {"classes": 1000}),
    "vocabulary": read_parameters(Parameters, {"classes": 50257}),
}

FAMILY = Family(
    slug="initial-loss",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(45), 2: Level(45), 3: Level(60)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("accuracy"), PartSpec("loss", in_log_units=True)),
    truth=truth,
    convention=lambda p: Convention(log_base=p.log_base),
    misconceptions=(
        WRONG_LOG_BASE,
        replace(SIGN_FLIPPED, parts=("loss",)),
        Misconception("error-rate", error_rate, "accuracy"),
        Misconception("percent-as-a-number", percent_as_a_number, "accuracy"),
        Misconception("coin-flip", coin_flip, "accuracy"),
        Misconception("error-rate", error_rate, "loss"),
        Misconception("chance-for-loss", chance_for_loss, "loss"),
        Misconception("mean-over-classes", mean_over_classes, "loss"),
        Misconception("binary-losses-summed", binary_losses_summed, "loss"),
    ),
    carried=(Carry("loss", ("accuracy",), loss_from_accuracy),),
    expression=expression,
    presets=PRESETS,
    preset_levels={"digits": 1, "imagenet": 2, "vocabulary": 3},
    fallbacks={1: PRESETS["digits"], 2: PRESETS["imagenet"], 3: PRESETS["vocabulary"]},
    variants=DRAWN_AT_LEAST,
)
