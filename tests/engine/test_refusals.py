"""What cannot be computed with is refused by name, and infinite results are infinite."""

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from quiz_bank.engine import reference

INF = math.inf
UNKNOWN: Any = "other"  # what a caller without types may pass
REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: reference.surprisal(-0.1), "probability must lie within [0, 1], not -0.1"),
    (lambda: reference.surprisal(math.nan), "probability must be a finite number, not nan"),
    (lambda: reference.surprisal(Decimal("sNaN")), "probability must be a finite number, not sNaN"),
    (lambda: reference.surprisal(Decimal("Infinity")), "probability must be a finite number, not Infinity"),
    (lambda: reference.surprisal(0.5, log_base=UNKNOWN), "log_base must be 'e', '2' or '10', not 'other'"),
    (
        lambda: reference.surprisal(Decimal("1e-999999999")),
        "probability must have at most 1233 digits on either side of the point",
    ),
    (lambda: reference.surprisal(Fraction(1, 2**4096)), "probability must have at most 4096 bits above and below the line"),
    (lambda: reference.entropy([]), "probabilities must have at least one component"),
    (lambda: reference.entropy([0.01] * 65), "probabilities must have at most 64 components, not 65"),
    (lambda: reference.entropy([0.5, Decimal("1.5")]), "probabilities[1] must lie within [0, 1], not 1.5"),
    (lambda: reference.cross_entropy([1], [0.5, 0.5]), "target and prediction must have the same length, not 1 and 2"),
    (lambda: reference.kl_divergence([-1], [1], generalised=True), "target[0] must not be negative, not -1"),
    (lambda: reference.kl_divergence([1], [0], log_base=UNKNOWN), "log_base must be 'e', '2' or '10', not 'other'"),
    (lambda: reference.logsumexp([0, math.nan]), "logits[1] must be a finite number, not nan"),
    (lambda: reference.logsumexp([INF]), "logits[0] must be finite or -inf, not inf"),
    (lambda: reference.softmax([-INF, -INF]), "logits must not all be -inf"),
    (lambda: reference.softmax([]), "logits must have at least one component"),
    (lambda: reference.softmax([1, 2], temperature=0), "temperature must be positive, not 0"),
    (lambda: reference.cross_entropy_from_logits([1, 2], 2), "target must be a class index from 0 to 1, not 2"),
    (lambda: reference.gradient_logits([1, 2], -1), "target must be a class index from 0 to 1, not -1"),
    (lambda: reference.gradient_logits([1, 2], [1]), "target and logits must have the same length, not 1 and 2"),
    (lambda: reference.gradient_logits([1, 2], [1, 2]), "target[1] must lie within [0, 1], not 2"),
    (lambda: reference.sigmoid(math.nan), "logit must be a finite number, not nan"),
    (lambda: reference.binary_cross_entropy(2, 0.5), "target must lie within [0, 1], not 2"),
    (lambda: reference.multi_label_bce([1], [1, 2]), "labels and logits must have the same length, not 1 and 2"),
    (lambda: reference.multi_label_bce([1], [1], reduction=UNKNOWN), "reduction must be 'none', 'sum' or 'mean', not 'other'"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_cannot_be_computed_with_is_refused_with_a_message_that_names_it(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the whole message is compared below
        call()
    assert str(refusal.value) == message


def test_the_impossible_is_infinitely_surprising() -> None:
    assert reference.surprisal(0) == INF
    assert reference.surprisal(0, log_base="2") == INF
    assert reference.cross_entropy([0.5, 0.5], [1, 0]) == INF
    assert reference.kl_divergence([0.5, 0.5], [1, 0]) == INF
    assert reference.binary_cross_entropy(1, 0) == INF
    assert reference.binary_cross_entropy(0.5, 1) == INF


def test_what_has_no_weight_adds_nothing() -> None:
    assert reference.entropy([1, 0]) == 0
    assert reference.cross_entropy([1, 0], [1, 0]) == 0
    assert reference.kl_divergence([1, 0], [0.5, 0.5], log_base="2") == 1
    assert reference.binary_cross_entropy(1, 1) == 0


def test_a_masked_class_is_impossible() -> None:
    assert reference.log_softmax([-INF, 0]) == (-INF, 0)
    assert reference.cross_entropy_with_gradient([-INF, 0], 0) == (INF, (-1, 1))
    assert reference.cross_entropy_with_gradient([-INF, 0], [0.5, 0.5]) == (INF, (-0.5, 0.5))
    assert reference.logsumexp([-INF, Decimal("-Infinity")]) == -INF


def test_an_infinite_logit_of_a_sigmoid_is_its_limit() -> None:
    assert (reference.sigmoid(-INF), reference.sigmoid(INF)) == (0, 1)
    assert reference.binary_cross_entropy_from_logits(1, INF) == 0
    assert reference.binary_cross_entropy_from_logits(1, -INF) == INF
    assert reference.gradient_bce_logit(0.25, INF) == 0.75
    assert reference.mse_sigmoid(0.25, INF) == 0.5625
    assert reference.gradient_mse_sigmoid(0.25, INF) == 0
    assert reference.ratio_mse_bce_gradient(-INF) == 0
    assert reference.multi_label_bce([1, 0], [INF, INF], reduction="sum") == INF
