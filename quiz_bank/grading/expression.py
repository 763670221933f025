"""The grammar of an expression, and its value: read from left to right and reckoned on the way, in plain floats.

    sum:     product (("+" | "-") product)*
    product: operand (("*" | "/") operand)*
    operand: atom | atom ("^" | "**") operand | ("+" | "-") operand | FUNCTION operand
    atom:    NUMBER | CONSTANT | "(" sum ")" | FUNCTION "(" sum ")"

A function without parentheses takes the next factor, its power and sign included; with parentheses it is closed: ln 2^2 is
ln 4, ln(2)^2 is (ln 2)^2.
"""

import math
import operator
import re
from collections.abc import Callable
from typing import Final

from quiz_bank.grading import complaint
from quiz_bank.grading.fold import Folded
from quiz_bank.grading.names import CONSTANTS, FUNCTIONS, LOGARITHMS
from quiz_bank.grading.unreadable import UnreadableError

DEEPEST: Final = 20

_CALLABLE = "|".join(sorted(FUNCTIONS.keys() - {"log2", "log10"}, key=len, reverse=True))
_VALUED = "|".join(sorted(CONSTANTS, key=len, reverse=True))

# Digits may follow a name at once (ln0.7), but log2 and log10 are names themselves. log2.5 and log2e-1 can each be read in
# two ways, so no token takes them.
_TOKENS: Final = re.compile(
    rf"""
      (?P<POWER> \^ | \*\* )
    | (?P<SIGN> [+-] )
    | (?P<TIMES> [*/] )
    | (?P<LPAR> \( )
    | (?P<RPAR> \) )
    | (?P<NUMBER> (?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)? )
    | (?P<FUNCTION> log_?(?:2|10)(?!\.?[0-9]|e[+-]?[0-9])
                  | (?!log(?:2|10)(?:\.[0-9]|e[+-]?[0-9]))(?:{_CALLABLE})(?![^\W\d]) )
    | (?P<CONSTANT> (?:{_VALUED})(?![^\W\d]) )
    | (?P<UNKNOWN> [^ ] )
    """,
    re.VERBOSE | re.DOTALL,
)


def evaluate(folded: Folded, end: int) -> float:
    """Return the value of the expression before `end`, an index into the folded text.

    Raises
    ------
    UnreadableError
        Where the text is no expression, or its value no float: domain errors, division by zero, overflow, and
        differences such as inf - inf. What is wrong with the text comes before what is wrong with its value.
    """
    return _Reader(folded, end).value()


def _power(base: float, exponent: float) -> float:
    """Raise to a power; unlike `math.pow`, call a zero to a negative power a division by zero."""
    if base == 0 and exponent < 0:
        raise ZeroDivisionError
    return math.pow(base, exponent)


_OPERATORS: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": _power,
    "**": _power,
}


class _Reader:
    """The reading of one text: the token that comes next, and the first trouble with the value so far.

    In trouble the value goes on as nan, for the rest of the text must be read all the same. A level of parentheses takes two
    calls, and the longest text has too few to exhaust the stack.
    """

    __slots__ = ("_end", "_folded", "_kind", "_start", "_tokens", "_trouble", "_word")

    def __init__(self, folded: Folded, end: int) -> None:
        self._folded = folded
        self._end = end
        self._tokens = _TOKENS.finditer(folded.text, 0, end)
        self._trouble: UnreadableError | None = None
        self._next()

    def value(self) -> float:
        result = self._sum(0)
        if self._kind != "END":
            raise self._misplaced()
        if self._trouble is not None:
            raise self._trouble
        return result

    def _next(self) -> None:
        token = next(self._tokens, None)
        if token is None:
            self._kind, self._word, self._start = "END", "", self._end
            return
        self._kind, self._word, self._start = token.lastgroup or "", token[0], token.start()
        if self._kind == "UNKNOWN":
            raise complaint.of_character(self._folded, self._start, self._end)

    def _misplaced(self, *, closable: bool = False) -> UnreadableError:
        if self._kind == "END":
            return complaint.of_end(self._folded, self._end, closable=closable)
        return complaint.of_token(self._folded, self._kind, self._start)

    def _sum(self, depth: int) -> float:
        """Read a sum of products from the left, inside `depth` parentheses, functions, signs and exponents."""
        total, sign, sign_start = 0.0, "", 0
        while True:
            product = self._operand(depth)
            while self._kind == "TIMES":
                mark, start = self._word, self._start
                self._next()
                product = self._combined(mark, start, product, self._operand(depth))
            total = self._combined(sign, sign_start, total, product) if sign else product
            if self._kind != "SIGN":
                return total
            sign, sign_start = self._word, self._start
            self._next()

    def _operand(self, depth: int) -> float:
        kind, word, start = self._kind, self._word, self._start
        if kind not in ("NUMBER", "CONSTANT", "SIGN", "FUNCTION", "LPAR"):
            raise self._misplaced()
        self._next()
        if kind == "SIGN":
            inner = self._operand(self._deeper(start, depth))
            return -inner if word == "-" else inner
        if kind == "FUNCTION" and self._kind != "LPAR":
            return self._called(word, start, self._operand(self._deeper(start, depth)))
        return self._raised(self._atom(kind, word, start, depth), depth)

    def _atom(self, kind: str, word: str, start: int, depth: int) -> float:
        if kind == "NUMBER":
            number = float(word)
            return self._troubled("overflow", start) if math.isinf(number) else number
        if kind == "CONSTANT":
            return CONSTANTS[word]
        if kind == "FUNCTION":
            self._next()
        inner = self._sum(self._deeper(start, depth))
        if self._kind != "RPAR":
            raise self._misplaced(closable=True)
        self._next()
        return self._called(word, start, inner) if kind == "FUNCTION" else inner

    def _raised(self, base: float, depth: int) -> float:
        if self._kind != "POWER":
            return base
        mark, start = self._word, self._start
        self._next()
        return self._combined(mark, start, base, self._operand(self._deeper(start, depth)))

    def _deeper(self, opening: int, depth: int) -> int:
        if depth == DEEPEST:
            self._troubled("too-deep", opening, limit=str(DEEPEST))
        return depth + 1

    def _troubled(self, code: str, start: int, **values: str) -> float:
        """Note what is wrong with the value, unless something before it was."""
        if self._trouble is None:
            self._trouble = self._folded.unreadable(code, start, **values)
        return math.nan

    def _combined(self, mark: str, start: int, left: float, right: float) -> float:
        try:
            result = _OPERATORS[mark](left, right)
        except ZeroDivisionError:
            return self._troubled("division-by-zero", start)
        except ValueError:
            return self._troubled("domain", start, operation=f"{left:g} {mark} {right:g}")
        except OverflowError:
            return self._troubled("overflow", start)
        if math.isnan(result):
            return self._troubled("undefined", start, operation=f"{left:g} {mark} {right:g}")
        if math.isinf(result) and math.isfinite(left) and math.isfinite(right):
            return self._troubled("overflow", start)
        return result

    def _called(self, name: str, start: int, argument: float) -> float:
        known = name.replace("_", "")
        try:
            return FUNCTIONS[known](argument)
        except OverflowError:
            return self._troubled("overflow", start)
        except ValueError:
            code = "log-of-zero" if argument == 0 and known in LOGARITHMS else "domain"
            return self._troubled(code, start, operation=f"{known}({argument:g})")
