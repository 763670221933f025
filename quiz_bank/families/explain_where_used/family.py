"""Where the cross-entropy loss is used most and why, in the learner's own words."""

from quiz_bank.families.on_options import self_assessed_family

POINTS = ("classification", "output-layer", "likelihood", "gradient", "other-places", "where-not")

FAMILY = self_assessed_family("explain-where-used", __package__, POINTS, seconds=150)
