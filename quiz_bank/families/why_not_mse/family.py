"""Why a classifier is trained with the cross-entropy and not with the squared error: which of these statements hold."""

from quiz_bank.families.on_options import statements_family

HOLDS = {
    "carries-the-slope": True,
    "squared-pushes-harder": False,
    "stalls-when-wrong": True,
    "never-learns": False,
    "error-at-most-one": True,
    "squared-unbounded": False,
    "convexity-differs": True,
    "least-elsewhere": False,
    "both-proper": True,
    "slope-stays": False,
    "two-likelihoods": True,
    "gradient-unbounded": False,
    "slope-at-most-a-quarter": True,
    "both-convex": False,
    "ratio-at-most-half": True,
    "for-prices-too": False,
    "squares-for-noise": True,
    "equal-in-the-middle": False,
    "both-rest-when-right": True,
    "absolute-value-cures": False,
    "squares-as-score": True,
    "factor-cures": False,
}

FAMILY = statements_family("why-not-mse", __package__, HOLDS)
