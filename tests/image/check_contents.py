"""What the image holds: what the lock names and the project, on its base, and nothing else."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.utils import canonicalize_name

from tests.image.container import Image
from tests.supply.lock import RUNTIME, pins

INSTALLED: Final = """import importlib.metadata as metadata, json, platform
print(json.dumps([platform.python_version(), {d.name: d.version for d in metadata.distributions()}]))"""

# Where something may stand that is not in the base: the environment, the volume, and what a new user changes.
OWN: Final = re.compile(
    r"opt/crossdrill(/.*)?|data|etc/(passwd|group|shadow|gshadow|subuid|subgid)-?|var/log/\w+|.*/__pycache__(/.*)?"
)


def entries(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Give every file, folder and link below a folder by its path there."""
    for folder, folders, files in os.walk(root):
        for name in [*folders, *files]:
            path = Path(folder, name)
            yield str(path.relative_to(root)), path.lstat()


def test_every_distribution_is_one_that_the_lock_names_at_its_version(image: Image, volume: Path) -> None:
    with image.container(volume, 12345) as container:
        python, installed = json.loads(container.said("python", "-c", INSTALLED))
    project = installed.pop("crossdrill")
    locked = {pin.name: pin.version for pin in pins(RUNTIME) if pin.needed_in({"python_full_version": python})}
    assert {canonicalize_name(name): version for name, version in installed.items()} == locked
    assert project == metadata.version("crossdrill")


def test_nothing_but_the_environment_is_added_to_the_base(base: Image, image: Image) -> None:
    with base.mounted() as before, image.mounted() as after:
        added = {path for path, _ in entries(after)} - {path for path, _ in entries(before)}
    assert [path for path in sorted(added) if not OWN.fullmatch(path)] == []


def test_there_is_no_compiler_no_installer_and_no_test_of_ours(image: Image) -> None:
    unwanted = re.compile(r".*/bin/(gcc|cc|c\+\+|make|ld|pip3?|hatchling)|.*/pip/__init__\.py|(src|root/\.cache|tests)(/.*)?")
    with image.mounted() as files:
        found = [path for path, _ in entries(files) if unwanted.fullmatch(path)]
        packages = {path.name for path in files.glob("opt/crossdrill/lib/python3*/site-packages/*")}
    assert found == []
    assert {"app", "quiz_bank", "migrations"} <= packages
    assert packages.isdisjoint({"tests", "bench", "test"})


def test_no_file_gives_whoever_runs_it_the_rights_of_its_owner(base: Image, image: Image) -> None:
    with base.mounted() as before, image.mounted() as after:
        rights = stat.S_ISUID | stat.S_ISGID
        known = {path for path, its in entries(before) if its.st_mode & rights}
        added = {path for path, its in entries(after) if its.st_mode & rights and not stat.S_ISDIR(its.st_mode)} - known
    assert added == set()


def test_the_user_may_write_to_the_volume_alone(image: Image) -> None:
    uid, gid = map(int, image.config["User"].split(":"))
    with image.mounted() as files:
        writable = {path for path, its in entries(files) if may_write(its, uid, gid)}
    assert writable == {"data"}


def may_write(its: os.stat_result, uid: int, gid: int) -> bool:
    """Whether a user may, folders for everybody's temporary files and devices left aside."""
    if stat.S_ISLNK(its.st_mode) or stat.S_ISCHR(its.st_mode) or its.st_mode & stat.S_ISVTX:
        return False
    own, group = its.st_uid == uid and its.st_mode & stat.S_IWUSR, its.st_gid == gid and its.st_mode & stat.S_IWGRP
    return bool(own or group or its.st_mode & stat.S_IWOTH)


def test_no_module_is_compiled_at_the_start(image: Image, volume: Path) -> None:
    with image.container(volume, 12345) as container:
        done = container.run("python", "-v", "-c", "import app.cli, app.main")
    assert done.returncode == 0, done.stderr
    compiled = re.findall(r"^# code object from '?(\S+\.py)'?$", done.stderr, re.MULTILINE)
    assert compiled == []
    assert len(re.findall(r"^# code object from '\S+\.pyc'", done.stderr, re.MULTILINE)) > 100


def test_it_says_what_it_is_and_how_to_stop_it(image: Image) -> None:
    assert image.config["Labels"]["org.opencontainers.image.title"] == "Crossdrill"
    assert image.config["StopSignal"] == "SIGTERM"
    assert list(image.config["Volumes"]) == ["/data"]
    assert list(image.config["ExposedPorts"]) == ["8000/tcp"]
