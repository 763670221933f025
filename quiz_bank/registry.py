"""Every family there is: the bank's own, a line each, and those that installed packages offer."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from quiz_bank.offers import OfferError, offered
from quiz_bank.problem import Family

OWN: Final = (
    # information
    "surprisal",
    "probability-from-surprisal",
    "entropy",
    "entropy-of-coin",
    "perplexity-of-distribution",
    "nats-and-bits",
    "joint-conditional-entropy",
    "mutual-information",
    "information-gain",
    # cross-entropy
    "cross-entropy",
    "cross-entropy-one-hot",
    "cross-entropy-soft-target",
    "kl-divergence",
    "entropy-ce-kl-identity",
    "jensen-shannon",
    "zero-probability",
    "what-a-library-reports",
    "batch-cross-entropy",
    "which-forecaster",
    "log-loss-vs-brier-vs-accuracy",
    # logits
    "softmax",
    "softmax-temperature",
    "log-softmax",
    "logsumexp",
    "ce-from-logits",
    "ce-three-routes",
    "double-softmax-floor",
    "logit-shift",
    "naive-overflow",
    "initial-loss",
    "loss-to-probability",
    "two-class-equivalence",
    "label-smoothing",
    "label-smoothing-floor",
    "class-weighted-ce",
    "weights-and-smoothing",
    "ignore-index",
    "focal-loss",
    "knowledge-distillation",
    "info-nce",
    "clip-symmetric",
    # binary and multi-label
    "sigmoid-logit",
    "binary-cross-entropy",
    "bce-from-logits",
    "bernoulli-likelihood",
    "multi-label-bce",
    "bce-pos-weight",
    "soft-label-bce-floor",
    "multi-label-or-multi-class",
    "threshold-cost",
    # gradients
    "gradient-logits",
    "gradient-probabilities",
    "gradient-batch",
    "gradient-bce-logit",
    "gradient-soft-target",
    "gradient-temperature",
    "gradient-weighted",
    "gradient-focal",
    "softmax-jacobian",
    "linear-layer-gradient",
    "gradient-step",
    "mse-sigmoid-gradient",
    "ce-vs-mse",
    "sum-to-zero",
    # language models and evaluation
    "token-perplexity",
    "bits-per-character",
    "token-vs-sequence-mean",
    "gradient-accumulation",
    "corpus-perplexity",
    "calibration-log-loss",
    "expected-loss",
    "hinge-and-logistic",
    "expected-calibration-error",
    # concepts: what-went-wrong draws on all that stand above it
    "entropy-or-cross-entropy",
    "where-is-it-used",
    "properties",
    "multi-label-difference",
    "why-not-mse",
    "softmax-before-the-loss",
    "which-reduction",
    "spot-the-article-error",
    "order-the-derivation",
    "base-change",
    "one-minute-pitch",
    "explain-entropy",
    "explain-where-used",
    "explain-properties",
    "explain-multi-label",
    "what-went-wrong",
)


def _own(slug: str, catalogue: Mapping[str, Family[Any]]) -> Family[Any]:
    """Return the family that a folder of the bank holds; one that draws on the others is handed those before it."""
    module = import_module(f"quiz_bank.families.{slug.replace('-', '_')}.family")
    made: Family[Any] = module.family(catalogue) if hasattr(module, "family") else module.FAMILY
    if made.slug != slug:
        raise ValueError(f"the folder of {slug} holds {made.slug}")
    return made


def load_all() -> Mapping[str, Family[Any]]:
    """Return all families by slug: the bank's own in its order, then what installed packages offer; raises OfferError."""
    families: dict[str, Family[Any]] = {}
    for slug in OWN:
        families[slug] = _own(slug, MappingProxyType(dict(families)))
    for offer in offered():
        if offer.slug in families:
            raise OfferError(f"{offer.package} offers {offer.slug}, which there is already")
        families[offer.slug] = offer
    return MappingProxyType(families)


FAMILIES: Final = load_all()


class UnknownFamilyError(LookupError):
    """No family of this slug; `near` are slugs that look like it."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug
        self.near = tuple(get_close_matches(slug, FAMILIES, n=3, cutoff=0.5))


def family(slug: str) -> Family[Any]:
    """Return the family of a slug; raises UnknownFamilyError with near matches."""
    try:
        return FAMILIES[slug]
    except KeyError:
        raise UnknownFamilyError(slug) from None
