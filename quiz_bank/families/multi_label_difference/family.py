"""How the multi-label loss differs from the multi-class one: which of these statements hold."""

from quiz_bank.families.on_options import statements_family

HOLDS = {
    "sigmoid-each": True,
    "sums-to-one": False,
    "binary-each": True,
    "present-labels-only": False,
    "absent-labels-count": True,
    "two-at-once-with-softmax": False,
    "one-hot-keeps-one-term": True,
    "divided-target": False,
    "softmax-competes": True,
    "shift-changes-nothing": False,
    "sigmoids-apart": True,
    "largest-is-enough": False,
    "same-gradient": True,
    "a-network-each": False,
    "no-label-at-all": True,
    "vector-of-ones": False,
    "threshold-each": True,
    "same-loss-for-one-hot": False,
    "two-classes-one-sigmoid": True,
    "sigmoid-stops-learning": False,
    "mean-is-smaller": True,
    "loss-of-knowing-nothing": True,
}

FAMILY = statements_family("multi-label-difference", __package__, HOLDS)
