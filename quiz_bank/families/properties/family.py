"""Which of these statements hold for cross-entropy as a loss: an expert knows more of it than that it is −log p."""

from quiz_bank.families.on_options import statements_family

HOLDS = {
    "convex-in-logits": True,
    "symmetric": False,
    "gradient-linear": True,
    "bounded-above": False,
    "shift-invariant": True,
    "zero-when-equal": False,
    "gradient-bounded": True,
    "convex-in-all-weights": False,
    "never-negative": True,
    "reaches-zero": False,
    "looks-at-one-probability": True,
    "moves-one-logit": False,
    "gradient-sums-to-zero": True,
    "halving-doubles": False,
    "pushes-when-wrong": True,
    "vanishes-when-wrong": False,
    "likelihood": True,
    "ranks-as-accuracy": False,
    "least-at-soft-target": True,
    "scale-invariant": False,
    "base-rescales": True,
    "strictly-convex": False,
}

FAMILY = statements_family("properties", __package__, HOLDS)
