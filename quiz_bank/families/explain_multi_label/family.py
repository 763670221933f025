"""How the multi-label cross-entropy is computed and how it differs from the multi-class one, in the learner's own words."""

from quiz_bank.families.on_options import self_assessed_family

POINTS = ("question", "sigmoid-each", "binary-each", "put-together", "prediction", "why-no-softmax")

FAMILY = self_assessed_family("explain-multi-label", __package__, POINTS, seconds=150)
