"""A stand-in for the image that the Dockerfile starts from, which a machine without a registry can't fetch."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.image.buildah import Buildah
from tests.image.machine import RELEASE, PackageIndex, mirror

# debootstrap doesn't see that python3-distutils provides what the version's own package asks for.
PACKAGES: Final = ("ca-certificates", "netbase", "tzdata", "python3-distutils", "python3.11-venv")


def make_base(buildah: Buildah, name: str, index: PackageIndex) -> None:
    """Make an image of Debian with CPython 3.11, as slim as the real one, and give it the name that is asked for.

    Like the real one it has `python` in /usr/local/bin, no bytecode and no lists of packages. Mount points for the
    way to the packages are there from the start, so that the build leaves none behind.
    """
    container = buildah("from", "scratch")
    root = Path(buildah("mount", container))
    _bootstrap(root)
    _slim_down(root)
    for path in index.paths:
        place = root / path.relative_to("/")
        (place if path.is_dir() else place.parent).mkdir(parents=True, exist_ok=True)
        if path.is_file():
            place.touch()
    (root / "etc/pip.conf").touch()
    buildah("umount", container)
    programs = "PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
    buildah("config", "--env", programs, "--env", "LANG=C.UTF-8", "--cmd", "python3", container)
    buildah("commit", "--quiet", "--disable-compression", "--rm", container, f"docker.io/library/{name}")


def _bootstrap(root: Path) -> None:
    words = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", RELEASE, str(root), *mirror()]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"debootstrap failed:\n{done.stdout[-4000:]}{done.stderr}"


def _slim_down(root: Path) -> None:
    for name, target in (("python3.11", "/usr/bin/python3.11"), ("python3", "python3.11"), ("python", "python3.11")):
        (root / "usr/local/bin" / name).symlink_to(target)
    for cache in [*(root / "usr/lib").glob("python3*/**/__pycache__"), root / "var/lib/apt/lists", root / "var/cache/apt"]:
        shutil.rmtree(cache)
