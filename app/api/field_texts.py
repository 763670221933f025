"""What is said of a single field at fault, in both languages."""

from __future__ import annotations

from typing import Final

from app.edge.languages import Language

# kind -> (English, Chinese). The kinds are pydantic's error types, and below them the edge's own.
TEXTS: Final[dict[str, tuple[str, str]]] = {
    "missing": ("This field is required.", "此字段必填。"),
    "extra_forbidden": ("There is no such field.", "没有这个字段。"),
    "string_type": ("Give text.", "请给出文本。"),
    "int_type": ("Give an integer.", "请给出整数。"),
    "int_parsing": ("Give an integer.", "请给出整数。"),
    "int_from_float": ("Give an integer.", "请给出整数。"),
    "float_type": ("Give a number.", "请给出数字。"),
    "float_parsing": ("Give a number.", "请给出数字。"),
    "bool_type": ("Give true or false.", "请给出 true 或 false。"),
    "bool_parsing": ("Give true or false.", "请给出 true 或 false。"),
    "list_type": ("Give a list.", "请给出列表。"),
    "dict_type": ("Give an object.", "请给出对象。"),
    "model_type": ("Give an object.", "请给出对象。"),
    "model_attributes_type": ("Give an object.", "请给出对象。"),
    "string_too_long": ("Give at most {max_length} characters.", "最多 {max_length} 个字符。"),
    "string_too_short": ("Give at least {min_length} character(s).", "至少 {min_length} 个字符。"),
    "string_pattern_mismatch": ("The text doesn't have the required form.", "文本不符合要求的格式。"),
    "too_long": ("Give at most {max_length} items.", "最多 {max_length} 项。"),
    "too_short": ("Give at least {min_length} item(s).", "至少 {min_length} 项。"),
    "greater_than": ("Give more than {gt}.", "必须大于 {gt}。"),
    "greater_than_equal": ("Give at least {ge}.", "不得小于 {ge}。"),
    "less_than": ("Give less than {lt}.", "必须小于 {lt}。"),
    "less_than_equal": ("Give at most {le}.", "不得大于 {le}。"),
    "literal_error": ("Give one of {expected}.", "可选值：{expected}。"),
    "uuid_type": ("Give an identifier such as 01990b7e-3c00-7000-8000-000000000000.", "请给出标识符（UUID）。"),
    "uuid_parsing": ("Give an identifier such as 01990b7e-3c00-7000-8000-000000000000.", "请给出标识符（UUID）。"),
    "date_type": ("Give a date such as 2026-11-20.", "请给出日期，例如 2026-11-20。"),
    "date_parsing": ("Give a date such as 2026-11-20.", "请给出日期，例如 2026-11-20。"),
    "date_from_datetime_parsing": ("Give a date such as 2026-11-20.", "请给出日期，例如 2026-11-20。"),
    "datetime_type": ("Give a time such as 2026-11-20T21:16:00Z.", "请给出时间，例如 2026-11-20T21:16:00Z。"),
    "datetime_parsing": ("Give a time such as 2026-11-20T21:16:00Z.", "请给出时间，例如 2026-11-20T21:16:00Z。"),
    "datetime_from_date_parsing": ("Give a time such as 2026-11-20T21:16:00Z.", "请给出时间，例如 2026-11-20T21:16:00Z。"),
    "timezone_aware": ("Give a time with its zone, such as 2026-11-20T21:16:00Z.", "时间须带时区，例如 2026-11-20T21:16:00Z。"),
    "value_error": ("{error}.", "此值不可用。"),
    # The edge's own.
    "other": ("This value is not allowed here.", "此值不可用。"),
    "duplicate_key": ("This key stands more than once in its object.", "该键在对象中出现多次。"),
    "not_finite": (
        'JSON has no NaN and no infinity; send the text "inf" or "nan" instead.',
        'JSON 没有 NaN 与无穷；请改为发送文本 "inf" 或 "nan"。',
    ),
    "long_number": ("A number has at most {limit} characters.", "数字最多 {limit} 个字符。"),
    "too_deep": ("Lists and objects nest at most {limit} deep here.", "列表与对象最多嵌套 {limit} 层。"),
    "forbidden_character": ("The text holds a NUL or half of a surrogate pair.", "文本含有 NUL 或不成对的代理字符。"),
    "forbidden_key": ("A key holds a NUL or half of a surrogate pair.", "键名含有 NUL 或不成对的代理字符。"),
    "json_syntax": ("From here on this is not JSON.", "JSON 在此处有语法错误。"),
    "not_utf8": ("This byte is not UTF-8.", "此字节不是 UTF-8。"),
    "idempotency_key": (
        "Give 1 to 255 printable ASCII characters, once.",
        "请给出一个由 1 到 255 个可打印 ASCII 字符组成的值。",
    ),
    "short_key": (
        "Without a token give a key of at least {least} characters, such as a random UUID: a short one may be someone else's.",
        "未使用令牌时，键至少要有 {least} 个字符（例如随机 UUID），否则可能与他人的键相同。",
    ),
    "past": ("Give a time that is still to come.", "请给出将来的时间。"),
    "time_zone": (
        "Give an IANA name such as Asia/Shanghai, spelt exactly.",
        "请填写 IANA 时区的准确名称，例如 Asia/Shanghai。",
    ),
    "cursor": ("Take the cursor from the Link header of the page before.", "请使用上一页 Link 标头中的 cursor。"),
}


def field_text(kind: str, language: Language, **values: object) -> str:
    """Return the sentence for `kind`, or a general one where there is none of its own."""
    english, chinese = TEXTS.get(kind, TEXTS["other"])
    return (chinese if language == "zh" else english).format_map(values)
