"""The reference face: every result is the float64 nearest to the exact value for the inputs exactly as given.

An input is an int, a float (its exact binary value), a Decimal or a Fraction. What cannot be computed with is a
ValueError; an infinite result is `inf`.
"""

from quiz_bank.engine.exact import Exact
from quiz_bank.engine.logforms import LogBase
from quiz_bank.engine.reference.binary import (
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    gradient_bce_logit,
    gradient_mse_sigmoid,
    mse_sigmoid,
    multi_label_bce,
    ratio_mse_bce_gradient,
    sigmoid,
)
from quiz_bank.engine.reference.information import cross_entropy, entropy, kl_divergence, surprisal
from quiz_bank.engine.reference.logits import (
    cross_entropy_from_logits,
    cross_entropy_with_gradient,
    gradient_logits,
    log_softmax,
    logsumexp,
    softmax,
)

__all__ = [
    "Exact",
    "LogBase",
    "binary_cross_entropy",
    "binary_cross_entropy_from_logits",
    "cross_entropy",
    "cross_entropy_from_logits",
    "cross_entropy_with_gradient",
    "entropy",
    "gradient_bce_logit",
    "gradient_logits",
    "gradient_mse_sigmoid",
    "kl_divergence",
    "log_softmax",
    "logsumexp",
    "mse_sigmoid",
    "multi_label_bce",
    "ratio_mse_bce_gradient",
    "sigmoid",
    "softmax",
    "surprisal",
]
