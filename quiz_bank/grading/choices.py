"""Parts with options: read as letters, graded exactly. A rubric is self-assessed, and only ever counted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from quiz_bank.grading.errors import AnswerError, pointer_of
from quiz_bank.problem import ChoicePart, Codes, Diagnosis, PartResult, PartVerdict, State

MOST_CHARACTERS: Final = 200
MOST_PROSE_CHARACTERS: Final = 10_000
# NFKC has made full-width marks plain by then; "and" between letters is no three picks.
_SEPARATORS: Final = re.compile(r"(?:[\s,;、。./>&+→()\[\]·|–—-]|\band\b|和|与)+")


def read_choice(part: ChoicePart, answer: object, errors: list[AnswerError]) -> Codes:
    """Return the codes that were picked, in the order given; notes in `errors` what is no pick."""
    pointer = pointer_of(part.name)
    if part.spec.kind == "rubric":
        answer = _points(answer, pointer, errors)
    letters = _letters(answer)
    if letters is None or (part.spec.kind == "multi_select" and not letters):  # an empty field is no answer yet
        errors.append(AnswerError(pointer, "letters-expected", values={"letters": _shown(part)}))
        return ()
    unknown = next((letter for letter in letters if letter not in part.letters), None)
    if unknown is not None:
        errors.append(AnswerError(pointer, "unknown-letter", values={"letter": unknown, "letters": _shown(part)}))
        return ()
    if complaint := _miscounted(part, letters):
        errors.append(AnswerError(pointer, complaint, values={"count": len(part.truth), "found": len(letters)}))
        return ()
    return tuple(part.letters[letter] for letter in letters)


def _points(answer: object, pointer: str, errors: list[AnswerError]) -> object:
    """Return the ticked points of a rubric; its text is kept as it is and never judged."""
    given: Any = answer if isinstance(answer, dict) else {}
    text = given.get("text")
    if set(given) != {"text", "points"} or not isinstance(text, str) or len(text) > MOST_PROSE_CHARACTERS:
        errors.append(AnswerError(pointer, "rubric-expected", values={"longest": MOST_PROSE_CHARACTERS}))
        return []
    return given["points"]


def _letters(answer: object) -> list[str] | None:
    """Return the letters of `"b"`, `"a, c"` or `["a", "c"]`; None for anything else. Full-width and capitals count too."""
    if isinstance(answer, str) and len(answer) <= MOST_CHARACTERS:
        return [letter for word in _SEPARATORS.split(_folded(answer)) for letter in word]
    if isinstance(answer, list) and all(isinstance(item, str) and len(item) <= MOST_CHARACTERS for item in answer):
        return [_folded(item).strip() for item in answer]
    return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _shown(part: ChoicePart) -> str:
    return ", ".join(part.letters)


def _miscounted(part: ChoicePart, letters: Sequence[str]) -> str | None:
    """Return the complaint where the number of picks can't be meant: the number itself must not betray a multi-select."""
    if part.spec.kind != "matching" and len(set(letters)) != len(letters):
        return "letter-twice"
    if part.spec.kind == "choice" and len(letters) != 1:
        return "one-letter"
    if part.spec.kind in ("ordering", "matching") and len(letters) != len(part.truth):
        return "letter-count"
    return None


def judge_choice(part: ChoicePart, picked: Codes, submitted: object) -> PartVerdict:
    """Return the verdict on the picks of one part."""
    states = _states(part, picked)
    credit = _credit(part, picked, states)
    diagnosis = None
    if part.spec.kind in ("choice", "multi_select"):
        mistaken = [code for code in picked if code not in part.truth]
        diagnosis = Diagnosis(mistaken[0], tuple(mistaken[1:])) if mistaken else None
    return PartVerdict(part.name, _result(credit), submitted, picked, states, credit, diagnosis)


def _states(part: ChoicePart, picked: Codes) -> tuple[State, ...]:
    if part.spec.kind in ("ordering", "matching"):
        return tuple("right" if own == right else "wrong" for own, right in zip(picked, part.truth, strict=True))
    return tuple("right" if code in part.truth else "wrong" for code in picked)


def _credit(part: ChoicePart, picked: Codes, states: tuple[State, ...]) -> float:
    right = states.count("right")
    if part.spec.kind == "multi_select":
        return max(0.0, (right - states.count("wrong")) / len(part.truth))
    if part.spec.kind == "ordering":
        return float(picked == part.truth)
    return right / len(part.truth)


def _result(credit: float) -> PartResult:
    if credit == 1:
        return "right"
    return "partly_right" if credit > 0 else "wrong"
