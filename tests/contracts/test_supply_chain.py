"""What the project is made of: nothing without need, under licences that it can live with, named in a bill, and audited."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import packages_distributions
from threading import Thread
from typing import Any, Final

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply.audit import CLEAN, UNKNOWN, VULNERABLE, audit, verdict
from tests.supply.lock import BUILD, ROOT, RUNTIME, TRACED, licence, pins
from tests.supply.sbom import bill

OURS: Final = ("app", "quiz_bank", "migrations")
LOADED_BY_NAME: Final = {
    "httptools": "uvicorn takes it where it is installed",
    "tzdata": "zoneinfo reads it where the system has no time zones",
    "uvloop": "uvicorn takes it where it is installed",
}
PART_OF: Final = {
    "joserfc": "authlib",
    "markupsafe": "jinja2",
    "pydantic-core": "pydantic",
    "redis": "limits",
    "starlette": "fastapi",
}
"""What is imported as a part of something that is asked for, and comes with it."""

# Permissive ones, and weak copyleft for what is used unchanged as a library.
LICENCES: Final = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "LGPL-3.0-only",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "PSF-2.0",
    "Zlib",
}


@cache
def asked_for() -> frozenset[str]:
    """Return what the project asks for to run, extras included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [text for texts in project["optional-dependencies"].values() for text in texts]
    return frozenset(canonicalize_name(Requirement(text).name) for text in [*project["dependencies"], *extras])


@cache
def imported() -> frozenset[str]:
    """Return the distributions from which the project imports anything, wherever in a module."""
    modules = {
        name.partition(".")[0] for folder in OURS for path in (ROOT / folder).rglob("*.py") for name in names(path.read_text())
    }
    homes = packages_distributions()
    foreign = modules - set(sys.stdlib_module_names) - set(OURS)
    found: set[str] = set()
    for module in foreign:
        those = {canonicalize_name(home) for home in homes.get(module, [module])}
        found |= those & asked_for() or those  # a namespace may be shared by more than are meant
    return frozenset(found)


def names(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_nothing_is_asked_for_without_need() -> None:
    assert asked_for() - imported() == LOADED_BY_NAME.keys()


def test_nothing_is_imported_that_is_not_asked_for() -> None:
    assert imported() - asked_for() == PART_OF.keys()
    assert asked_for() >= set(PART_OF.values())


def test_every_licence_is_one_that_the_project_can_live_with() -> None:
    licences = {pin.name: licence(pin.name) for pin in pins(TRACED) if pin.needed_in({})}
    alien = {name: its for name, its in licences.items() if its is None or not set(re.split(" AND | OR ", its)) <= LICENCES}
    assert alien == {}


def test_what_traces_need_is_added_to_the_same_versions() -> None:
    runtime, traced = set(map(str, pins(RUNTIME))), set(map(str, pins(TRACED)))
    assert runtime < traced


@pytest.fixture(scope="module")
def text() -> str:
    """Return the bill of materials."""
    return bill()


def test_the_bill_of_materials_is_valid_and_the_same_again(text: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert bill() == text


def test_the_bill_names_everything_that_is_locked_with_its_hashes_and_no_address(text: str) -> None:
    said = json.loads(text)
    named = sorted((each["name"], each["version"], *hashes(each)) for each in said["components"])
    assert named == sorted((pin.name, pin.version, *sorted(pin.hashes)) for pin in pins(RUNTIME))
    assert set(re.findall(r"https?://[^/\"]+", text)) == {"http://cyclonedx.org"}  # the schema's own name


def hashes(component: dict[str, Any]) -> list[str]:
    return sorted(each["content"] for each in component["externalReferences"][0]["hashes"])


def test_the_bill_says_who_needs_what(text: str) -> None:
    needed = {each["ref"]: each.get("dependsOn", []) for each in json.loads(text)["dependencies"]}
    reached: set[str] = set()
    left = ["crossdrill"]
    while left:
        new = set(needed[left.pop()]) - reached
        reached |= new
        left += new
    assert reached >= {f"pkg:pypi/{pin.name}@{pin.version}" for pin in pins(RUNTIME) if pin.needed_in({})}


@contextmanager
def advisories(vulnerable: str) -> Iterator[list[str]]:
    """Serve a database of advisories that has one, on the distribution of this name; give the options that lead to it."""
    advisory = {"id": "TEST-1", "summary": "", "details": "", "aliases": [], "affected": []}

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = [advisory] if asked["package"]["name"] == vulnerable else []
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"vulns": found} if found else {}).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever).start()
        yield ["--vulnerability-service", "osv", "--osv-url", f"http://127.0.0.1:{server.server_port}/"]
        server.shutdown()


def test_an_audit_names_what_is_vulnerable() -> None:
    with advisories("fastapi") as options:
        status, said = audit(options)
    assert status == VULNERABLE
    assert re.search(r"^fastapi [\d.]+: TEST-1", said, re.MULTILINE)


def test_an_audit_that_finds_nothing_says_how_much_it_asked_about() -> None:
    with advisories("nothing") as options:
        status, said = audit(options)
    asked = {pin.name for lock in (TRACED, BUILD) for pin in pins(lock) if pin.needed_in({})}
    assert (status, said) == (CLEAN, f"No advisory names any of the {len(asked)} locked distributions.")


def test_an_audit_that_reaches_nobody_is_no_clean_one() -> None:
    status, said = audit(["--vulnerability-service", "osv", "--osv-url", "http://127.0.0.1:9/"])
    assert status == UNKNOWN
    assert said.startswith("NOT AUDITED")


@pytest.mark.parametrize("others", [[], [{"name": "b", "version": "2", "vulns": []}]])
def test_a_distribution_that_was_left_out_is_not_audited(others: list[dict[str, Any]]) -> None:
    status, said = verdict([{"name": "a", "skip_reason": "not found"}, *others])
    assert status == UNKNOWN
    assert f"1 of {1 + len(others)}" in said
