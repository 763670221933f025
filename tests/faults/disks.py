"""The file of an SQLite database can't be written, is locked, or is gone, while the service runs on."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

from tests.faults.findings import Row
from tests.faults.server import Server
from tests.faults.trial import Fault, tried

MEGABYTE: Final = 2**20
DISK_MEGABYTES: Final = 64
LEAST_BYTES: Final = 4096
"""What a process may still write to a file under a limit: less than anything that is stored takes."""


@contextmanager
def small_disk(megabytes: int = DISK_MEGABYTES) -> Iterator[Path]:
    """Give the folder of a file system that is soon full; only root may make one."""
    folder = Path(tempfile.mkdtemp(prefix="disk"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@cache
def may_mount() -> bool:
    """Whether a small disk can be had."""
    try:
        with small_disk(1):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def full(file: Path, server: Server, times: int) -> Row:
    """Fill the disk on which the file lies."""
    ballast = file.with_name("ballast")
    return _tried(Fault("disk full", lambda: _fill(ballast), ballast.unlink, 507, readable=True), file, server, times)


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as ballast:
        for piece in (MEGABYTE, LEAST_BYTES):
            with suppress(OSError):
                while ballast.write(bytes(piece)) == piece:
                    pass


def limited(file: Path, server: Server, times: int) -> Row:
    """Let every write to the disk fail, as it does beyond a quota and on a disk that is broken."""
    import resource  # noqa: PLC0415 - there is none on Windows

    def limit(most: int) -> None:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    fault = Fault("writing fails", lambda: limit(LEAST_BYTES), lambda: limit(resource.RLIM_INFINITY), readable=True)
    return _tried(fault, file, server, times)


def locked(file: Path, server: Server, times: int) -> Row:
    """Let another program hold the file for longer than the service waits."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        hold, let_go = (lambda: other.execute("BEGIN EXCLUSIVE")), (lambda: other.execute("ROLLBACK"))
        return _tried(Fault("file locked", hold, let_go, readable=True), file, server, times)


def moved(file: Path, server: Server, times: int) -> Row:
    """Move the file away, and back."""
    aside = file.with_name("aside")
    return _tried(Fault("file moved away", lambda: file.replace(aside), lambda: aside.replace(file)), file, server, times)


def replaced(file: Path, server: Server, times: int) -> Row:
    """Put another database in the place of the file, and the file back."""
    aside = file.with_name("aside")
    fault = Fault("file replaced", lambda: shutil.copy(file.replace(aside), file), lambda: aside.replace(file))
    return _tried(fault, file, server, times)


def _tried(fault: Fault, file: Path, server: Server, times: int) -> Row:
    return tried(fault, f"sqlite:///{file}", server, times)
