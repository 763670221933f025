"""The question file, read by programs of others that know the format."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest
from moodle_xml_parser import parser

from quiz_bank.grading.tolerance import unit_of_last_place
from quiz_bank.problem import Language, Value, components
from quiz_bank.registry import FAMILIES
from tests.exports.reading import Carried, whole_bank

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def file_of(problems: list[Carried]) -> bytes:
    quiz = ElementTree.Element("quiz")
    quiz.extend(problem.question for problem in problems)
    return bytes(ElementTree.tostring(quiz, encoding="utf-8"))


@pytest.fixture(scope="module")
def amc() -> Iterator[ModuleType]:
    """Import the converter without the library for pictures, of which there are none, and undo what it does to logging."""
    logger_class, image = logging.getLoggerClass(), ModuleType("wand.image")
    image.__dict__["Image"] = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "wand", ModuleType("wand"))
        patch.setitem(sys.modules, "wand.image", image)
        yield import_module("amc2moodle.moodle2amc")
    logging.setLoggerClass(logger_class)


def converted(amc: ModuleType, file: bytes, folder: Path) -> str:
    """Return a question file as the converter's LaTeX."""
    source, target = folder / "questions.xml", folder / "questions.tex"
    source.write_bytes(file)
    amc.Quiz(str(source)).convert(str(target))
    return target.read_text("utf-8")


def the_truth(problem: Carried) -> Value:
    [part] = problem.variant.numeric.values()
    return part.truth


@pytest.mark.parametrize("language", LANGUAGES)
def test_amc2moodle_reads_every_number_with_its_tolerance(amc: ModuleType, tmp_path: Path, language: Language) -> None:
    # The converter takes the logarithm of the number, so it can't read a zero.
    problems = [p for p in whole_bank(language) if p.kind == "numerical" and the_truth(p) != 0]
    latex = converted(amc, file_of(problems), tmp_path)
    read = re.findall(r"\\AMCnumericChoices\{(\S+)\}\{exact = (\d+), decimals = (\d+)", latex)
    for problem, (number, exact, decimals) in zip(problems, read, strict=True):
        [part] = problem.variant.numeric.values()
        assert float(number) == pytest.approx(part.truth, rel=1e-11)
        unit = unit_of_last_place(part.truth, part.spec.significant_digits)
        assert int(exact) * 10.0 ** -int(decimals) == pytest.approx(float(unit))
    assert len(read) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_amc2moodle_reads_every_option_and_which_are_right(amc: ModuleType, tmp_path: Path, language: Language) -> None:
    problems = [problem for problem in whole_bank(language) if problem.kind == "multichoice"]
    read = re.findall(r"\\(correct|wrong)choice\{", converted(amc, file_of(problems), tmp_path))
    shares = [float(answer.get("fraction", "")) for problem in problems for answer in problem.question.findall("answer")]
    assert read == ["correct" if share > 0 else "wrong" for share in shares]
    assert len(read) > 100


def read_by_parser(problems: list[Carried], output: pytest.CaptureFixture[str]) -> dict[str, list[Any]]:
    """Return what the parser makes of some questions; it prints what it can't read."""
    read: dict[str, list[Any]] = parser.parse_bytes(file_of(problems))
    assert output.readouterr().out == ""
    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_moodle_xml_parser_reads_every_gap(language: Language, capsys: pytest.CaptureFixture[str]) -> None:
    problems = [problem for problem in whole_bank(language) if problem.kind == "cloze"]
    read = read_by_parser(problems, capsys)["cloze"]
    for problem, question in zip(problems, read, strict=True):
        gaps = [gap for gap in question.gaps if gap.sub_type != "UNKNOWN"]  # it takes the braces of formulas for gaps too
        assert all([option.score for option in gap.options].count(100) == 1 for gap in gaps)
        assert all(
            option.feedback for gap in gaps for option in gap.options if gap.sub_type == "NUMERICAL" and not option.score
        )
        typed = [gap for gap in gaps if gap.sub_type == "NUMERICAL"]
        numbers = [float(gap.options[0].answer.partition(":")[0]) for gap in typed]
        truths = [f"{number:.12g}" for part in problem.variant.numeric.values() for number in components(part.truth)]
        assert set(map(str, numbers)) <= {str(float(truth)) for truth in truths}
        assert gaps


@pytest.mark.parametrize("language", LANGUAGES)
def test_moodle_xml_parser_reads_every_option_with_its_share(language: Language, capsys: pytest.CaptureFixture[str]) -> None:
    problems = [problem for problem in whole_bank(language) if problem.kind == "multichoice"]
    read = read_by_parser(problems, capsys)["multichoice"]
    for problem, question in zip(problems, read, strict=True):
        [part] = problem.variant.parts
        right = sum(option.score_fraction for option in question.options if option.score_fraction > 0)
        assert right == pytest.approx(100)
        assert question.single is (part.spec.kind in ("choice", "number"))
        assert question.general_feedback
        assert not question.shuffle_answers


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_family_has_questions_of_the_types_that_these_programs_read(language: Language) -> None:
    kinds = {problem.kind for problem in whole_bank(language)}
    assert kinds == {"numerical", "multichoice", "cloze"}
    assert {problem.variant.family.slug for problem in whole_bank(language)} == set(FAMILIES)
