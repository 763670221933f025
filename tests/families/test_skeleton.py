"""What a new family starts from passes its proof, in this package and in another one."""

from __future__ import annotations

import importlib
from importlib.metadata import EntryPoint
from pathlib import Path
from uuid import uuid4

import pytest

from quiz_bank import offers, registry, skeleton
from quiz_bank.check import check
from quiz_bank.offers import OfferError


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


@pytest.mark.parametrize("slug", ["class", "lambda", "in"])
def test_a_word_of_pythons_own_is_no_slug(slug: str, package: Path) -> None:
    with pytest.raises(ValueError, match="Python's own"):
        skeleton.write(slug, package)
    assert [path.name for path in package.iterdir()] == ["__init__.py"]


def test_the_folder_of_the_families_is_not_made(package: Path) -> None:
    with pytest.raises(FileNotFoundError):
        skeleton.write("two-events", package / "familys")
    assert [path.name for path in package.iterdir()] == ["__init__.py"]


def test_a_family_that_is_there_is_left_alone(package: Path) -> None:
    folder = skeleton.write("two-events", package)
    (folder / "en.md").write_text("mine")
    with pytest.raises(FileExistsError):
        skeleton.write("two-events", package)
    assert (folder / "en.md").read_text() == "mine"


def offer(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Let an installed package name something as a family."""
    entry = EntryPoint("my-own", value, offers.ENTRY_POINTS)
    monkeypatch.setattr(offers, "entry_points", lambda group: [entry] if group == entry.group else [])


def test_an_installed_package_offers_families_through_an_entry_point(monkeypatch: pytest.MonkeyPatch, package: Path) -> None:
    skeleton.write("offered-family", package)
    offer(monkeypatch, f"{package.name}.offered_family.family:FAMILY")
    offered = importlib.import_module(f"{package.name}.offered_family.family").FAMILY
    assert registry.load_all()["offered-family"] is offered


def test_a_slug_that_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "quiz_bank.families.surprisal.family:FAMILY")
    with pytest.raises(OfferError, match="surprisal, which there is already"):
        registry.load_all()


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("nowhere:FAMILY", "can't be loaded.*nowhere"),
        ("json:FAMILY", "can't be loaded.*FAMILY"),
        ("json:dumps", "is no Family"),
    ],
)
def test_what_is_no_family_is_refused_with_the_name_of_who_offers_it(
    monkeypatch: pytest.MonkeyPatch, value: str, fault: str
) -> None:
    offer(monkeypatch, value)
    with pytest.raises(OfferError, match=f"^{value} {fault}"):
        registry.load_all()
