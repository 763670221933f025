"""The image of this checkout, built once for all checks on a base that is built here too."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.image.base import make_base
from tests.image.buildah import Buildah, temporary
from tests.image.container import Image
from tests.image.machine import PackageIndex, missing, package_index

ROOT: Final = Path(__file__).parents[2]
_told: list[str] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long the build took and how large the image is."""
    for line in _told:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def buildah() -> Iterator[Buildah]:
    """Give a buildah of the test's own; where the machine lacks something the checks fail, for they can't be made."""
    lacks = missing()
    if lacks:
        pytest.fail(lacks)
    with temporary() as program:
        yield program


@pytest.fixture(scope="session")
def base(buildah: Buildah) -> Image:
    """Build the image that the Dockerfile starts from, under the name by which it asks for it."""
    [name] = set(re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    started = time.monotonic()
    make_base(buildah, name, package_index())
    _told.append(f"base: {name} in {time.monotonic() - started:.0f} s")
    return Image(buildah, f"docker.io/library/{name}")


@pytest.fixture(scope="session")
def image(base: Image) -> Image:
    """Build the image as `docker build .` would."""
    buildah, index = base.buildah, package_index()
    started = time.monotonic()
    options = ["--isolation", "chroot", "--pull=never", "--layers=false", "--format", "docker", "--quiet"]
    buildah("build", *options, *_way_to_packages(buildah.folder, index), "--tag", "crossdrill", ROOT)
    built = Image(buildah, "localhost/crossdrill")
    _told.append(
        f"image: {_megabytes(built)} MB, {_megabytes(base)} MB of them the base's, in {time.monotonic() - started:.0f} s"
    )
    return built


@pytest.fixture
def volume(image: Image, tmp_path: Path) -> Path:
    """Return a new volume, made as an engine makes one: with what the image has there, its owner and mode."""
    folder = tmp_path / "volume"
    with image.mounted() as files:
        made = (files / "data").stat()
        shutil.copytree(files / "data", folder)
    shutil.chown(folder, made.st_uid, made.st_gid)
    folder.chmod(made.st_mode)
    return folder


def _way_to_packages(folder: Path, index: PackageIndex) -> list[str]:
    settings = folder / "pip.conf"
    settings.write_text(index.settings)
    mounts = {settings: Path("/etc/pip.conf"), **{path: path for path in index.paths}}
    return [word for own, inner in mounts.items() for word in ("--volume", f"{own}:{inner}:ro")]


def _megabytes(image: Image) -> int:
    with image.mounted() as files:
        return sum(path.lstat().st_size for path in files.rglob("*") if not path.is_dir()) // 1_000_000
