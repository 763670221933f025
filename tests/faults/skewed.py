"""The command line on a clock that is set back and forth: `skewed.py FILE …`, where FILE holds by how many seconds."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

from app.cli import main
from app.edge import context

OFFSET = Path(sys.argv.pop(1))


class Skewed(datetime):
    """Stands where the service looks at the clock."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Return the time, and what the file adds to it."""
        return super().now(tz) + timedelta(seconds=float(OFFSET.read_text()))


if __name__ == "__main__":
    context.datetime = Skewed  # type: ignore[attr-defined]  # a name that the module imports
    main()
