"""What a new family starts from passes its proof, in this package and in another one."""

from __future__ import annotations

import importlib
from pathlib import Path
from uuid import uuid4

import pytest

from quiz_bank import registry, skeleton
from quiz_bank.check import check
from quiz_bank.problem import Family


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a package that can be imported, as another project's would be."""
    folder = tmp_path / f"bank_{uuid4().hex}"  # a name of its own: modules stay imported from test to test
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_the_skeleton_passes_its_proof_under_any_slug(package: Path) -> None:
    folder = skeleton.write("my-own-family", package)
    family = importlib.import_module(f"{package.name}.{folder.name}.family").FAMILY
    assert family.slug == "my-own-family"
    assert check(family, 100).failures == []


@pytest.mark.parametrize("slug", ["Two events", "two_events", "-x", "", "../x"])
def test_a_slug_is_lower_case_words_with_hyphens(slug: str, package: Path) -> None:
    with pytest.raises(ValueError, match="lower-case words"):
        skeleton.write(slug, package)
    assert [path.name for path in package.iterdir()] == ["__init__.py"]


def test_a_family_that_is_there_is_left_alone(package: Path) -> None:
    folder = skeleton.write("two-events", package)
    (folder / "en.md").write_text("mine")
    with pytest.raises(FileExistsError):
        skeleton.write("two-events", package)
    assert (folder / "en.md").read_text() == "mine"


class Offer:
    """What an installed package's entry point is to the registry."""

    def __init__(self, family: Family[object]) -> None:
        self.load = lambda: family


def test_an_installed_package_offers_families_through_an_entry_point(monkeypatch: pytest.MonkeyPatch, package: Path) -> None:
    skeleton.write("offered-family", package)
    offered = importlib.import_module(f"{package.name}.offered_family.family").FAMILY
    monkeypatch.setattr(registry, "entry_points", lambda group: [Offer(offered)] if group == registry.ENTRY_POINTS else [])
    assert registry.load_all()["offered-family"] is offered


def test_a_slug_that_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = registry.FAMILIES["surprisal"]
    monkeypatch.setattr(registry, "entry_points", lambda group: [Offer(taken)])
    with pytest.raises(ValueError, match="which there is already"):
        registry.load_all()
