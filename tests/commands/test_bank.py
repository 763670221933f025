from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Run


def test_check_proves_the_families_that_are_named(run: Run) -> None:
    ended = run("bank", "check", "surprisal", "nats-and-bits", "--seeds", "3")
    assert ended.status == 0
    assert [line.split()[0] for line in ended.out.splitlines()[1:3]] == ["surprisal", "nats-and-bits"]
    assert "softmax" not in ended.out


def test_show_prints_the_problem_with_its_solution(run: Run) -> None:
    ended = run("bank", "show", "cross-entropy-one-hot", "--preset", "mock-question")
    assert ended.status == 0
    assert "[0.7, 0.2, 0.1]" in ended.out
    assert "−ln(0.7)" in ended.out


def test_show_speaks_chinese(run: Run) -> None:
    assert "交叉熵" in run("bank", "show", "cross-entropy-one-hot", "--language", "zh").out


def test_the_same_seed_shows_the_same_problem_and_another_one_another(run: Run) -> None:
    seven, again, eight = (run("bank", "show", "softmax", "--seed", seed).out for seed in ("7", "7", "8"))
    assert seven == again != eight


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sofmax"], "There is no family sofmax. Did you mean softmax"),
        (["softmax", "--preset", "nope"], "There is no preset nope here. There is: "),
        (["softmax", "--level", "99"], "There is no level 99 here. There is: 1"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(run: Run, arguments: list[str], sentence: str) -> None:
    ended = run("bank", "show", *arguments)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith(f"crossdrill: {sentence}")


def test_new_writes_a_family_and_says_what_is_next(run: Run, tmp_path: Path) -> None:
    ended = run("bank", "new", "two-events", "--into", str(tmp_path))
    assert ended.status == 0
    assert str(tmp_path / "two_events") in ended.out
    assert "crossdrill bank check two-events" in ended.out
    assert sorted(path.name for path in (tmp_path / "two_events").iterdir()) == ["__init__.py", "en.md", "family.py", "zh.md"]


@pytest.mark.parametrize("slug", ["class", "Two events", "../x", "2-events"])
def test_new_refuses_a_slug_that_names_no_module_in_a_sentence(run: Run, tmp_path: Path, slug: str) -> None:
    ended = run("bank", "new", slug, "--into", str(tmp_path))
    assert ended.status == 1
    assert ended.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_new_leaves_a_family_alone_that_is_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "two_events").mkdir()
    ended = run("bank", "new", "two-events", "--into", str(tmp_path))
    assert (ended.status, ended.err) == (1, f"crossdrill: {tmp_path} holds that family already.\n")


def test_new_makes_no_folder_for_families(run: Run, tmp_path: Path) -> None:
    ended = run("bank", "new", "two-events", "--into", str(tmp_path / "nowhere"))
    assert (ended.status, ended.err) == (1, f"crossdrill: There is no folder {tmp_path / 'nowhere'}.\n")
    assert list(tmp_path.iterdir()) == []
