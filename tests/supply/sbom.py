"""The bill of materials: Crossdrill and everything that its lock names, with hashes, licences and who needs what.

`python -m tests.supply.sbom FILE` writes it as CycloneDX 1.6. The same lock gives the same bill: it says nothing of the
moment or the machine that made it, nor where anything is fetched from.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import requires
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply.lock import ROOT, RUNTIME, Pin, licence, pins

PROJECT: Final = "crossdrill"
BILLS: Final = UUID("5d0a4f3e-7f0b-4c55-8d33-3f2d4f6f2a11")  # any namespace, for ever the same


def bill() -> str:
    """Return the bill as JSON."""
    components = [(pin.name, _component(pin)) for pin in pins(RUNTIME)]
    project, asked = _project()
    bom = Bom(
        components=(component for _, component in components),
        metadata=BomMetaData(component=project),
        serial_number=uuid5(BILLS, RUNTIME.read_text()),
    )
    needs = needed(asked)
    for name, component in [(PROJECT, project), *components]:
        bom.register_dependency(component, [each for wanted, each in components if wanted in needs.get(name, ())])
    said = json.loads(JsonV1Dot6(bom).output_as_string())
    del said["metadata"]["timestamp"]
    return json.dumps(said, indent=2) + "\n"


def needed(asked: Iterable[Requirement]) -> dict[str, set[str]]:
    """Return what each distribution needs here, those of the extras that are asked for included; the project's under its name.

    Where the lock has several versions of one, for several versions of Python, all of them are meant.
    """
    found: dict[str, set[str]] = {PROJECT: {canonicalize_name(each.name) for each in asked}}
    left = [(each, extra) for each in asked for extra in ("", *each.extras)]
    seen = set()
    while left:
        wanted, extra = left.pop()
        name = canonicalize_name(wanted.name)
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        further = [each for each in map(Requirement, requires(name) or ()) if _applies(each, extra)]
        found.setdefault(name, set()).update(canonicalize_name(each.name) for each in further)
        left += [(each, own) for each in further for own in ("", *each.extras)]
    return found


def _applies(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _project() -> tuple[Component, list[Requirement]]:
    """Return the project and what it asks for itself."""
    said: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    component = Component(
        name=PROJECT,
        version=said["version"],
        description=said["description"],
        type=ComponentType.APPLICATION,
        licenses=[LicenseFactory().make_from_string(said["license"])],
        bom_ref=PROJECT,
    )
    return component, [Requirement(text) for text in said["dependencies"]]


def _component(pin: Pin) -> Component:
    """Return a distribution; each of its files has a hash, for every platform has its own."""
    address = PackageURL("pypi", None, pin.name, pin.version)
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=content) for content in pin.hashes]
    files = ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(str(address)), hashes=hashes)
    known = licence(pin.name)
    return Component(
        name=pin.name,
        version=pin.version,
        scope=ComponentScope.OPTIONAL if pin.marker else ComponentScope.REQUIRED,
        licenses=[LicenseFactory().make_from_string(known)] if known else [],
        external_references=[files],
        purl=address,
        bom_ref=str(address),
    )


def main(path: Path) -> None:
    """Write the bill to a file, whose folder is made if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(bill())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
