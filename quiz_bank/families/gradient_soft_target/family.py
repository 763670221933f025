"""The gradient of softmax and cross-entropy for a soft target, by the logits: p − t, as for a hard one."""

import math
from dataclasses import dataclass
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, softmax, stable_steps
from quiz_bank.misconceptions import SIGN_FLIPPED
from quiz_bank.parameters import Distribution, Logits, read_parameters, same_length
from quiz_bank.problem import Convention, Exact, Family, Identity, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream

# ε of label smoothing over all K classes whose ε/K is a short decimal
EPSILONS = {3: ("0.03", "0.15", "0.3"), 4: ("0.04", "0.1", "0.2"), 5: ("0.05", "0.1", "0.2")}


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    target: Distribution


def draw(stream: Stream, level: int) -> Parameters:
    logits = draw_logits(stream, level)
    made = smoothed if level > 1 and stream.integer(0, 1) else mixup
    return Parameters(logits, made(stream, len(logits)))


def mixup(stream: Stream, classes: int) -> tuple[Exact, ...]:
    """Return a target that blends two classes, never half and half."""
    share = Decimal(stream.choice(("0.6", "0.7", "0.75", "0.8", "0.9")))
    blended = dict(zip(stream.sample(range(classes), 2), (share, 1 - share), strict=True))
    return tuple(blended.get(k, Decimal(0)) for k in range(classes))


def smoothed(stream: Stream, classes: int) -> tuple[Exact, ...]:
    """Return a one-hot target after label smoothing over all classes."""
    epsilon, true_class = Decimal(stream.choice(EPSILONS[classes])), stream.integer(0, classes - 1)
    return tuple(epsilon / classes + (1 - epsilon if k == true_class else 0) for k in range(classes))


def truth(p: Parameters) -> Values:
    return {"gradient": engine.gradient_logits(p.logits, p.target)}


def less(prediction: Vector, target: tuple[Exact, ...]) -> Vector:
    return tuple(q - float(t) for q, t in zip(prediction, target, strict=True))


def hard_label_only(p: Parameters) -> Vector | list[float]:
    """Subtract 1 at the target's likeliest class, where there is one."""
    top = max(p.target)
    hard = tuple(Decimal(int(t == top)) for t in p.target)
    return less(softmax(p.logits), hard) if sum(hard) == 1 and top < 1 else []


def probabilities_only(p: Parameters) -> Vector:
    return softmax(p.logits)


def ratio_of_target_and_probability(p: Parameters) -> Vector:
    return tuple(-float(t) / q for t, q in zip(p.target, softmax(p.logits), strict=True))


def jacobian_diagonal_only(p: Parameters) -> Vector:
    return tuple(-float(t) * (1 - q) for t, q in zip(p.target, softmax(p.logits), strict=True))


def logits_minus_target(p: Parameters) -> Vector:
    return less(tuple(map(float, p.logits)), p.target)


def softmax_twice(p: Parameters) -> Vector:
    return less(softmax(softmax(p.logits)), p.target)


def total(_: Parameters, own: Values) -> float:
    return math.fsum(components(own["gradient"]))


def working(p: Parameters) -> dict[str, object]:
    return {**stable_steps(p.logits), "softmax": softmax(p.logits)}


def preset(*target: str) -> Parameters:
    return read_parameters(Parameters, {"logits": ["2", "1", "0.1"], "target": target})


PRESETS = {"mixup": preset("0.7", "0.3", "0"), "smoothed": preset("14/15", "1/30", "1/30")}

FAMILY = Family(
    slug="gradient-soft-target",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(120), 2: Level(150), 3: Level(210)},
    parameters=Parameters,
    check=lambda p: same_length(p, "logits", "target"),
    draw=draw,
    parts=(PartSpec("gradient", "vector"),),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        SIGN_FLIPPED,
        Misconception("hard-label-only", hard_label_only, "gradient"),
        Misconception("probabilities-only", probabilities_only, "gradient"),
        Misconception("ratio-of-target-and-probability", ratio_of_target_and_probability, "gradient"),
        Misconception("jacobian-diagonal-only", jacobian_diagonal_only, "gradient"),
        Misconception("logits-minus-target", logits_minus_target, "gradient"),
        Misconception("softmax-twice", softmax_twice, "gradient"),
    ),
    identities=(Identity("sum-to-zero", ("gradient",), total),),
    working=working,
    presets=PRESETS,
    preset_levels=dict.fromkeys(PRESETS, 2),
    fallbacks=dict.fromkeys((1, 2, 3), PRESETS["mixup"]),
    variants=DRAWN_AT_LEAST,
)
