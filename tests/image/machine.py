"""What the test of the image takes from the machine: programs, Debian's mirror, and the way to the packages' index."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

RELEASE: Final = "bookworm"
PROGRAMS: Final = ("buildah", "debootstrap", "curl")


def missing() -> str | None:
    """Return what the machine lacks and how to come by it, None if it lacks nothing."""
    absent = [program for program in PROGRAMS if shutil.which(program) is None]
    if absent:
        install = f"On Debian: apt-get install {' '.join(absent)}"
        return f"The image is built without an engine, and {', '.join(absent)} is missing. {install}"
    if os.geteuid() != 0:
        return "Building an image without an engine is something that root alone can do: sudo make test-image"
    return None


def mirror() -> list[str]:
    """Return the address from which this machine has Debian's packages; nothing leaves the choice to debootstrap."""
    words = ["apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)", "Created-By: Packages"]
    targets = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    return [uri for codename, _, uri in (target.partition(" ") for target in targets) if codename == RELEASE][:1]


@dataclass(frozen=True, slots=True)
class PackageIndex:
    """How this machine's pip reaches its packages: its settings as a file, and the folders and files that they name."""

    settings: str
    paths: tuple[Path, ...]


def package_index() -> PackageIndex:
    """Return what pip goes by here, wherever it is set: files of the machine and the user, or the environment."""
    words = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    settings = {}
    # later lines are stronger only if the environment's come last
    for line in sorted(listed, key=lambda line: line.startswith(":env:")):
        name, _, value = line.partition("=")
        settings[name.rpartition(".")[2]] = str(ast.literal_eval(value))
    paths = dict.fromkeys(path for value in settings.values() for path in _paths(value))
    lines = [f"{name} = {' '.join(value.split())}" for name, value in settings.items()]
    return PackageIndex("\n".join(["[global]", *lines, ""]), tuple(paths))


def _paths(value: str) -> Iterator[Path]:
    for word in value.split():
        path = Path(word.removeprefix("file://"))
        if path.is_absolute() and path.exists():
            yield path.parent if path.name == "simple" else path  # an index's pages point at the files beside it
