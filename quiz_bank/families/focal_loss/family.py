"""Focal loss: cross-entropy times (1 − p_t)^γ, with and without class weights α, of a sigmoid or of a softmax."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final, TypeAlias, get_args

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import draw_logits, logsumexp, sigmoid, softmax
from quiz_bank.families.on_one_logit import softplus
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE
from quiz_bank.parameters import (
    BinaryLogits,
    ClassIndex,
    Field,
    NonNegative,
    ParameterError,
    Weights,
    read_parameters,
    same_length,
    show,
)
from quiz_bank.problem import Convention, Exact, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

_WEIGHTS: Final[Field] = get_args(Weights)[-1]
Alpha: TypeAlias = Annotated[
    tuple[Exact, ...],
    Field(lambda raw, at: () if raw in ([], ()) else _WEIGHTS.read(raw, at), {**_WEIGHTS.schema, "minItems": 0}),
]
"""Empty for no weights; else one for each logit."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """One logit is that of label 1 against label 0, through a sigmoid; several go through a softmax."""

    logits: BinaryLogits
    target: ClassIndex
    gamma: NonNegative
    alpha: Alpha = ()

    @property
    def binary(self) -> bool:
        return len(self.logits) == 1

    @property
    def probabilities(self) -> tuple[float, ...]:
        """The probability of each class, label 0 first."""
        return (sigmoid(-self.logits[0]), sigmoid(self.logits[0])) if self.binary else softmax(self.logits)

    @property
    def hit(self) -> float:
        return self.probabilities[self.target]

    @property
    def surprisal(self) -> float:
        """The cross-entropy."""
        if self.binary:
            return softplus(-self.logits[0] if self.target else self.logits[0])
        return logsumexp(self.logits) - float(self.logits[self.target])

    @property
    def miss(self) -> float:
        return sum(q for k, q in enumerate(self.probabilities) if k != self.target)

    @property
    def weights(self) -> tuple[Exact, ...]:
        """The weight of each class, label 0 first."""
        if not self.alpha:
            return (Decimal(1),) * len(self.probabilities)
        return (1 - self.alpha[0], self.alpha[0]) if self.binary else self.alpha

    @property
    def weight(self) -> float:
        return float(self.weights[self.target])


def draw(stream: Stream, level: int) -> Parameters:
    gamma = Decimal(stream.choice(("1", "2", "3") if level < 3 else ("0.5", "1.5", "2", "2.5", "3.5")))
    if level <= 2:
        alpha = (stream.choice((Decimal("0.25"), Decimal("0.75"), Decimal("0.3"), Decimal("0.8"))),) if level == 2 else ()
        return Parameters((stream.decimal(-250, 250, 2),), stream.integer(0, 1), gamma, alpha)
    logits = draw_logits(stream, 2)
    weights = stream.decimals(len(logits), 10, 100, 2) if stream.integer(0, 1) else ()
    return Parameters(logits, stream.integer(0, len(logits) - 1), gamma, weights)


def truth(p: Parameters) -> Values:
    if p.binary:
        alpha = p.alpha[0] if p.alpha else None
        return {"loss": engine.focal_loss_from_logit(p.target, p.logits[0], gamma=p.gamma, alpha=alpha)}
    return {"loss": engine.focal_loss_from_logits(p.logits, p.target, gamma=p.gamma, class_weights=p.alpha or None)}


def focused(p: Parameters) -> float:
    """Return the loss without a weight."""
    return float(p.miss ** float(p.gamma)) * p.surprisal


def factor_of_hits(p: Parameters) -> float:
    return p.weight * float(p.hit ** float(p.gamma)) * p.surprisal


def logarithm_forgotten(p: Parameters) -> float:
    return p.weight * float(p.miss ** float(p.gamma))


def focusing_forgotten(p: Parameters) -> float:
    return p.weight * p.surprisal


def alpha_of_wrong_class(p: Parameters) -> list[float]:
    return [float(w) * focused(p) for k, w in enumerate(p.weights) if k != p.target] if p.alpha else []


def alpha_forgotten(p: Parameters) -> list[float]:
    return [focused(p)] if p.alpha else []


def check(p: Parameters) -> None:
    if p.target >= len(p.probabilities):
        raise ParameterError("/target", "index-out-of-range", other="logits", last=len(p.probabilities) - 1)
    if p.alpha:
        same_length(p, "logits", "alpha")
    if p.binary and p.alpha and p.alpha[0] > 1:
        raise ParameterError("/alpha/0", "probability-range", number=show(p.alpha[0]))


def working(p: Parameters) -> dict[str, object]:
    return {
        "binary": p.binary,
        "hit": p.hit,
        "miss": p.miss,
        "weight": p.weights[p.target],
        "factor": float(p.miss ** float(p.gamma)),
        "surprisal": p.surprisal,
    }


def preset(logits: list[str], target: int, gamma: str, *alpha: str) -> Parameters:
    return read_parameters(Parameters, {"logits": logits, "target": target, "gamma": gamma, "alpha": alpha})


PRESETS = {"article-focal": preset(["5", "0", "0"], 0, "2"), "paper-default": preset(["1.5"], 1, "2", "0.25")}

FAMILY = Family(
    slug="focal-loss",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(120), 2: Level(150), 3: Level(180)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("loss", in_log_units=True),),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("factor-of-hits", factor_of_hits, "loss"),
        Misconception("logarithm-forgotten", logarithm_forgotten, "loss"),
        Misconception("focusing-forgotten", focusing_forgotten, "loss"),
        Misconception("alpha-of-wrong-class", alpha_of_wrong_class, "loss"),
        Misconception("alpha-forgotten", alpha_forgotten, "loss"),
    ),
    working=working,
    presets=PRESETS,
    preset_levels={"article-focal": 3, "paper-default": 2},
    fallbacks={1: preset(["1.5"], 1, "2"), 2: PRESETS["paper-default"], 3: PRESETS["article-focal"]},
    variants=3_000,  # a lower bound: level 1 has 501 logits, two labels and three exponents
)
