"""What the families on label smoothing share: the two definitions in use, and the targets of those who mix them up."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Final, Literal

from quiz_bank.engine import reference as engine
from quiz_bank.misconceptions import SIGN_FLIPPED
from quiz_bank.parameters import one_of
from quiz_bank.problem import Exact, Vector
from quiz_bank.sampling import Stream

SmoothingField = Annotated[Literal["all", "others"], one_of("all", "others")]
"""all: (1 − ε)·onehot + ε/K. others: 1 − ε for the true class, ε/(K − 1) for each other one."""

OTHER: Final[dict[str, engine.Smoothing]] = {"all": "others", "others": "all"}
LOSS_SIGN_FLIPPED: Final = replace(SIGN_FLIPPED, parts=("loss",))


def draw_smoothing(stream: Stream, level: int) -> tuple[Decimal, engine.Smoothing]:
    """Return ε and the definition: the usual ε with that of PyTorch at level 1, rarer ones and either from level 2 on."""
    if level == 1:
        return stream.choice((Decimal("0.1"), Decimal("0.2"), Decimal("0.3"))), "all"
    epsilon = stream.decimal(2, 8, 2) * 5 if level == 2 else stream.decimal(60, 350, 3)
    return epsilon, stream.choice(("all", "others"))


def smoothed(target: int, classes: int, epsilon: Exact, smoothing: engine.Smoothing) -> Vector:
    """Return the smoothed target, each weight the float64 nearest to the exact one."""
    return tuple(map(float, engine.smoothed_target(target, classes, epsilon=epsilon, smoothing=smoothing)))


def two_values(target: int, classes: int, correct: float, wrong: float) -> Vector:
    """Return a vector with one value at the true class and another at all others."""
    return tuple(correct if k == target else wrong for k in range(classes))
