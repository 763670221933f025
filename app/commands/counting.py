"""Several server processes that count together, so that whichever is asked for the metrics answers for all."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from app.edge.exposition import FOLDER


@contextmanager
def counting_together() -> Iterator[None]:
    """Give the processes that are started meanwhile a folder to count in; raises OSError where none can be written."""
    with TemporaryDirectory(prefix="crossdrill-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[FOLDER] = folder
        yield


def only_of(pids: Collection[int | None]) -> None:
    """Forget how full and how busy any other process was; what it counted stays."""
    for file in Path(os.environ[FOLDER]).glob("gauge_live*_*.db"):
        if int(file.stem.rpartition("_")[2]) not in pids:
            file.unlink(missing_ok=True)
