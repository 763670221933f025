"""One spelling for every character that means the same, with the way back to what was typed.

Unicode's own compatibility folding (NFKC) serves badly here: it reads 3.4×10⁻⁴ as 3.4×10−4, which is 30.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quiz_bank.grading.unreadable import UnreadableError, visible

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

_RUN = re.compile(
    r"""
      (?P<superscript> [⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+ )
    | (?P<subscript> (?<=[lL\uff4c\uff2c][oO\uff4f\uff2f][gG\uff47\uff27]) [₀-₉]+ )  # of log alone: x₃2 is not x32
    | (?P<point> (?<=\d) [。\uff0e\uff61] (?=\d) )  # elsewhere 。 ends a sentence
    | (?P<dash> —— )  # how a Chinese keyboard writes one dash; as two minuses they would cancel
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)


def _table() -> dict[str, str]:
    """Say what each single character stands for; what isn't named here stands for itself."""
    table = {chr(code): chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F) if code != 0xFF0E}
    table |= {chr(code): chr(code).lower() for code in range(0x80)}
    for folded, characters in {
        "-": "‐‑‒–—―−⁃﹣➖",
        "+": "﹢➕",
        "*": "×·⋅∙∗✕✖",
        "/": "÷∕⁄➗",
        "%": "﹪",
        # An invisible character at the end is harmless, and between two digits it must not join them.
        " ": "\t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff\u200b\u200c\u200d\u200e\u200f\u2060",
        # Spaces, so that no sign melts into the name beside it.
        " pi ": "π𝜋",
        " e ": "ℯ𝑒",
        " sqrt ": "√",
        " inf ": "∞",
    }.items():
        table |= dict.fromkeys(characters, folded)
    return table | {chr(code): " " for code in range(0x2000, 0x200B)}


_TABLE = _table()


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in the one spelling that the grammar knows.

    Attributes
    ----------
    text : str
        Folded and in lower case, with the plain space as the only white space.
    positions : sequence of int
        For each index into `text`, its end included, the index into `typed` that it came from.
    typed : str
        The text as typed.
    """

    text: str
    positions: Sequence[int]
    typed: str

    def unreadable(self, code: str, index: int, **values: str) -> UnreadableError:
        """Make the error for the trouble that starts at an index into the folded text."""
        position = self.positions[index]
        if position < len(self.typed):
            values["character"] = visible(self.typed[position])
        return UnreadableError(code, position, values)


def fold(text: str) -> Folded:
    """Fold a text character by character, keeping where each came from."""
    if text.isascii() and text.isprintable():
        return Folded(text.lower(), range(len(text) + 1), text)
    pieces: list[str] = []
    positions: list[int] = []
    for run in _RUN.finditer(text):
        piece, sources = _fold_run(run)
        pieces.append(piece)
        positions.extend(sources)
    return Folded("".join(pieces), [*positions, len(text)], text)


def _fold_run(run: re.Match[str]) -> tuple[str, Sequence[int]]:
    """Fold one run into its piece of text, with the index that each character of it came from."""
    start, end = run.span()
    match run.lastgroup:
        case "superscript":
            return f"^({run[0].translate(_SUPERSCRIPTS)})", [start, start, *range(start, end), end - 1]
        case "subscript":
            return f"_{run[0].translate(_SUBSCRIPTS)} ", [start, *range(start, end), end - 1]
        case "point":
            piece = "."
        case "dash":
            piece = "-"
        case _:
            piece = _TABLE.get(run[0], run[0])
    return piece, [start] * len(piece)
