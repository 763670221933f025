"""Small families with hand-made truths, so that grading is tested without the engine and the bank."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE
from quiz_bank.parameters import Base, Probability
from quiz_bank.problem import (
    Carry,
    Convention,
    Family,
    Identity,
    Level,
    Misconception,
    PartSpec,
    Values,
    Variant,
    components,
)
from quiz_bank.variants import build

MOCK_LOSS = 0.35667494393873245  # -ln 0.7


@dataclass(frozen=True, slots=True)
class Parameters:
    probability: Probability = Decimal("0.7")
    log_base: Base = "e"


def family(parts: tuple[PartSpec, ...], truths: Values, **more: Any) -> Family[Parameters]:  # noqa: ANN401 - whatever a family takes
    """Return a family with the truths given, whatever its parameters."""
    return Family(
        slug="toy",
        version=1,
        topic="toys",
        package="quiz_bank.families.cross_entropy_one_hot",
        levels={1: Level(30)},
        parameters=Parameters,
        draw=lambda _stream, _level: Parameters(),
        parts=parts,
        truth=lambda _: truths,
        convention=lambda p: Convention(log_base=p.log_base),
        misconceptions=more.pop("misconceptions", ()),
        variants=1,
        fallbacks={1: Parameters()},
        **more,
    )


def _complement(p: Parameters) -> float:
    return 1 - float(p.probability)


def scalar(truth: float = MOCK_LOSS, *, digits: int = 3, unit: bool = True, **more: Any) -> Variant[Parameters]:  # noqa: ANN401 - whatever a part takes
    """Return a problem with the single part `loss`."""
    spec = PartSpec("loss", in_log_units=unit, significant_digits=digits, **more)
    misconceptions = (
        *((WRONG_LOG_BASE,) if unit else ()),
        SIGN_FLIPPED,
        Misconception("complement", _complement, "loss"),
    )
    return build(family((spec,), {"loss": truth}, misconceptions=misconceptions), 1, Parameters())


def vector(*truth: float, **more: Any) -> Variant[Parameters]:  # noqa: ANN401 - whatever a family takes
    """Return a problem with the single part `p`, a vector without a unit."""
    return build(family((PartSpec("p", "vector"),), {"p": truth}, **more), 1, Parameters())


def sums_to_one() -> Identity[Parameters]:
    return Identity("sums-to-one", ("p",), lambda _, own: sum(components(own["p"])) - 1)


def two_parts() -> Variant[Parameters]:
    """Return a problem whose second part is twice the first."""
    carry = Carry("double", ("single",), _twice_the_single)
    parts = (PartSpec("single"), PartSpec("double"))
    return build(family(parts, {"single": math.pi, "double": 2 * math.pi}, carried=(carry,)), 1, Parameters())


def _twice_the_single(_: Parameters, own: Values) -> float:
    return 2 * components(own["single"])[0]
