from __future__ import annotations

from pathlib import Path

from tests.faults.clocks import STEPS, stepped
from tests.faults.findings import is_sound


def test_the_clock_is_set_back_and_forth_under_the_service(sqlite_url: str, tmp_path: Path) -> None:
    assert is_sound(stepped(sqlite_url, tmp_path, len(STEPS)))
