"""The container's recipe and the locks that it installs from."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.image.machine import PROGRAMS

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-otel.lock", "requirements-dev.lock", "requirements-build.lock")


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text()


def test_the_linter_finds_nothing_in_the_dockerfile() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    result = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_image_runs_as_a_user_without_rights_and_has_a_health_check() -> None:
    last_stage = dockerfile().rsplit("\nFROM ", 1)[1]
    user = re.search(r"^USER (\d+):(\d+)$", last_stage, re.MULTILINE)
    assert user is not None
    assert int(user[1]) > 0
    assert "HEALTHCHECK" in last_stage
    assert re.findall(r"^VOLUME (.+)$", last_stage, re.MULTILINE) == ["/data"]


def test_the_dockerfile_names_no_address_but_its_own() -> None:
    addresses = re.findall(r"https?://([^/:\s]+)", dockerfile())
    assert set(addresses) <= {"127.0.0.1"}
    assert "index-url" not in dockerfile()


def test_what_the_dockerfile_copies_is_sent_to_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    first_stage = dockerfile().rsplit("\nFROM ", 1)[0]
    copied = [name for line in re.findall(r"^COPY (.+)$", first_stage, re.MULTILINE) for name in line.split()[:-1]]
    assert copied
    for name in copied:
        assert (ROOT / name).exists()
        assert f"!{name}" in ignored


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    requirements = re.findall(r"^([\w.\[\]-]+)==[^\\\n]+\\\n((?:    --hash=sha256:[0-9a-f]{64}[ \\\n]*)+)", text, re.MULTILINE)
    assert len(requirements) == len(re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)) > 3


def test_ci_installs_whatever_a_test_asks_to_have_installed() -> None:
    sources = [path.read_text() for path in (ROOT / "tests").rglob("*.py")]
    asked = {
        word
        for source in sources
        for words in re.findall(r"apt-get install ((?:[a-z0-9-]+ ?)+)", source)
        for word in words.split()
    }
    assert asked >= {"chromium", "curl", "redis-server"}
    assert asked | set(PROGRAMS) <= set(re.findall(r"[a-z0-9-]+", (ROOT / ".ci/run").read_text()))
