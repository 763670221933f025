"""Waits beside the tests until they end; if they were killed, it stops their PostgreSQL and removes its folder.

`python postgres_guard.py PID FOLDER`: on standard input comes a word when all was tidied up, else nothing but its end.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path


def main() -> None:
    """Stand guard."""
    server, folder = int(sys.argv[1]), Path(sys.argv[2])
    if sys.stdin.buffer.read():
        return
    with suppress(ProcessLookupError):
        os.kill(server, signal.SIGINT)  # to PostgreSQL: disconnect everyone and end
    while (folder / "data" / "postmaster.pid").exists():
        time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
