"""A seed gives the same problem on every machine and Python version: the digests were recorded on another one."""

from __future__ import annotations

import json

import pytest

from quiz_bank.registry import FAMILIES, OWN
from tests.families.drawings import RECORD, digest


@pytest.mark.parametrize("slug", OWN)
def test_seeds_give_what_they_always_gave(slug: str) -> None:
    """If this fails, give the family a new version and record it: python -m tests.families.drawings."""
    family = FAMILIES[slug]
    recorded: dict[str, str] = json.loads(RECORD.read_text())
    assert recorded.get(f"{slug} {family.version}") == digest(family)
