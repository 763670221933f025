"""The Jacobian of the softmax: diag(p) − p pᵀ."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from quiz_bank.misconceptions import SIGN_FLIPPED
from quiz_bank.parameters import Distribution, read_parameters
from quiz_bank.problem import Convention, Family, Identity, Level, Matrix, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    probabilities: Distribution


def draw(stream: Stream, level: int) -> Parameters:
    if level == 1:
        return Parameters(stream.distribution(2, places=3, minimum=20))
    return Parameters(stream.distribution(3, places=level - 1, minimum=1 if level == 2 else 5))


def truth(p: Parameters) -> Values:
    return {"jacobian": _matrix(p, off_diagonal=-1)}


def _matrix(p: Parameters, *, off_diagonal: int) -> Matrix:
    """Return p_i (1 − p_i) on the diagonal and ±p_i p_j elsewhere: exact fractions, each rounded once."""
    exact = [Fraction(q) for q in p.probabilities]
    return tuple(
        tuple(float(a * (1 - a) if i == j else off_diagonal * a * b) for j, b in enumerate(exact)) for i, a in enumerate(exact)
    )


def diagonal_only(p: Parameters) -> Matrix:
    return _matrix(p, off_diagonal=0)


def positive_off_diagonal(p: Parameters) -> Matrix:
    return _matrix(p, off_diagonal=1)


def outer_product_only(p: Parameters) -> Matrix:
    return tuple(tuple(-float(a) * float(b) for b in p.probabilities) for a in p.probabilities)


def probabilities_on_the_diagonal(p: Parameters) -> Matrix:
    return tuple(tuple(float(a) if i == j else 0.0 for j in range(len(p.probabilities))) for i, a in enumerate(p.probabilities))


def sum_of_components(_: Parameters, own: Values) -> float:
    return sum(components(own["jacobian"]))


def working(p: Parameters) -> dict[str, object]:
    return {
        "diagonal": tuple(float(q) * (1 - float(q)) for q in p.probabilities),
        "pairs": [(a, b, -float(a) * float(b)) for a, b in combinations(p.probabilities, 2)],
    }


THREE = read_parameters(Parameters, {"probabilities": ["0.7", "0.2", "0.1"]})

FAMILY = Family(
    slug="softmax-jacobian",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(90), 2: Level(180, "mental"), 3: Level(240)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("jacobian", "matrix"),),
    truth=truth,
    convention=lambda _: Convention(),
    misconceptions=(
        SIGN_FLIPPED,
        Misconception("diagonal-only", diagonal_only, "jacobian"),
        Misconception("positive-off-diagonal", positive_off_diagonal, "jacobian"),
        Misconception("outer-product-only", outer_product_only, "jacobian"),
        Misconception("probabilities-on-the-diagonal", probabilities_on_the_diagonal, "jacobian"),
    ),
    identities=(Identity("sum-to-zero", ("jacobian",), sum_of_components),),
    working=working,
    presets={"medium": THREE},
    fallbacks={1: read_parameters(Parameters, {"probabilities": ["0.9", "0.1"]}), 2: THREE, 3: THREE},
    variants=1_000,  # a lower bound: level 2 has 36 problems, level 1 has 961, level 3 hundreds of thousands
)
