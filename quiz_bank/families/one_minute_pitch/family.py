"""Cross-entropy in one minute, by the clock: four points, ticked by the learner."""

from quiz_bank.families.on_options import self_assessed_family

POINTS = ("what-for", "built-on", "how-it-punishes", "goes-with")

FAMILY = self_assessed_family("one-minute-pitch", __package__, POINTS, seconds=60)
