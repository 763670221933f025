"""What entropy and cross-entropy are and how they are related, in the learner's own words."""

from quiz_bank.families.on_options import self_assessed_family

POINTS = ("surprise", "entropy", "cross-entropy", "never-below", "divergence", "one-hot-label")

FAMILY = self_assessed_family("explain-entropy", __package__, POINTS, seconds=150)
