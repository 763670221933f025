"""The file: a category for each topic, with its questions."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from app.exports.moodle.elements import question
from app.exports.selection import Selection, frozen
from quiz_bank.problem import Language


def questions(selection: Selection, language: Language) -> bytes:
    """Return a file in Moodle's XML format: the same selection is the same bytes.

    Every question has an id of its own in its category, made of language, family and problem and never of a text.
    """
    topics: dict[str, list[Element]] = {}
    for problem in frozen(selection, "moodle"):
        topics.setdefault(problem.variant.family.topic, []).append(question(problem, language))
    quiz = Element("quiz")
    for topic, of_topic in topics.items():
        quiz.append(_category(topic))
        quiz.extend(of_topic)
    indent(quiz)
    file: bytes = tostring(quiz, encoding="utf-8", xml_declaration=True)
    return file


def _category(topic: str) -> Element:
    element = Element("question", type="category")
    SubElement(SubElement(element, "category"), "text").text = f"$course$/top/Crossdrill/{topic}"
    return element
