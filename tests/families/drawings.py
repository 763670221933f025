"""What every family draws from some seeds, as one digest each: `python -m tests.families.drawings` records it anew.

A digest that changes without a new version of its family means that seeds, and with them shared problems, give something else.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from quiz_bank.parameters import show_parameters
from quiz_bank.problem import Family
from quiz_bank.registry import FAMILIES
from quiz_bank.variants import draw

RECORD = Path(__file__).with_name("drawings.json")
SEEDS = ("a", "7", "8c1f")


def digest(family: Family[Any]) -> str:
    """Return a digest of what a family draws: parameters as displayed and truths to the last bit."""
    seen = sha256()
    for level in family.levels:
        for seed in SEEDS:
            variant = draw(family, level, seed).variant
            truths = {name: repr(truth) for name, truth in variant.truths.items()}
            seen.update(json.dumps([show_parameters(variant.parameters), truths], sort_keys=True).encode())
    return seen.hexdigest()[:16]


def record() -> dict[str, str]:
    """Return the digest of every family by its slug and version."""
    return {f"{slug} {family.version}": digest(family) for slug, family in FAMILIES.items()}


if __name__ == "__main__":
    RECORD.write_text(json.dumps(record(), indent=1) + "\n")
