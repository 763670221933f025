"""What the formula as it stands in the book returns for large logits in floating point, and what is true."""

import math
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import less
from quiz_bank.parameters import ClassIndex, FloatType, Logits, ParameterError, index_within, one_of, read_parameters
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

Quantity = Literal["softmax", "logsumexp", "loss"]

OVERFLOWS: Final = {"float32": 88.73, "float64": 709.79}  # ln of the largest number of the type
UNDERFLOWS: Final = {"float32": -103.98, "float64": -745.14}  # ln of half the smallest one
SPREAD: Final = 4


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    target: ClassIndex
    quantity: Annotated[Quantity, one_of("softmax", "logsumexp", "loss")]
    float_type: FloatType = "float32"

    @property
    def exponentials(self) -> list[float]:
        """What exp returns in the number type: infinite, zero, or 1 in place of any ordinary number."""
        over, under = OVERFLOWS[self.float_type], UNDERFLOWS[self.float_type]
        return [math.inf if z > over else 0.0 if z < under else 1.0 for z in self.logits]


def draw(stream: Stream, level: int) -> Parameters:
    float_type: FloatType = "float32" if level == 1 else "float64"
    sign = -1 if level == 2 and stream.integer(0, 1) else 1
    offset = sign * stream.integer(*{"float32": (110, 400), "float64": (760, 2000)}[float_type])
    small = stream.decimals(3 if level == 3 else stream.integer(2, 3), 0, 10 * SPREAD, places=1)
    shifted = range(len(small)) if level < 3 else stream.sample(range(len(small)), len(small) - 1)
    logits = tuple(offset + z if k in shifted else z for k, z in enumerate(small))
    quantity: Quantity = stream.choice(("softmax", "logsumexp", "loss"))
    return Parameters(logits, stream.choice(list(shifted)), quantity, float_type)


def truth(p: Parameters) -> Values:
    return {"naive": naive(p), "value": true(p)}


def naive(p: Parameters) -> float:
    """Follow the formula in floating point: `check` sees to it that the sum is infinite or zero."""
    total = sum(p.exponentials)
    if p.quantity == "logsumexp":
        return math.inf if total else -math.inf
    own = p.exponentials[p.target]
    share = 0.0 if own < total else math.nan
    return share if p.quantity == "softmax" else (math.inf if share == 0 else math.nan)


def true(p: Parameters) -> float:
    if p.quantity == "softmax":
        return engine.softmax(p.logits)[p.target]
    return engine.logsumexp(p.logits) if p.quantity == "logsumexp" else engine.cross_entropy_from_logits(p.logits, p.target)


def infinity_for_nan(p: Parameters) -> list[float]:
    return [math.inf] if math.isnan(naive(p)) else []


def nan_for_infinity(p: Parameters) -> list[float]:
    return [] if math.isnan(naive(p)) else [math.nan]


def zero(p: Parameters) -> list[float]:
    return [] if naive(p) == 0 else [0.0]


def largest_logit_only(p: Parameters) -> float:
    largest = float(max(p.logits))
    return {"softmax": 1.0, "logsumexp": largest, "loss": largest - float(p.logits[p.target])}[p.quantity]


def check(p: Parameters) -> None:
    index_within(p, "target", "logits")
    if 0 < sum(p.exponentials) < math.inf:
        raise ParameterError("/logits", "no-overflow", float_type=p.float_type, limit=OVERFLOWS[p.float_type])


def working(p: Parameters) -> dict[str, object]:
    largest = max(p.logits)
    shifted = tuple(less(z, largest) for z in p.logits)
    return {
        "largest": largest,
        "shifted": shifted,
        "shifted_sum": math.fsum(math.exp(d) for d in shifted),
        "limit": OVERFLOWS[p.float_type],
        "overflows": math.inf in p.exponentials,
    }


def preset(logits: list[str], quantity: str, float_type: str) -> Parameters:
    return read_parameters(Parameters, {"logits": logits, "target": 0, "quantity": quantity, "float_type": float_type})


PRESETS = {
    "thousand": preset(["1000", "1000"], "logsumexp", "float64"),
    "minus-thousand": preset(["-1000", "-1001"], "loss", "float64"),
    "one-hundred": preset(["100", "101"], "softmax", "float32"),
}

FAMILY = Family(
    slug="naive-overflow",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(120), 2: Level(120), 3: Level(150)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("naive", special=True), PartSpec("value", significant_digits=5, special=True)),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        Misconception("true-value-for-naive", true, "naive"),
        Misconception("infinity-for-nan", infinity_for_nan, "naive"),
        Misconception("nan-for-infinity", nan_for_infinity, "naive"),
        Misconception("zero-for-overflow", zero, "naive"),
        Misconception("naive-value-for-true", naive, "value"),
        Misconception("largest-logit-only", largest_logit_only, "value"),
    ),
    working=working,
    presets=PRESETS,
    preset_levels=dict.fromkeys(PRESETS, 2),
    fallbacks={1: PRESETS["one-hundred"], 2: PRESETS["minus-thousand"], 3: PRESETS["thousand"]},
    variants=100_000,
)
