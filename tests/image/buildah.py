"""Debian's buildah with its storage in a folder that is thrown away: images and containers without an engine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Buildah:
    """The program, told where to keep everything."""

    folder: Path
    driver: str

    def words(self, *arguments: str | Path) -> list[str]:
        """Return a whole command."""
        storage = ["--root", self.folder / "root", "--runroot", self.folder / "run", "--storage-driver", self.driver]
        return ["buildah", *map(str, storage), *map(str, arguments)]

    def environment(self) -> dict[str, str]:
        """Return the environment in which it leaves nothing elsewhere."""
        return {**os.environ, "TMPDIR": str(self.folder)}

    def __call__(self, *arguments: str | Path) -> str:
        """Run a command and return what it printed; AssertionError with everything that it said if it fails."""
        words = self.words(*arguments)
        done = subprocess.run(words, capture_output=True, text=True, env=self.environment(), check=False)
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}{done.stderr}"
        return done.stdout.strip()


@contextmanager
def temporary() -> Iterator[Buildah]:
    """Give a buildah without images; nothing of it is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="crossdrill-image-"))
    try:
        yield Buildah(folder, _driver(folder))
    finally:
        _unmount_below(folder)
        shutil.rmtree(folder)


def _driver(folder: Path) -> str:
    """Return overlay, which copies nothing, where the machine can do it in this folder."""
    words = Buildah(folder, "overlay").words("info")
    works = subprocess.run(words, capture_output=True, check=False).returncode == 0
    return "overlay" if works else "vfs"


def _unmount_below(folder: Path) -> None:
    """Unmount whatever is mounted in a folder, the innermost first: it is to be removed, not what is mounted there."""
    mounted = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    for place in reversed([place for place in mounted if place.startswith(f"{folder}/")]):
        subprocess.run(["umount", place], check=True)
