"""Why a text is no number: the error itself, and its one sentence in the learner's language."""

from collections.abc import Mapping
from types import MappingProxyType


class UnreadableError(ValueError):
    """A text that can't be read as one number; it is refused, never marked wrong.

    Attributes
    ----------
    code : str
        A stable name of the reason; the keys of the two tables below, up to the ``+``.
    position : int
        Where the trouble starts, as a 0-based index into the text as typed; the text's length where something is missing
        at its end.
    values : dict of str
        What a message needs. ``character`` is there wherever the position lies inside the text; every value is printable.
    """

    def __init__(self, code: str, position: int, values: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__(code, position, dict(values))
        self.code = code
        self.position = position
        self.values = dict(values)


def visible(text: str) -> str:
    """Name what a screen can't show, or an encoder can't write: a lone surrogate becomes ``U+D800``."""
    return "".join(character if character.isprintable() else f"U+{ord(character):04X}" for character in text)


# The value that turns a message into the one with a + behind its code, wherever it is known.
_REFINED_BY = {"comma": "thousands", "unknown-name": "nearest", "unknown-function": "nearest"}

_ENGLISH = {
    "empty": "There is no number here. Write one, such as 0.25, 1/3 or 2*ln(3).",
    "too-long": "This is longer than {limit} characters. Write it shorter.",
    "unexpected": "Character {at}: “{character}” can't stand here. Write a number such as 0.25, 1/3 or 2*ln(3).",
    "comma": "Character {at}: use a point, not a comma: {reading}.",
    "comma+": "Character {at}: use a point, not a comma: {reading}. If you mean thousands, leave it out: {thousands}.",
    "thousands": "Character {at}: leave the commas out: {reading}.",
    "point": "Character {at}: a number has one point, and its exponent none.",
    "two-numbers": "Character {at}: two numbers stand side by side. Write one, or a sign (+ - * /) between them.",
    "adjacent": "Character {at}: nothing is multiplied by standing side by side. If you mean a product, write {reading}.",
    "percent-here": "Character {at}: % goes only with a plain number, such as 35.7%. Elsewhere write /100.",
    "unknown-name": "Character {at}: “{name}” is no known name. Write one of {known}.",
    "unknown-name+": "Character {at}: “{name}” is no known name. Did you mean {nearest}?",
    "unknown-function": "Character {at}: “{name}” is no known function. Write one of {known}.",
    "unknown-function+": "Character {at}: “{name}” is no known function. Did you mean {nearest}?",
    "ambiguous": "Character {at}: “{name}” can be read in two ways. Write {reading} or {other}.",
    "not-closed": "Character {at}: this parenthesis is never closed. Write a ) where it should end.",
    "not-opened": "Character {at}: this parenthesis was never opened. Leave it out, or write a ( where it should start.",
    "incomplete": "A number is missing at the end, after character {before}.",
    "too-deep": "Character {at}: this is nested more than {limit} deep. Write it with fewer parentheses and signs.",
    "domain": "Character {at}: {operation} is no real number.",
    "log-of-zero": "Character {at}: {operation} is no number. If the answer is infinite, write inf or -inf.",
    "division-by-zero": "Character {at}: this divides by zero. If the answer is infinite, write inf or -inf.",
    "overflow": "Character {at}: this is larger than 1.79e308, more than can be held. If you mean infinity, write inf.",
    "undefined": "Character {at}: {operation} has no definite value.",
    "exponent-range": "Character {at}: the exponent must lie between -{limit} and {limit}.",
    "unit-not-here": "Character {at}: no unit belongs here. Leave “{unit}” out.",
    "unit-place": "Character {at}: a unit stands once, at the very end: 0.5 {unit}.",
    "nan-not-here": "Character {at}: nan (not a number) can't stand here. Write a number.",
}

_CHINESE = {
    "empty": "这里没有数。请写一个数，例如 0.25、1/3 或 2*ln(3)。",
    "too-long": "内容超过 {limit} 个字符，请写短一些。",
    "unexpected": "第 {at} 个字符“{character}”不能出现在这里。请写一个数，例如 0.25、1/3 或 2*ln(3)。",
    "comma": "第 {at} 个字符：小数点请用点号，不要用逗号：{reading}。",
    "comma+": "第 {at} 个字符：小数点请用点号，不要用逗号：{reading}。如果是千位分隔符，请去掉：{thousands}。",
    "thousands": "第 {at} 个字符：请去掉千位分隔符：{reading}。",
    "point": "第 {at} 个字符：一个数只能有一个小数点，指数中不能有小数点。",
    "two-numbers": "第 {at} 个字符：两个数并排在一起。请只写一个数，或在中间写上运算符（+ - * /）。",
    "adjacent": "第 {at} 个字符：并排书写不表示相乘。如果要相乘，请写 {reading}。",
    "percent-here": "第 {at} 个字符：% 只能跟在单独的数后面，例如 35.7%。其他地方请写 /100。",
    "unknown-name": "第 {at} 个字符：不认识名称“{name}”。可以用：{known}。",
    "unknown-name+": "第 {at} 个字符：不认识名称“{name}”。是不是想写 {nearest}？",
    "unknown-function": "第 {at} 个字符：不认识函数“{name}”。可以用：{known}。",
    "unknown-function+": "第 {at} 个字符：不认识函数“{name}”。是不是想写 {nearest}？",
    "ambiguous": "第 {at} 个字符：“{name}”有两种读法。请写 {reading} 或 {other}。",
    "not-closed": "第 {at} 个字符：这个括号没有闭合。请在它结束的地方写上 )。",
    "not-opened": "第 {at} 个字符：这个右括号没有对应的左括号。请去掉它，或在开始的地方写上 (。",
    "incomplete": "末尾在第 {before} 个字符之后缺少一个数。",
    "too-deep": "第 {at} 个字符：嵌套超过 {limit} 层。请少用一些括号和正负号。",
    "domain": "第 {at} 个字符：{operation} 不是实数。",
    "log-of-zero": "第 {at} 个字符：{operation} 不是一个数。如果答案是无穷，请写 inf 或 -inf。",
    "division-by-zero": "第 {at} 个字符：这里除以了零。如果答案是无穷，请写 inf 或 -inf。",
    "overflow": "第 {at} 个字符：这个数大于 1.79e308，超出了可表示的范围。如果指无穷，请写 inf。",
    "undefined": "第 {at} 个字符：{operation} 没有确定的值。",
    "exponent-range": "第 {at} 个字符：指数必须在 -{limit} 与 {limit} 之间。",
    "unit-not-here": "第 {at} 个字符：这里不需要单位。请去掉“{unit}”。",
    "unit-place": "第 {at} 个字符：单位只写一次，并且放在最后：0.5 {unit}。",
    "nan-not-here": "第 {at} 个字符：nan（不是数）不能出现在这里。请写一个数。",
}

_MESSAGES = {"en": _ENGLISH, "zh": _CHINESE}


def explain(error: UnreadableError, language: str) -> str:
    """Say what is wrong, at which character (counted from 1), and what to write instead.

    Parameters
    ----------
    error : UnreadableError
        As raised by `quiz_bank.grading.read.read`.
    language : str
        ``"en"`` or ``"zh"``; anything else is answered in English.
    """
    refined = _REFINED_BY.get(error.code, "") in error.values
    template = _MESSAGES.get(language, _ENGLISH)[f"{error.code}+" if refined else error.code]
    return template.format(at=error.position + 1, before=error.position, **error.values)
