"""Why not squared error: its gradient through a sigmoid against that of binary cross-entropy, and their ratio."""

from dataclasses import dataclass, replace

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import sigmoid
from quiz_bank.misconceptions import SIGN_FLIPPED
from quiz_bank.parameters import Label, Real, read_parameters
from quiz_bank.problem import Carry, Convention, Family, Level, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream

STEPS = {1: (2, 60, 5), 2: (200, 700, 1), 3: (700, 1500, 1)}
"""The size of the logit at each level: so many steps, from and to, of so many hundredths."""


@dataclass(frozen=True, slots=True)
class Parameters:
    logit: Real
    target: Label

    @property
    def error(self) -> float:
        """σ(z) − y, without the cancellation."""
        return -sigmoid(-self.logit) if self.target else sigmoid(self.logit)

    @property
    def slope(self) -> float:
        """σ′(z)."""
        return sigmoid(self.logit) * sigmoid(-self.logit)


def draw(stream: Stream, level: int) -> Parameters:
    low, high, hundredths = STEPS[level]
    size = stream.decimal(low, high, 2) * hundredths
    return Parameters(stream.choice((-1, 1)) * size, stream.integer(0, 1))


def truth(p: Parameters) -> Values:
    return {
        "mse_gradient": engine.gradient_mse_sigmoid(p.target, p.logit),
        "bce_gradient": engine.gradient_bce_logit(p.target, p.logit),
        "ratio": engine.ratio_mse_bce_gradient(p.logit),
    }


def sigma_prime_forgotten(p: Parameters) -> float:
    return 2 * p.error


def error_times_slope(p: Parameters) -> float:
    return p.error * p.slope


def loss_for_gradient(p: Parameters) -> float:
    return p.error**2


def gradient_by_probability(p: Parameters) -> float:
    return p.error / p.slope


def half_the_ratio(p: Parameters) -> float:
    return p.slope


def ratio_inverted(p: Parameters) -> float:
    return 1 / (2 * p.slope)


def ratio_of_own(_: Parameters, own: Values) -> float:
    (mse,), (bce,) = components(own["mse_gradient"]), components(own["bce_gradient"])
    return mse / bce


def working(p: Parameters) -> dict[str, object]:
    return {"sigma": sigmoid(p.logit), "not_sigma": sigmoid(-p.logit), "slope": p.slope}


PRESETS = {
    "saturated-right": read_parameters(Parameters, {"logit": "10", "target": 1}),
    "saturated-wrong": read_parameters(Parameters, {"logit": "-10", "target": 1}),
}

FAMILY = Family(
    slug="mse-sigmoid-gradient",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(120), 2: Level(150), 3: Level(150)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("mse_gradient"), PartSpec("bce_gradient"), PartSpec("ratio")),
    truth=truth,
    convention=lambda _: Convention(),
    misconceptions=(
        replace(SIGN_FLIPPED, parts=("mse_gradient", "bce_gradient")),
        Misconception("sigma-prime-forgotten", sigma_prime_forgotten, "mse_gradient"),
        Misconception("factor-two-forgotten", error_times_slope, "mse_gradient"),
        Misconception("loss-for-gradient", loss_for_gradient, "mse_gradient"),
        Misconception("sigma-prime-left-in", error_times_slope, "bce_gradient"),
        Misconception("gradient-by-probability", gradient_by_probability, "bce_gradient"),
        Misconception("factor-two-forgotten", half_the_ratio, "ratio"),
        Misconception("ratio-inverted", ratio_inverted, "ratio"),
    ),
    carried=(Carry("ratio", ("mse_gradient", "bce_gradient"), ratio_of_own),),
    working=working,
    presets=PRESETS,
    preset_levels=dict.fromkeys(PRESETS, 3),
    fallbacks=dict.fromkeys((1, 2, 3), PRESETS["saturated-wrong"]),
    variants=2 * 2 * 801,
)
