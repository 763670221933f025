"""Knowledge distillation: a student that learns from a teacher's softened probabilities and from the true label.

The result is rounded to the nearest float64. With the teacher's probabilities P at the temperature T, the student's gaps
g and sum L there, and the teacher's h and M, the soft term is Σ P_k·g_k + L, or as a divergence
Σ P_k·(g_k − h_k) + L − M. Of each P_k the exact part 1/n or 0 is taken out (see `exponentials`).

No theorem in reach says that such a value is irrational; equal softmaxes, whose divergence is 0, are recognised, and
should another value lie on a border between two floats, the rounding raises ArithmeticError rather than guess.

References
----------
G. Hinton, O. Vinyals, J. Dean, "Distilling the knowledge in a neural network", arXiv 1503.02531.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from quiz_bank.engine.enclosure import Ball
from quiz_bank.engine.exact import Exact, check_same_length, read_probability
from quiz_bank.engine.exponentials import Gaps, gaps_of
from quiz_bank.engine.losses import Loss, Target, loss_of, read_target
from quiz_bank.engine.rounding import round_sum


def distillation_loss(
    student_logits: Sequence[Exact],
    teacher_logits: Sequence[Exact],
    target: Target,
    *,
    temperature: Exact,
    hard_weight: Exact,
    soft_term: Literal["kl", "cross-entropy"] = "kl",
) -> float:
    """Give λ·CE(y, softmax(z)) + (1 − λ)·T²·S, with S between the softmaxes of teacher and student at T.

    Parameters
    ----------
    student_logits, teacher_logits
        At most 64 numbers each; −inf is a mask.
    target
        The true class's index, or a weight y_j in [0, 1] for each class.
    temperature
        T > 0, of the soft term only.
    hard_weight
        λ in [0, 1].
    soft_term
        "kl" for the divergence of the student from the teacher, "cross-entropy" for the cross-entropy; they differ by
        the teacher's entropy, and have the same gradient.

    Returns
    -------
    float
        In nats; inf where the student masks a class with weight.

    Raises
    ------
    ValueError
        As `cross_entropy_from_logits`; also for λ outside [0, 1], another soft term, or different lengths.

    Examples
    --------
    Of a student next to its teacher float64 arithmetic keeps no digit of the divergence:

    >>> from decimal import Decimal
    >>> distillation_loss([1, 0], [Decimal("1.0000000001"), 0], 0, temperature=2, hard_weight=0)
    1.1750185609983796e-21
    """
    if soft_term not in ("kl", "cross-entropy"):
        raise ValueError(f"soft_term must be 'kl' or 'cross-entropy', not {soft_term!r}")
    check_same_length(student_logits, teacher_logits, "student_logits and teacher_logits")
    share = read_probability(hard_weight, "hard_weight")
    label = read_target(target, len(student_logits))
    student, teacher = gaps_of(student_logits, temperature), gaps_of(teacher_logits, temperature)
    hard = loss_of(gaps_of(student_logits), label).times(share) if share else Loss(Fraction(0), ())
    scale = (1 - share) * student.temperature**2
    if scale == 0 or (soft_term == "kl" and _equal(student, teacher)):
        return hard.nearest()
    return _combine(hard, scale, _SoftTerm(student, teacher, soft_term == "kl"))


@dataclass(frozen=True, slots=True)
class _SoftTerm:
    """Σ P_k·c_k + L, or with c_k less by h_k and L by M for the divergence."""

    student: Gaps
    teacher: Gaps
    kl: bool

    def costs(self) -> dict[int, Fraction] | None:
        """Give c_k for each class that the teacher does not mask; None where the student masks one of them."""
        costs = {}
        for index in range(len(self.teacher.gaps)):
            own, taught = self.student.gap(index), self.teacher.gap(index)
            if taught is not None:
                if own is None:
                    return None
                costs[index] = own - taught if self.kl else own
        return costs

    def tail(self, costs: dict[int, Fraction], bits: int) -> Ball:
        """Enclose the term less its exact part, Σ base_k·c_k."""
        total = self.student.sums(bits).log_total
        if self.kl:
            total -= self.teacher.sums(bits).log_total
        for index, cost in costs.items():
            total += self.teacher.deviation(index, bits) * Ball.of_ratio(*cost.as_integer_ratio(), bits)
        return total


def _combine(hard: Loss, scale: Fraction, soft: _SoftTerm) -> float:
    costs = soft.costs()
    if hard.head is None or costs is None:
        return math.inf
    exact = sum((soft.teacher.base(index) * cost for index, cost in costs.items()), Fraction(0))
    above, below = scale.as_integer_ratio()
    return round_sum(
        hard.head + scale * exact,
        lambda bits: hard.tail(bits) + Ball.of_ratio(above, below, bits) * soft.tail(costs, bits),
    )


def _equal(student: Gaps, teacher: Gaps) -> bool:
    return all(student.gap(index) == teacher.gap(index) for index in range(len(teacher.gaps)))
