"""The array face: the reference's quantities for NumPy arrays of any leading shape, within a few units in the last place.

Names and conventions are those of `quiz_bank.engine.reference`. Inputs are float64, taken as given: never renormalised
unasked, never clipped. Each docstring says how exact its function is and in which cases it is less so; infinite results are
exact. What cannot be computed with is a ValueError.
"""

from quiz_bank.engine.arrays.binary import binary_cross_entropy, logit, sigmoid
from quiz_bank.engine.arrays.binary_logits import binary_cross_entropy_from_logits, gradient_bce_logit
from quiz_bank.engine.arrays.divergences import jensen_shannon, kl_divergence
from quiz_bank.engine.arrays.focal import (
    focal_loss,
    focal_loss_from_logit,
    focal_loss_from_logits,
    gradient_focal_logit,
    gradient_focal_logits,
)
from quiz_bank.engine.arrays.information import cross_entropy, entropy, perplexity, surprisal
from quiz_bank.engine.arrays.logits import cross_entropy_from_logits, cross_entropy_with_gradient, gradient_logits
from quiz_bank.engine.arrays.sigmoid_error import brier_score, gradient_mse_sigmoid, mse_sigmoid
from quiz_bank.engine.arrays.softmaxes import log_softmax, logsumexp, softmax

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_from_logits",
    "brier_score",
    "cross_entropy",
    "cross_entropy_from_logits",
    "cross_entropy_with_gradient",
    "entropy",
    "focal_loss",
    "focal_loss_from_logit",
    "focal_loss_from_logits",
    "gradient_bce_logit",
    "gradient_focal_logit",
    "gradient_focal_logits",
    "gradient_logits",
    "gradient_mse_sigmoid",
    "jensen_shannon",
    "kl_divergence",
    "log_softmax",
    "logit",
    "logsumexp",
    "mse_sigmoid",
    "perplexity",
    "sigmoid",
    "softmax",
    "surprisal",
]
