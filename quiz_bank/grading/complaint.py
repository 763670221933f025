"""What is wrong with a text at the place where the grammar gave up."""

import difflib
import re
from typing import Final

from quiz_bank.grading.fold import Folded
from quiz_bank.grading.names import CONSTANTS, FUNCTIONS, UNITS
from quiz_bank.grading.unreadable import UnreadableError, visible

_WORD = re.compile(r"[^\W\d_]+(?:_\w*)?")
_TWO_WAYS = re.compile(r"log_?(2|10)(\.[0-9]+(?:e[+-]?[0-9]+)?|e[+-]?[0-9]+)")
_NUMERALS = re.compile(r"[0-9.,]+")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_DOTTED_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+")

_OPERANDS: Final = frozenset({"NUMBER", "CONSTANT", "FUNCTION", "LPAR"})
LONGEST_NAME: Final = 20
_LISTED: Final = ", ".join(FUNCTIONS)


def of_end(folded: Folded, end: int, *, closable: bool) -> UnreadableError:
    """Say what is missing before `end`: a closing parenthesis where one is possible, else a number."""
    text = folded.text[:end]
    if closable:
        return folded.unreadable("not-closed", _innermost_open(text))
    after = len(text.rstrip())
    while folded.positions[after] == folded.positions[after - 1]:  # one typed character may have become several
        after += 1
    return folded.unreadable("incomplete", after)


def _innermost_open(text: str) -> int:
    """Return the place of the last parenthesis that nothing closes; there is one."""
    unmatched = [-1]
    for found in re.finditer(r"[()]", text):
        if found[0] == "(":
            unmatched.append(found.start())
        else:
            unmatched.pop()
    return unmatched[-1]


def of_token(folded: Folded, kind: str, index: int) -> UnreadableError:
    """Say why the token at `index`, which the grammar knows, can't stand there."""
    text = folded.text
    if kind == "RPAR" and text.count("(", 0, index) == text.count(")", 0, index):
        return folded.unreadable("not-opened", index)
    # Wherever any operand may stand, all may: one that is refused follows another.
    if kind in _OPERANDS:
        return _side_by_side(folded, kind, index)
    return folded.unreadable("unexpected", index)


def _side_by_side(folded: Folded, kind: str, index: int) -> UnreadableError:
    before = folded.text[:index].rstrip()
    if kind == "NUMBER" and (before[-1].isdigit() or before[-1] == "."):
        glued_point = folded.text[index] == "." and len(before) == index
        return folded.unreadable("point" if glued_point else "two-numbers", index)
    return folded.unreadable("adjacent", index, reading=visible(f"{before}*{folded.text[index:].rstrip()}"))


def of_character(folded: Folded, index: int, end: int) -> UnreadableError:
    """Say why nothing that the grammar knows starts at `index`."""
    text = folded.text[:end]
    if word := _WORD.match(text, index):
        return _of_word(folded, word, text)
    if text[index] == ",":
        return _of_comma(folded, index, text)
    before = text[:index]
    if text[index] == "." and (before[-1:].isdigit() or before.endswith(".")):
        return folded.unreadable("point", index)
    if text[index] == "%" and (before.rstrip()[-1:].isalnum() or before.rstrip().endswith((")", "."))):
        return folded.unreadable("percent-here", index)
    return folded.unreadable("unexpected", index)


def _of_word(folded: Folded, word: re.Match[str], text: str) -> UnreadableError:
    name, index = word[0], word.start()
    if both := _TWO_WAYS.match(text, index):
        base, rest = both[1], both[2]
        return folded.unreadable("ambiguous", index, name=both[0], reading=f"log({base}{rest})", other=f"log{base}({rest})")
    if name == "nan":
        return folded.unreadable("nan-not-here", index)
    if name in UNITS:
        return folded.unreadable("unit-place", index, unit=name)
    is_call = text[word.end() :].lstrip().startswith("(")
    known = list(FUNCTIONS) if is_call else [*FUNCTIONS, *CONSTANTS, *UNITS]
    nearest = difflib.get_close_matches(name, known, n=1)
    hint = {"nearest": nearest[0]} if nearest else {}
    code = "unknown-function" if is_call else "unknown-name"
    return folded.unreadable(code, index, name=_shortened(name), known=_LISTED, **hint)


def _of_comma(folded: Folded, index: int, text: str) -> UnreadableError:
    """Say what the digits around a comma would be without it."""
    digits = next(found[0] for found in _NUMERALS.finditer(text) if found.end() > index)
    whole = digits.replace(",", "")
    if _DECIMAL_COMMA.fullmatch(digits):
        thousands = {"thousands": whole} if _THOUSANDS.fullmatch(digits) else {}
        return folded.unreadable("comma", index, reading=digits.replace(",", "."), **thousands)
    if _THOUSANDS.fullmatch(digits):
        return folded.unreadable("thousands", index, reading=whole)
    if _DOTTED_THOUSANDS.fullmatch(digits):
        return folded.unreadable("comma", index, reading=digits.replace(".", "").replace(",", "."))
    return folded.unreadable("unexpected", index)


def _shortened(name: str) -> str:
    """Keep the start of a name that nobody meant as one."""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
