"""docs/limits.md names every limit with the value that it has."""

from __future__ import annotations

import re
from pathlib import Path

from app.api.connections import LONGEST_ADDRESS, LONGEST_HEAD
from app.api.pages import LARGEST_LIMIT
from app.settings import RATES, Settings

TEXT = (Path(__file__).parents[2] / "docs/limits.md").read_text()
ROW = re.compile(r"^\|[^|]*?\|? ?`([A-Z_]+)` \| `?([0-9/a-z]+)`? \|", re.MULTILINE)


def test_the_tables_hold_every_limit_with_its_default() -> None:
    told = dict(ROW.findall(TEXT))
    rates = {name.upper(): rate for name, rate in RATES.items()}
    others = {
        name.upper(): f"{Settings.model_fields[name].default:g}"
        for name in Settings.model_fields
        if name.endswith(("_seconds", "_limit")) and name not in {"analytics_seconds", "body_limit"}
    }
    assert told == rates | others


def test_the_sizes_are_those_of_the_code() -> None:
    body, rows = Settings.model_fields["body_limit"].default, LARGEST_LIMIT
    for told in (f"{body // 1024} KiB", f"{LONGEST_ADDRESS // 1024} KiB", f"{LONGEST_HEAD // 1024} KiB", f"{rows} (`limit`)"):
        assert f" {told} |" in TEXT
