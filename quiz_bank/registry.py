"""Every family there is: the bank's own, listed one by one, and those that installed packages offer."""

from __future__ import annotations

from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from quiz_bank.families.binary_cross_entropy.family import FAMILY as BINARY_CROSS_ENTROPY
from quiz_bank.families.ce_from_logits.family import FAMILY as CE_FROM_LOGITS
from quiz_bank.families.cross_entropy.family import FAMILY as CROSS_ENTROPY
from quiz_bank.families.cross_entropy_one_hot.family import FAMILY as CROSS_ENTROPY_ONE_HOT
from quiz_bank.families.cross_entropy_soft_target.family import FAMILY as CROSS_ENTROPY_SOFT_TARGET
from quiz_bank.families.entropy.family import FAMILY as ENTROPY
from quiz_bank.families.gradient_logits.family import FAMILY as GRADIENT_LOGITS
from quiz_bank.families.kl_divergence.family import FAMILY as KL_DIVERGENCE
from quiz_bank.families.mse_sigmoid_gradient.family import FAMILY as MSE_SIGMOID_GRADIENT
from quiz_bank.families.multi_label_bce.family import FAMILY as MULTI_LABEL_BCE
from quiz_bank.families.softmax.family import FAMILY as SOFTMAX
from quiz_bank.families.surprisal.family import FAMILY as SURPRISAL
from quiz_bank.problem import Family

_OWN: Final[tuple[Family[Any], ...]] = (
    SURPRISAL,
    ENTROPY,
    CROSS_ENTROPY,
    CROSS_ENTROPY_ONE_HOT,
    CROSS_ENTROPY_SOFT_TARGET,
    KL_DIVERGENCE,
    SOFTMAX,
    CE_FROM_LOGITS,
    BINARY_CROSS_ENTROPY,
    MULTI_LABEL_BCE,
    GRADIENT_LOGITS,
    MSE_SIGMOID_GRADIENT,
)

FAMILIES: Final = MappingProxyType({family.slug: family for family in _OWN})


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
