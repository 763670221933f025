"""The mathematical properties of the cross-entropy loss and how they help training, in the learner's own words."""

from quiz_bank.families.on_options import self_assessed_family

POINTS = ("punishment", "gradient", "convex", "least-value", "proper", "stable-form")

FAMILY = self_assessed_family("explain-properties", __package__, POINTS, seconds=180)
