"""The composed quantities as a textbook writes them, in interval arithmetic; `oracle.nearest` raises the precision."""

from collections.abc import Sequence
from fractions import Fraction

from mpmath import iv

from quiz_bank.engine.reference import Exact
from tests.engine.formulas import cross_entropy, entropy, hard_loss, sigmoid, soft_loss, softmax
from tests.engine.oracle import Interval, exactly

Table = Sequence[Sequence[Exact]]


def total(values: Sequence[Exact]) -> Fraction:
    return sum((Fraction(value) for value in values), Fraction(0))


def normalised(values: Sequence[Exact]) -> list[Exact]:
    return [Fraction(value) / total(values) for value in values]


def jensen_shannon(first: Sequence[Exact], second: Sequence[Exact], base: int | None) -> Interval:
    middle = [(Fraction(a) + Fraction(b)) / 2 for a, b in zip(first, second, strict=True)]
    apart = cross_entropy(first, middle, base) + cross_entropy(second, middle, base)
    return (apart - entropy(first, base) - entropy(second, base)) / 2


def joint(table: Table, base: int | None) -> Interval:
    return entropy([cell for row in table for cell in row], base)


def conditional(table: Table, base: int | None) -> Interval:
    """H(X, Y) = H(X) + H(Y | X) for any table: the rows' sums weigh the same terms."""
    return joint(table, base) - entropy([total(row) for row in table], base)


def mutual(table: Table, base: int | None) -> Interval:
    columns = [total(column) for column in zip(*table, strict=True)]
    return entropy(columns, base) - conditional(table, base)


def perplexity(probabilities: Sequence[Exact]) -> Interval:
    return iv.exp(entropy(probabilities))


def sequence_perplexity(probabilities: Sequence[Exact]) -> Interval:
    return iv.exp(cross_entropy([1] * len(probabilities), probabilities) / len(probabilities))


def power(base: int | None, exponent: Exact) -> Interval:
    return iv.exp(exactly(exponent) * (iv.mpf(1) if base is None else iv.log(base)))


def converted(value: Exact, source: int | None, goal: int | None) -> Interval:
    factors = [iv.mpf(1) if base is None else iv.log(base) for base in (source, goal)]
    return exactly(value) * factors[0] / factors[1]


def logit(probability: Exact) -> Interval:
    return iv.log(exactly(probability)) - iv.log(1 - exactly(probability))


def weighted_logit_loss(target: Exact, logit_: Exact, weight: Exact) -> Interval:
    on_positive = exactly(Fraction(weight) * Fraction(target)) * iv.log(sigmoid(logit_))
    return -on_positive - exactly(1 - Fraction(target)) * iv.log(sigmoid(-logit_))


def weighted_logit_slope(target: Exact, logit_: Exact, weight: Exact) -> Interval:
    on_positive = Fraction(weight) * Fraction(target)
    return exactly(on_positive + 1 - Fraction(target)) * sigmoid(logit_) - exactly(on_positive)


def jacobian(logits: Sequence[Exact], row: int, column: int, temperature: Exact) -> Interval:
    one = softmax(logits, row, temperature)
    return one * (int(row == column) - softmax(logits, column, temperature)) / exactly(temperature)


def batch_loss(rows: Table, weights: Table, divisor: Exact) -> Interval:
    losses = [soft_loss(row, weight) for row, weight in zip(rows, weights, strict=True)]
    return sum(losses, iv.mpf(0)) / exactly(divisor)


def clip(similarities: Table, temperature: Exact) -> Interval:
    size = len(similarities)
    columns = list(zip(*similarities, strict=True))
    rows = [hard_loss(row, index, temperature) for index, row in enumerate(similarities)]
    rows += [hard_loss(column, index, temperature) for index, column in enumerate(columns)]
    return sum(rows, iv.mpf(0)) / (2 * size)


def to_the(value: Interval, exponent: Exact) -> Interval:
    return iv.exp(exactly(exponent) * iv.log(value))


def focal(logits: Sequence[Exact], target: int, gamma: Exact) -> Interval:
    return to_the(rest(logits, target), gamma) * hard_loss(logits, target)


def rest(logits: Sequence[Exact], target: int) -> Interval:
    """1 − p_t as the sum of the others: 1 less a number next to 1 could not be decided to be positive."""
    return sum((softmax(logits, index) for index in range(len(logits)) if index != target), iv.mpf(0))


def focal_of_probability(probability: Exact, gamma: Exact) -> Interval:
    return -to_the(exactly(1 - Fraction(probability)), gamma) * iv.log(exactly(probability))


def focal_slope(logit_: Exact, gamma: Exact, alpha: Exact) -> Interval:
    """By the chain rule from d p/d z = p·(1 − p), for the target 1."""
    p, q = sigmoid(logit_), sigmoid(-logit_)
    by_p = exactly(gamma) * to_the(q, Fraction(gamma) - 1) * iv.log(p) - to_the(q, gamma) / p
    return exactly(alpha) * by_p * p * q


def distillation(
    student: Sequence[Exact], teacher: Sequence[Exact], target: int, temperature: Exact, share: Exact, kl: bool
) -> Interval:
    taught = range(len(teacher))
    soft = sum((softmax(teacher, k, temperature) * hard_loss(student, k, temperature) for k in taught), iv.mpf(0))
    if kl:
        soft -= sum((softmax(teacher, k, temperature) * hard_loss(teacher, k, temperature) for k in taught), iv.mpf(0))
    scale = (1 - Fraction(share)) * Fraction(temperature) ** 2
    return exactly(share) * hard_loss(student, target) + exactly(scale) * soft


def stray_softmax(classes: int) -> Interval:
    return -iv.log(iv.exp(1) / (iv.exp(1) + classes - 1))


def loss_after_step(logits: Sequence[Exact], target: int, rate: Exact) -> Interval:
    moved = [exactly(z) - exactly(rate) * (softmax(logits, k) - int(k == target)) for k, z in enumerate(logits)]
    return iv.log(sum(iv.exp(z - moved[target]) for z in moved))


def outer(logits: Sequence[Exact], target: int, index: int, factor: Exact) -> Interval:
    return (softmax(logits, index) - int(index == target)) * exactly(factor)
