"""Back through a linear layer z = Wx + b: the loss's gradient by the bias is p − y, by the weights (p − y) xᵀ."""

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import softmax
from quiz_bank.families.on_one_logit import draw_logit
from quiz_bank.misconceptions import SIGN_FLIPPED
from quiz_bank.parameters import (
    ClassIndex,
    ParameterError,
    RealRows,
    Reals,
    index_within,
    one_hot,
    read_parameters,
    same_length,
)
from quiz_bank.problem import (
    Carry,
    Convention,
    Family,
    Identity,
    Level,
    Matrix,
    Misconception,
    PartSpec,
    Values,
    Vector,
    components,
)
from quiz_bank.sampling import Stream

SHAPES = {1: (2, 2), 2: (3, 2), 3: (3, 3)}
SMALLEST = 0.02
"""Of the largest component of p − y: below it there is nothing left to learn."""


@dataclass(frozen=True, slots=True)
class Parameters:
    weight_matrix: RealRows
    bias: Reals
    inputs: Reals
    target: ClassIndex

    @property
    def logits(self) -> tuple[Fraction, ...]:
        rows = zip(self.weight_matrix, self.bias, strict=True)
        return tuple(
            sum((Fraction(w) * Fraction(x) for w, x in zip(row, self.inputs, strict=True)), Fraction(b)) for row, b in rows
        )

    @property
    def without_bias(self) -> Vector:
        """The logits less the bias, in plain floats."""
        return tuple(sum(float(w) * float(x) for w, x in zip(row, self.inputs, strict=True)) for row in self.weight_matrix)

    @property
    def plain_logits(self) -> Vector:
        return tuple(z + float(b) for z, b in zip(self.without_bias, self.bias, strict=True))

    def less_target(self, values: Vector) -> Vector:
        return tuple(v - (k == self.target) for k, v in enumerate(values))

    def times_inputs(self, column: Vector) -> Matrix:
        """Return the outer product with the inputs: a row for each class."""
        return tuple(tuple(c * float(x) for x in self.inputs) for c in column)


def draw(stream: Stream, level: int) -> Parameters:
    classes, inputs = SHAPES[level]
    target = stream.integer(0, classes - 1)
    if level == 1:
        rows = tuple(tuple(Decimal(stream.integer(-2, 2)) for _ in range(inputs)) for _ in range(classes))
        bias, x = stream.sample(range(-1, 3), classes), stream.sample((-2, -1, 1, 2, 3), inputs)
        return Parameters(rows, tuple(map(Decimal, bias)), tuple(map(Decimal, x)), target)
    rows = tuple(stream.decimals(inputs, -12, 12, 1) for _ in range(classes))
    signed = tuple(draw_logit(stream, 2, 25, 1) for _ in range(inputs))
    return Parameters(rows, stream.decimals(classes, -10, 10, 1), signed, target)


def check(p: Parameters) -> None:
    same_length(p, "weight_matrix", "bias")
    if len(p.inputs) != len(p.weight_matrix[0]):
        raise ParameterError(
            "/inputs", "length-differs", other="weight_matrix/0", expected=len(p.weight_matrix[0]), found=len(p.inputs)
        )
    index_within(p, "target", "bias")


def truth(p: Parameters) -> Values:
    logits = p.logits
    return {
        "bias_gradient": engine.gradient_logits(logits, p.target),
        "weight_gradient": engine.linear_layer_gradient(p.inputs, logits, p.target),
    }


def difference(p: Parameters) -> Vector:
    return p.less_target(softmax(p.plain_logits))


def probabilities_only(p: Parameters) -> Vector:
    return softmax(p.plain_logits)


def bias_forgotten(p: Parameters) -> Vector:
    return p.less_target(softmax(p.without_bias))


def softmax_forgotten(p: Parameters) -> Vector:
    return p.less_target(p.plain_logits)


def bias_multiplied(p: Parameters) -> Vector:
    return tuple(d * float(b) for d, b in zip(difference(p), p.bias, strict=True))


def probabilities_times_inputs(p: Parameters) -> Matrix:
    return p.times_inputs(probabilities_only(p))


def bias_forgotten_forward(p: Parameters) -> Matrix:
    return p.times_inputs(bias_forgotten(p))


def logits_times_inputs(p: Parameters) -> Matrix:
    return p.times_inputs(softmax_forgotten(p))


def transposed(p: Parameters) -> Matrix | list[float]:
    right = p.times_inputs(difference(p))
    return tuple(zip(*right, strict=True)) if len(p.bias) == len(p.inputs) else []


def inputs_forgotten(p: Parameters) -> Matrix:
    return tuple((d,) * len(p.inputs) for d in difference(p))


def product_of_own(p: Parameters, own: Values) -> Matrix:
    return p.times_inputs(components(own["bias_gradient"]))


def total(_: Parameters, own: Values) -> float:
    return math.fsum(components(own["bias_gradient"]))


def working(p: Parameters) -> dict[str, object]:
    return {"logits": p.plain_logits, "softmax": softmax(p.plain_logits), "one_hot": one_hot(p.target, len(p.bias))}


def example(**given: object) -> Parameters:
    first = {"weight_matrix": [["1", "-1"], ["0.5", "2"]], "bias": ["0.5", "0"], "inputs": ["2", "1"], "target": 0}
    return read_parameters(Parameters, {**first, **given})


THREE = example(weight_matrix=[["1", "-1"], ["0.5", "0.2"], ["-0.3", "0.4"]], bias=["0.5", "0", "-0.2"])

FAMILY = Family(
    slug="linear-layer-gradient",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(150), 2: Level(240), 3: Level(300)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("bias_gradient", "vector"), PartSpec("weight_gradient", "matrix")),
    truth=truth,
    convention=lambda _: Convention(),
    misconceptions=(
        SIGN_FLIPPED,
        Misconception("probabilities-only", probabilities_only, "bias_gradient"),
        Misconception("bias-forgotten", bias_forgotten, "bias_gradient"),
        Misconception("softmax-forgotten", softmax_forgotten, "bias_gradient"),
        Misconception("bias-multiplied", bias_multiplied, "bias_gradient"),
        Misconception("transposed", transposed, "weight_gradient"),
        Misconception("inputs-forgotten", inputs_forgotten, "weight_gradient"),
        Misconception("probabilities-only", probabilities_times_inputs, "weight_gradient"),
        Misconception("bias-forgotten", bias_forgotten_forward, "weight_gradient"),
        Misconception("softmax-forgotten", logits_times_inputs, "weight_gradient"),
    ),
    carried=(Carry("weight_gradient", ("bias_gradient",), product_of_own),),
    identities=(Identity("sum-to-zero", ("bias_gradient",), total),),
    degenerate=lambda p: max(map(abs, difference(p))) < SMALLEST,
    working=working,
    fallbacks={1: example(), 2: THREE, 3: THREE},
    variants=5**4 * 20 * 12 * 2,  # those of level 1, the fewest
)
