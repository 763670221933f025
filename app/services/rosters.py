"""The list of a class as a file: read and checked as a whole, every problem by its line, before anybody is enrolled."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final

from app.errors import UnknownZoneError
from app.services.streaks import zone_of

LONGEST: Final = {"name": 100, "id": 200, "email": 254, "reference": 200, "time_zone": 100}
ROLES: Final = ("learner", "coach", "admin")
LANGUAGES: Final = ("en", "zh")
KEYS: Final = ("id", "email", "reference")
"""The columns that say who somebody is; a list without any of them tells people apart by their names."""

COLUMNS: Final = {name: name for name in ("name", "id", "email", "reference", "role", "language", "time_zone")} | {
    "e-mail": "email",
    "mail": "email",
    "time zone": "time_zone",
    "timezone": "time_zone",
    "姓名": "name",
    "学号": "id",
    "邮箱": "email",
    "角色": "role",
    "语言": "language",
    "时区": "time_zone",
}
"""How a column may be headed, in small letters."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One who is to be enrolled; `keys` are what they are known by, each with its kind: `id:4711`."""

    line: int
    name: str
    role: str
    language: str
    time_zone: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line of the file, and what to do about it."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file says. With any faults nobody is to be enrolled; `ignored` names the columns that mean nothing here."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...] = ()


def read_roster(data: bytes) -> Roster:
    """Read a list as spreadsheets save it: UTF-8 or UTF-16, commas, semicolons or tabs, with a line of headings."""
    text = _decoded(data)
    if text is None:
        return _refused(1, "The file is neither UTF-8 nor UTF-16. In a spreadsheet choose “CSV UTF-8” when saving it.")
    try:
        lines = list(_lines(text))
    except csv.Error as error:
        return _refused(1, f"The file can't be read as CSV: {error}.")
    if not lines:
        return _refused(1, "The file is empty.")
    (first, headings), *rows = lines
    columns = [COLUMNS.get(" ".join(heading.split()).lower(), "") for heading in headings]
    doubled = next((name for name in columns if name and columns.count(name) > 1), None)
    if doubled is not None:
        return _refused(first, f"There are two columns for {doubled}. Leave one.")
    if "name" not in columns:
        return _refused(first, f"There is no column “name” among: {', '.join(headings)}.")
    ignored = tuple(heading for heading, name in zip(headings, columns, strict=True) if not name and heading)
    return _checked(columns, rows, ignored)


def _refused(line: int, what: str) -> Roster:
    return Roster((), (Fault(line, what),))


def _decoded(data: bytes) -> str | None:
    wide = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    try:
        return data.decode("utf-16") if wide else data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError:
        return None


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row with the number of the line where it begins; empty rows are none."""
    heading = text.lstrip("\r\n").partition("\n")[0]
    rows = csv.reader(StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count), strict=True)
    line = 1
    for cells in rows:
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]
        line = rows.line_num + 1


def _checked(columns: Sequence[str], rows: Sequence[tuple[int, list[str]]], ignored: tuple[str, ...]) -> Roster:
    entries: list[Entry] = []
    faults: list[Fault] = []
    taken: dict[str, int] = {}
    has_keys = any(name in columns for name in KEYS)
    for line, cells in rows:
        if len(cells) > len(columns):
            faults.append(Fault(line, f"It has {len(cells)} cells, and there are {len(columns)} headings."))
            continue
        given = {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell}
        entry = _entry(line, given, has_keys=has_keys)
        own = [*_wrong(entry, given), *(_taken(key, taken[key]) for key in entry.keys if key in taken)]
        faults += [Fault(line, what) for what in own]
        taken |= dict.fromkeys(entry.keys, line)
        entries.append(entry)
    return Roster(tuple(entries), tuple(faults), ignored)


def _entry(line: int, given: dict[str, str], *, has_keys: bool) -> Entry:
    keys = tuple(key_of(kind, given[kind]) for kind in KEYS if kind in given)
    name = given.get("name", "")
    return Entry(
        line=line,
        name=name,
        role=given.get("role", "learner").lower(),
        language=given.get("language", "en").lower(),
        time_zone=given.get("time_zone", "UTC"),
        keys=keys if has_keys else (key_of("name", " ".join(name.split())),),
    )


def key_of(kind: str, text: str) -> str:
    """Return by what somebody is known; capitals don't tell people apart."""
    return f"{kind}:{text.casefold()}"


def _wrong(entry: Entry, given: dict[str, str]) -> Iterator[str]:
    if not entry.name:
        yield "The name is missing."
    if not entry.keys:
        yield f"It says nothing in {', '.join(KEYS)} that tells this person from others."
    for name, text in given.items():
        yield from _badly_written(name, text)
    yield from _unknown(entry)


def _badly_written(name: str, text: str) -> Iterator[str]:
    if len(text) > LONGEST.get(name, len(text)):
        yield f"The {name} has more than {LONGEST[name]} characters."
    if _UNPRINTABLE.search(text):
        yield f"The {name} has characters that can't be shown."
    if name == "email" and not _EMAIL.fullmatch(text):
        yield f"“{text}” is no e-mail address."


def _unknown(entry: Entry) -> Iterator[str]:
    for what, text, known in (("role", entry.role, ROLES), ("language", entry.language, LANGUAGES)):
        if text not in known:
            yield f"“{text}” is no {what}. Write one of: {', '.join(known)}."
    try:
        zone_of(entry.time_zone)
    except UnknownZoneError:
        yield f"“{entry.time_zone}” is no time zone. Write an IANA name such as Asia/Shanghai."


def _taken(key: str, line: int) -> str:
    kind, _, text = key.partition(":")
    if kind == "name":
        return f"“{text}” is in line {line} already. Add a column id, email or reference that tells them apart."
    return f"The {kind} “{text}” is in line {line} already."
