"""What the locks name: each distribution with its version, its hashes, and where it is needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Final

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[2]
RUNTIME: Final = ROOT / "requirements.lock"
TRACED: Final = ROOT / "requirements-otel.lock"
"""The runtime's, and what traces need besides."""
BUILD: Final = ROOT / "requirements-build.lock"

ENTRY: Final = re.compile(r"^(\w[^\\\n]*) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)

LICENCES: Final = {
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
    "MIT License": "MIT",
}
"""What distributions call their licences that have no SPDX expression, and the identifier that it is."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One distribution of a lock; `name` is its canonical one."""

    name: str
    version: str
    marker: Marker | None
    hashes: tuple[str, ...]

    def needed_in(self, environment: Mapping[str, str]) -> bool:
        """Whether it belongs to an environment; what is not said of that is as it is here."""
        return self.marker is None or self.marker.evaluate(dict(environment))


def pins(lock: Path) -> list[Pin]:
    """Return what a lock names, in its order."""
    return [_pin(Requirement(entry), hashes) for entry, hashes in ENTRY.findall(lock.read_text())]


def _pin(requirement: Requirement, hashes: str) -> Pin:
    [version] = requirement.specifier
    return Pin(
        canonicalize_name(requirement.name), version.version, requirement.marker, tuple(re.findall(r"[0-9a-f]{64}", hashes))
    )


def licence(name: str) -> str | None:
    """Return the licence of an installed distribution as an SPDX expression, None for one that is not installed here.

    Its own expression counts, else its short text, else its classifiers.
    """
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return None
    return str(said.json.get("license_expression") or _spelled_out(said))


def _spelled_out(said: PackageMetadata) -> str:
    text = str(said.json.get("license", "")).strip()
    if text and "\n" not in text:
        return LICENCES.get(text, text)
    marks = [mark for mark in said.get_all("Classifier") or () if mark.startswith("License ::")]
    return " OR ".join(LICENCES.get(mark, mark) for mark in marks)
