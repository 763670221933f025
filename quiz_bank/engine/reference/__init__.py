"""The reference face: every result is the float64 nearest to the exact value for the inputs exactly as given.

An input is an int, a float (its exact binary value), a Decimal or a Fraction. What cannot be computed with is a
ValueError; an infinite result is `inf`.
"""

from quiz_bank.engine.exact import Exact
from quiz_bank.engine.logforms import LogBase
from quiz_bank.engine.losses import Target
from quiz_bank.engine.reductions import Reduction
from quiz_bank.engine.reference.batches import batch_cross_entropy, batch_gradient
from quiz_bank.engine.reference.binary import binary_cross_entropy, logit, sigmoid
from quiz_bank.engine.reference.binary_logits import binary_cross_entropy_from_logits, gradient_bce_logit, multi_label_bce
from quiz_bank.engine.reference.coin import binary_entropy, coin_of_entropy
from quiz_bank.engine.reference.contrastive import clip_symmetric, info_nce
from quiz_bank.engine.reference.distillation import distillation_loss
from quiz_bank.engine.reference.evaluation import gain_over_base_rate, pooled_perplexity
from quiz_bank.engine.reference.focal import focal_loss, focal_loss_from_logit, focal_loss_from_logits, gradient_focal_logit
from quiz_bank.engine.reference.information import cross_entropy, entropy, jensen_shannon, kl_divergence, surprisal
from quiz_bank.engine.reference.logits import cross_entropy_from_logits, cross_entropy_with_gradient, gradient_logits
from quiz_bank.engine.reference.perplexities import (
    convert_information,
    perplexity,
    perplexity_from_loss,
    probability_from_surprisal,
    sequence_perplexity,
)
from quiz_bank.engine.reference.scores import brier_score, gradient_probabilities, hinge_loss, logistic_loss, squared_error
from quiz_bank.engine.reference.sigmoid_error import gradient_mse_sigmoid, mse_sigmoid, ratio_mse_bce_gradient
from quiz_bank.engine.reference.smoothing import (
    Smoothing,
    double_softmax_floor,
    label_smoothing_floor,
    label_smoothing_gap,
    smoothed_cross_entropy,
    smoothed_target,
)
from quiz_bank.engine.reference.softmaxes import log_softmax, logsumexp, softmax, softmax_jacobian
from quiz_bank.engine.reference.tables import conditional_entropy, joint_entropy, mutual_information
from quiz_bank.engine.reference.training import linear_layer_gradient, loss_after_step
from quiz_bank.engine.rounding import nearest_float

__all__ = [
    "Exact",
    "LogBase",
    "Reduction",
    "Smoothing",
    "Target",
    "batch_cross_entropy",
    "batch_gradient",
    "binary_cross_entropy",
    "binary_cross_entropy_from_logits",
    "binary_entropy",
    "brier_score",
    "clip_symmetric",
    "coin_of_entropy",
    "conditional_entropy",
    "convert_information",
    "cross_entropy",
    "cross_entropy_from_logits",
    "cross_entropy_with_gradient",
    "distillation_loss",
    "double_softmax_floor",
    "entropy",
    "focal_loss",
    "focal_loss_from_logit",
    "focal_loss_from_logits",
    "gain_over_base_rate",
    "gradient_bce_logit",
    "gradient_focal_logit",
    "gradient_logits",
    "gradient_mse_sigmoid",
    "gradient_probabilities",
    "hinge_loss",
    "info_nce",
    "jensen_shannon",
    "joint_entropy",
    "kl_divergence",
    "label_smoothing_floor",
    "label_smoothing_gap",
    "linear_layer_gradient",
    "log_softmax",
    "logistic_loss",
    "logit",
    "logsumexp",
    "loss_after_step",
    "mse_sigmoid",
    "multi_label_bce",
    "mutual_information",
    "nearest_float",
    "perplexity",
    "perplexity_from_loss",
    "pooled_perplexity",
    "probability_from_surprisal",
    "ratio_mse_bce_gradient",
    "sequence_perplexity",
    "sigmoid",
    "smoothed_cross_entropy",
    "smoothed_target",
    "softmax",
    "softmax_jacobian",
    "squared_error",
    "surprisal",
]
