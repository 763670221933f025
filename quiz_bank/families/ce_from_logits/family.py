"""The loss of a class straight from the logits: logsumexp of all of them, less the logit of the true class."""

from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, less, logsumexp, softmax, stable_steps
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import ClassIndex, Logits, index_within, read_parameters
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    target: ClassIndex

    @property
    def true_logit(self) -> float:
        return float(self.logits[self.target])


def draw(stream: Stream, level: int) -> Parameters:
    logits = draw_logits(stream, level)
    return Parameters(logits, stream.integer(0, len(logits) - 1))


def truth(p: Parameters) -> Values:
    return {"loss": engine.cross_entropy_from_logits(p.logits, p.target)}


def softmax_twice(p: Parameters) -> float:
    return -ln(softmax(softmax(p.logits))[p.target])


def logit_as_log_probability(p: Parameters) -> float:
    return -p.true_logit


def logsumexp_alone(p: Parameters) -> float:
    return logsumexp(p.logits)


def true_class_left_out(p: Parameters) -> float:
    others = [z for k, z in enumerate(p.logits) if k != p.target]
    return logsumexp(others) - p.true_logit


def wrong_class(p: Parameters) -> list[float]:
    return [logsumexp(p.logits) - float(z) for k, z in enumerate(p.logits) if k != p.target]


def complement(p: Parameters) -> float:
    return 1 - softmax(p.logits)[p.target]


def expression(p: Parameters) -> dict[str, str]:
    gaps = [less(z, p.logits[p.target]) for z in p.logits]
    return {"loss": "ln(" + "+".join(f"exp({gap})" for gap in gaps) + ")"}


def working(p: Parameters) -> dict[str, object]:
    return {**stable_steps(p.logits), "gap": less(max(p.logits), p.logits[p.target])}


def preset(*logits: str) -> Parameters:
    return read_parameters(Parameters, {"logits": logits, "target": 0})


PRESETS = {
    "three-routes": preset("2", "1", "0.1"),
    "article-correct": preset("5", "1", "0.5"),
    "article-close": preset("2", "1.8", "0.5"),
    "article-wrong": preset("0.5", "1", "5"),
}

FAMILY = Family(
    slug="ce-from-logits",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(60), 2: Level(90), 3: Level(150), 4: Level(120)},
    parameters=Parameters,
    check=lambda p: index_within(p, "target", "logits"),
    draw=draw,
    parts=(PartSpec("loss", in_log_units=True),),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("softmax-twice", softmax_twice, "loss"),
        Misconception("logit-as-log-probability", logit_as_log_probability, "loss"),
        Misconception("logsumexp-alone", logsumexp_alone, "loss"),
        Misconception("true-class-left-out", true_class_left_out, "loss"),
        Misconception("wrong-class", wrong_class, "loss"),
        Misconception("complement", complement, "loss"),
    ),
    expression=expression,
    working=working,
    presets=PRESETS,
    preset_levels=dict.fromkeys(PRESETS, 2),
    fallbacks=dict.fromkeys((1, 2, 3, 4), PRESETS["three-routes"]),
    variants=DRAWN_AT_LEAST,
)
