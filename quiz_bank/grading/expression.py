"""The grammar of an expression, and its value: a walk over the tree that the grammar makes, in plain floats."""

import math
import operator
from collections.abc import Callable
from typing import Final, cast

from lark import Lark, Token, Tree, UnexpectedCharacters, UnexpectedToken

from quiz_bank.grading import complaint
from quiz_bank.grading.fold import Folded
from quiz_bank.grading.names import CONSTANTS, FUNCTIONS, LOGARITHMS

DEEPEST: Final = 20

_CALLABLE = "|".join(sorted(FUNCTIONS.keys() - {"log2", "log10"}, key=len, reverse=True))
_VALUED = "|".join(sorted(CONSTANTS, key=len, reverse=True))

# Digits may follow a name at once (ln0.7), but log2 and log10 are names themselves. log2.5 and log2e-1 can each be read in
# two ways, so no terminal takes them. A function without parentheses takes the next factor, its power and sign included;
# with parentheses it is closed: ln 2^2 is ln 4, ln(2)^2 is (ln 2)^2.
_GRAMMAR = rf"""
    ?sum: product | product (SIGN product)+
    ?product: unary | unary (TIMES unary)+
    ?unary: NUMBER | CONSTANT | call | group | power | signed | bare
    signed: SIGN unary
    power: (NUMBER | CONSTANT | call | group) POWER unary
    group: LPAR sum RPAR
    call: FUNCTION LPAR sum RPAR
    bare: FUNCTION (NUMBER | CONSTANT | call | raised | signed | bare)
    raised: (NUMBER | CONSTANT | call) POWER unary -> power

    SIGN: "+" | "-"
    POWER.2: "^" | "**"
    TIMES: "*" | "/"
    LPAR: "("
    RPAR: ")"
    NUMBER: /(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?/
    FUNCTION: /log_?(?:2|10)(?!\.?[0-9]|e[+-]?[0-9])|(?!log(?:2|10)(?:\.[0-9]|e[+-]?[0-9]))(?:{_CALLABLE})(?![^\W\d])/
    CONSTANT: /(?:{_VALUED})(?![^\W\d])/
    %ignore " "
"""

_PARSER = Lark(_GRAMMAR, start="sum", parser="lalr", lexer="basic", maybe_placeholders=False)


def evaluate(folded: Folded, end: int) -> float:
    """Return the value of the expression before `end`, an index into the folded text.

    Raises
    ------
    UnreadableError
        Where the text is no expression, or its value no float: domain errors, division by zero, overflow, and
        differences such as inf - inf.
    """
    try:
        tree = _PARSER.parse(folded.text[:end])
    except UnexpectedCharacters as error:
        raise complaint.of_character(folded, cast(int, error.pos_in_stream), end) from None
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise complaint.of_end(folded, end, closable="RPAR" in error.expected) from None
        raise complaint.of_token(folded, error.token.type, _start(error.token)) from None
    return _Walk(folded).value(tree, 0)


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


class _Walk:
    """The evaluation of one tree."""

    __slots__ = ("_folded",)

    def __init__(self, folded: Folded) -> None:
        self._folded = folded

    def value(self, node: Tree[Token] | Token, depth: int) -> float:
        """Return the value of a node that stands inside `depth` parentheses, functions, signs and exponents."""
        if isinstance(node, Token):
            return self._literal(node)
        parts = node.children
        match node.data:
            case "sum" | "product":
                return self._chain(parts, depth)
            case "power":
                mark = cast(Token, parts[1])
                return self._combine(mark, self.value(parts[0], depth), self._inner(mark, parts[2], depth))
            case "group":
                return self._inner(cast(Token, parts[0]), parts[1], depth)
            case "signed":
                sign = cast(Token, parts[0])
                inner = self._inner(sign, parts[1], depth)
                return -inner if sign == "-" else inner
            case _:
                name = cast(Token, parts[0])
                argument = parts[1] if node.data == "bare" else parts[2]
                return self._call(name, self._inner(name, argument, depth))

    def _inner(self, opening: Token, node: Tree[Token] | Token, depth: int) -> float:
        if depth == DEEPEST:
            raise self._folded.unreadable("too-deep", _start(opening), limit=str(DEEPEST))
        return self.value(node, depth + 1)

    def _literal(self, token: Token) -> float:
        if token.type == "CONSTANT":
            return CONSTANTS[token]
        number = float(token)
        if math.isinf(number):
            raise self._folded.unreadable("overflow", _start(token))
        return number

    def _chain(self, parts: list[Tree[Token] | Token], depth: int) -> float:
        """Work through a sum or a product from the left; a long one is not a deep one."""
        total = self.value(parts[0], depth)
        for mark, operand in zip(parts[1::2], parts[2::2], strict=True):
            total = self._combine(cast(Token, mark), total, self.value(operand, depth))
        return total

    def _combine(self, mark: Token, left: float, right: float) -> float:
        operation = f"{left:g} {mark} {right:g}"
        try:
            result = _OPERATORS[mark](left, right)
        except ZeroDivisionError:
            raise self._folded.unreadable("division-by-zero", _start(mark)) from None
        except ValueError:
            raise self._folded.unreadable("domain", _start(mark), operation=operation) from None
        except OverflowError:
            raise self._folded.unreadable("overflow", _start(mark)) from None
        if math.isnan(result):
            raise self._folded.unreadable("undefined", _start(mark), operation=operation)
        if math.isinf(result) and math.isfinite(left) and math.isfinite(right):
            raise self._folded.unreadable("overflow", _start(mark))
        return result

    def _call(self, name: Token, argument: float) -> float:
        known = name.replace("_", "")
        try:
            return FUNCTIONS[known](argument)
        except OverflowError:
            raise self._folded.unreadable("overflow", _start(name)) from None
        except ValueError:
            code = "log-of-zero" if argument == 0 and known in LOGARITHMS else "domain"
            raise self._folded.unreadable(code, _start(name), operation=f"{known}({argument:g})") from None


def _start(token: Token) -> int:
    """Return where a token of the parser starts; only tokens made by hand have no place."""
    return cast(int, token.start_pos)
