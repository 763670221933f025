"""Several processes migrate one database at once, while another one tries to serve it."""

from __future__ import annotations

import subprocess
from typing import Final

from app.storage import migrate
from app.storage.errors import StorageError
from tests.faults.findings import Row
from tests.faults.server import PROGRAM, START_SECONDS, Server, environment

PROCESSES: Final = 4


def at_once(urls: list[str]) -> Row:
    """Migrate each of some empty databases: all processes succeed, and who comes to serve too early is told what to do."""
    faults = [f"{url}: {said}" for url in urls for said in _migrated(url)]
    return Row("migrations at once", len(urls), 0, 0, 0, 0, 0, tuple(faults))


def _migrated(url: str) -> list[str]:
    own = environment(database_url=url, log_level="error")
    migrating = [_started("migrate", own) for _ in range(PROCESSES)]
    early = _started("serve", {**own, "CROSSDRILL_PORT": "0"})
    faults = [said for process in migrating if (said := process.communicate(timeout=START_SECONDS)[1]) or process.returncode]
    faults += _said_early(early)
    try:
        migrate.require_head(url)
    except StorageError as error:
        return [*faults, str(error)]
    with Server(url):
        return faults


def _started(command: str, own: dict[str, str]) -> subprocess.Popen[str]:
    words = (*PROGRAM, command)
    return subprocess.Popen(words, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _said_early(early: subprocess.Popen[str]) -> list[str]:
    """Return what is wrong with a server that came early: it serves, or it says that there is no schema and ends."""
    try:
        said = early.communicate(timeout=5)[1]
    except subprocess.TimeoutExpired:
        early.terminate()
        return [] if early.wait(START_SECONDS) == 0 else ["a server that came in time did not end well"]
    return [] if early.returncode == 1 and "run crossdrill migrate" in said else [said]
