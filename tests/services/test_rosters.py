"""The list of a class: read as spreadsheets save it, every problem by its line; enrolled once, all or nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from sqlalchemy import Connection

from app.services import accounts, enrolment
from app.services.rosters import read_roster
from app.storage import identities, learners, tokens
from tests.storage.connected import connected

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLAIN = "name,id,email\nAda,1,ada@example.org\n李华,2,hua@example.org\n"


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connected(database_url) as opened:
        yield opened


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.what) for fault in read_roster(text.encode()).faults]


def enrolled(connection: Connection, text: str, *, with_tokens: bool = True) -> list[enrolment.Enrolled]:
    roster, numbers = read_roster(text.encode()), count(len(text))
    assert roster.faults == ()
    secret = (lambda: f"{next(numbers):043d}") if with_tokens else None
    return enrolment.enrol(connection, enrolment.compare(connection, roster.entries), NOW, secret, None)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
        PLAIN.replace("name", "姓名").replace("id", "学号").replace("email", "邮箱").encode(),
        PLAIN.replace("name,id,email", ' Name ,ID,"E-Mail"').replace("Ada", '"Ada"').encode(),
        ("\n" + PLAIN.replace("\n", "\n\n ,,\n")).encode(),
    ],
    ids=["plain", "bom", "utf-16", "semicolons", "tabs", "chinese", "quoted", "empty-lines"],
)
def test_a_list_is_read_however_a_spreadsheet_saves_it(data: bytes) -> None:
    roster = read_roster(data)
    assert roster.faults == ()
    assert [(entry.name, entry.keys) for entry in roster.entries] == [
        ("Ada", ("id:1", "email:ada@example.org")),
        ("李华", ("id:2", "email:hua@example.org")),
    ]


def test_a_name_may_hold_the_delimiter_and_quotes() -> None:
    [entry] = read_roster(b'name\n"Lovelace, ""Ada"""\n').entries
    assert entry.name == 'Lovelace, "Ada"'


def test_what_a_list_leaves_out_is_as_for_everybody() -> None:
    plain, full = read_roster(b"name,role,language,time_zone\nAda\nBo,Coach,ZH,Asia/Shanghai\n").entries
    assert (plain.role, plain.language, plain.time_zone) == ("learner", "en", "UTC")
    assert (full.role, full.language, full.time_zone) == ("coach", "zh", "Asia/Shanghai")


def test_columns_that_mean_nothing_are_left_out_and_named() -> None:
    roster = read_roster(b"name,Group,,id\nAda,A,x,1\n")
    assert (roster.ignored, roster.entries[0].keys) == (("Group",), ("id:1",))


def test_every_problem_is_told_by_the_line_where_it_begins() -> None:
    text = 'name,id,email,role,language,time_zone\n"A\nB",1,\n,2\nC,,\nD,3,nowhere,boss,fr,Mars/Olympus\nE,3\nF,4,,,,,,\n'
    found = faults(text)
    assert [line for line, _ in found] == [2, 4, 5, 6, 6, 6, 6, 7, 8]
    told = " ".join(what for _, what in found)
    for part in (
        "can't be shown",
        "name is missing",
        "id, email, reference",
        "“nowhere” is no e-mail address",
        "“boss” is no role",
        "“fr” is no language",
        "“Mars/Olympus” is no time zone",
        "“3” is in line 6 already",
        "8 cells",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "empty"),
        ("id,email\n1,a@b.example\n", "no column “name”"),
        ("name,id,ID\nAda,1,2\n", "two columns for id"),
        ('name\n"Ada\n', "can't be read as CSV"),
        ("name\n" + "x" * 101, "more than 100 characters"),
        ("name\nAda\nADA\n", "Add a column id, email or reference"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_what_to_do(text: str, part: str) -> None:
    [(_, what)] = faults(text)
    assert part in what


def test_another_encoding_is_refused_with_what_to_choose() -> None:
    [fault] = read_roster("name\n李华\n".encode("gb18030")).faults
    assert "CSV UTF-8" in fault.what


def test_a_class_is_enrolled_with_tokens_that_work(connection: Connection) -> None:
    ada, hua = enrolled(connection, PLAIN)
    assert [each.entry.name for each in (ada, hua)] == ["Ada", "李华"]
    for each in (ada, hua):
        assert each.token is not None
        whose = tokens.find_learner_by_digest(connection, accounts.digest(each.token), NOW)
        assert whose is not None
        assert whose == learners.get_caller(connection, each.learner_id)


def test_the_same_list_again_enrols_nobody_and_those_who_are_new_alone(connection: Connection) -> None:
    first = enrolled(connection, PLAIN)
    assert enrolled(connection, PLAIN) == []
    [eve] = enrolled(connection, PLAIN.upper().replace("NAME,ID,EMAIL", "name,id,email") + "Eve,3,\n")
    assert eve.entry.name == "Eve"
    names = [each.row.name for each in learners.page(connection, limit=10)]
    assert sorted(names) == sorted(["local", *(each.entry.name for each in (*first, eve))])


def test_what_a_later_list_knows_besides_is_added_to_who_is_there(connection: Connection) -> None:
    [ada] = enrolled(connection, "name,id\nAda,1\n")
    assert enrolled(connection, "name,id,email\nAda,1,ada@example.org\n") == []
    assert identities.find(connection, learners.ROSTER, "email:ada@example.org") == ada.learner_id
    assert enrolled(connection, "name,email\nAda L.,Ada@Example.org\n") == []


def test_who_would_be_two_people_is_told_by_line(connection: Connection) -> None:
    enrolled(connection, "name,id,email\nAda,1,\nBo,2,bo@example.org\n")
    entries = read_roster(b"name,id,email\nCy,3,\nAda,1,bo@example.org\n").entries
    standing = enrolment.compare(connection, entries)
    assert [fault.line for fault in standing.faults] == [3]


def test_without_tokens_nobody_gets_one(connection: Connection) -> None:
    ada, _ = enrolled(connection, PLAIN, with_tokens=False)
    assert ada.token is None
    assert tokens.all_of(connection, ada.learner_id) == []


def test_a_learner_is_named_by_id_or_by_what_the_list_says(connection: Connection) -> None:
    ada, hua = enrolled(connection, PLAIN)
    for text in (str(ada.learner_id), "1", "ADA@example.org"):
        assert enrolment.whom(connection, text) == [ada.learner_id]
    enrolled(connection, "name,reference\nEve,2\n")
    assert len(enrolment.whom(connection, "2")) == 2
    assert hua.learner_id in enrolment.whom(connection, "2")
    assert enrolment.whom(connection, "Nobody") == []


def test_a_class_of_five_thousand_is_enrolled_and_found_again(connection: Connection) -> None:
    text = "name,id\n" + "".join(f"Learner {number},{number}\n" for number in range(5000))
    assert len(enrolled(connection, text)) == 5000
    standing = enrolment.compare(connection, read_roster(text.encode()).entries)
    assert (len(standing.new), len(standing.known)) == (0, 5000)


def test_who_is_erased_is_known_by_nothing_any_more(connection: Connection) -> None:
    ada, _ = enrolled(connection, PLAIN)
    accounts.remove(connection, ada.learner_id, NOW, by=None)
    assert identities.of_learner(connection, ada.learner_id) == []
    assert [each.entry.name for each in enrolled(connection, PLAIN)] == ["Ada"]
