"""Rooms: codes that can't be guessed, the same problems for all who join, one drill for each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import randbits, token_urlsafe

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from app.errors import InvalidInputError, NotFoundError, RoomClosedError
from app.services import accounts, drills, rooms
from app.services.blueprints import Blueprint
from app.services.plans import PlanItem, plan_from_json, variant_of
from app.services.rooms import CODE_BITS, Choice, Opening
from app.services.shelf import Shelf
from app.storage import learners, tokens
from app.storage import rooms as stored_rooms
from app.storage.database import Database
from app.storage.drills import DrillRow, get
from app.storage.engines import Purpose, make_engine, parse_url
from app.storage.ids import new_id
from app.storage.learners import LearnerRow
from app.storage.rooms import RoomRow

NOW = datetime(2026, 11, 20, 21, 16, tzinfo=UTC)
CHOICES = (
    Choice("cross-entropy-one-hot", preset="mock-question"),
    Choice("ce-from-logits", parameters={"logits": ["2", "1", "0.1"], "target": 0}),
    Choice("entropy", level=1),
)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with make_engine(parse_url(database_url), Purpose.WRITE).connect() as opened:
        opened.begin()
        yield opened


def learner(connection: Connection, name: str, role: str = "learner") -> LearnerRow:
    row = LearnerRow(new_id(), name, role, "en", NOW)
    learners.add(connection, row)
    return row


def opened(connection: Connection, coach: LearnerRow, **terms: object) -> RoomRow:
    blueprint = replace(Blueprint(length=len(CHOICES), minutes=15), **terms)  # type: ignore[arg-type]  # any of its fields
    opening = Opening("Monday", None, blueprint, rooms.chosen(CHOICES, "en", "seed"))
    return rooms.open_room(connection, coach.id, opening, rooms.code_of(randbits(CODE_BITS)), NOW)


def asked(connection: Connection, drill: DrillRow) -> list[tuple[str, str, str]]:
    """Return what a drill asks, one problem after the other."""
    found = []
    for _ in CHOICES:
        current = drills.locked(connection, drill.learner_id, drill.id, NOW)
        problem = drills.hand_out(connection, Shelf(), current, NOW)
        found.append((problem.family, problem.parameters, problem.truth))
    return found


@given(st.integers(0, 2**CODE_BITS - 1))
def test_a_code_stands_for_all_sixty_bits_and_is_read_as_it_is_shown(number: int) -> None:
    code = rooms.code_of(number)
    value = 0
    for character in code.replace("-", ""):
        value = value * 32 + rooms.ALPHABET.index(character)
    assert value == number
    assert rooms.read_code(code) == code


@pytest.mark.parametrize("typed", ["0123-4567-89AB", "o1234567 89ab", "oI23-4567-89ab", "OL2345\t6789AB", "0i23456789ab"])
def test_case_hyphens_spaces_and_look_alikes_of_a_code_do_not_matter(typed: str) -> None:
    assert rooms.read_code(typed) == "0123-4567-89AB"


@pytest.mark.parametrize("typed", ["", "0123-4567-89A", "0123-4567-89ABC", "0123-4567-89AU", "0123_4567_89AB", "码" * 12])
def test_what_can_be_no_code_is_none(typed: str) -> None:
    assert rooms.read_code(typed) is None


def test_everyone_who_joins_is_asked_the_same_in_the_same_order(connection: Connection) -> None:
    room = opened(connection, learner(connection, "Coach", "coach"))
    _, ada, is_new = rooms.join(connection, room.code, learner(connection, "Ada").id, "en", NOW)
    _, bob, _ = rooms.join_as_guest(connection, room.code, "Bob", "zh", token_urlsafe(32), NOW)
    assert is_new
    assert asked(connection, ada) == asked(connection, bob)
    assert (ada.language, bob.language, ada.ends_at) == ("en", "zh", NOW + timedelta(minutes=15))


def test_a_rooms_problems_are_drawn_when_it_is_opened_and_never_again() -> None:
    drawn = rooms.frozen((PlanItem("entropy", 1, "8c1f"),))
    [item] = drawn
    assert item.frozen is not None
    assert variant_of(replace(item, seed="another")).parameters == variant_of(item).parameters


def test_the_seed_of_a_problem_that_a_room_draws_is_none_that_another_can_be_told_from() -> None:
    seeds = [item.seed for item in rooms.chosen([Choice("entropy")] * 3, "en", "secret")]
    assert len(set(seeds)) == 3
    assert not any("secret" in str(seed) for seed in seeds)


def test_a_room_of_an_earlier_one_asks_the_same_under_another_code(connection: Connection) -> None:
    coach = learner(connection, "Coach", "coach")
    first = opened(connection, coach)
    again = rooms.open_again(connection, coach.id, first.code.lower(), rooms.code_of(7), NOW)
    assert (again.plan, again.blueprint, again.title, again.again_of) == (first.plan, first.blueprint, first.title, first.id)
    assert rooms.find(connection, again.code).id != first.id


def test_nobody_repeats_another_coachs_room(connection: Connection) -> None:
    room = opened(connection, learner(connection, "Coach", "coach"))
    with pytest.raises(NotFoundError):
        rooms.open_again(connection, learner(connection, "Other", "coach").id, room.code, rooms.code_of(7), NOW)


def test_joining_again_gives_the_same_drill_even_once_the_room_is_closed(connection: Connection) -> None:
    room, ada = opened(connection, learner(connection, "Coach", "coach")), learner(connection, "Ada")
    _, first, _ = rooms.join(connection, room.code, ada.id, "en", NOW)
    rooms.close(connection, room, NOW, by=room.owner_id)
    _, second, is_new = rooms.join(connection, room.code, ada.id, "zh", NOW + timedelta(minutes=1))
    assert (second, is_new) == (first, False)


def test_a_closed_room_takes_nobody_in_and_closing_it_again_changes_nothing(connection: Connection) -> None:
    room = opened(connection, learner(connection, "Coach", "coach"))
    closed = rooms.close(connection, room, NOW, by=room.owner_id)
    assert rooms.close(connection, closed, NOW + timedelta(hours=1), by=closed.owner_id).closed_at == NOW
    with pytest.raises(RoomClosedError):
        rooms.join(connection, room.code, learner(connection, "Ada").id, "en", NOW)
    with pytest.raises(RoomClosedError):
        rooms.join_as_guest(connection, room.code, "Bob", "en", token_urlsafe(32), NOW)


def test_a_guest_is_a_learner_of_one_room_with_a_token_for_thirty_days(connection: Connection) -> None:
    room = opened(connection, learner(connection, "Coach", "coach"))
    _, drill, token = rooms.join_as_guest(connection, room.code, "Bob", "en", token_urlsafe(32), NOW)
    guest = tokens.find_learner_by_digest(connection, accounts.digest(token.text), NOW + timedelta(days=29))
    assert guest is not None
    assert (guest.id, guest.role, guest.room_id) == (drill.learner_id, "learner", room.id)
    assert tokens.find_learner_by_digest(connection, accounts.digest(token.text), NOW + timedelta(days=30)) is None


def test_a_room_is_its_owners_and_an_admins(connection: Connection) -> None:
    coach, other = learner(connection, "Coach", "coach"), learner(connection, "Other", "coach")
    room = opened(connection, coach)
    assert rooms.owned(connection, coach.id, room.code) == rooms.owned(connection, other.id, room.code, admin=True)
    with pytest.raises(NotFoundError):
        rooms.owned(connection, other.id, room.code)


def test_with_a_coach_go_their_rooms_and_guests_and_an_account_keeps_its_drill(connection: Connection) -> None:
    coach, ada = learner(connection, "Coach", "coach"), learner(connection, "Ada")
    room = opened(connection, coach)
    _, kept, _ = rooms.join(connection, room.code, ada.id, "en", NOW)
    _, gone, _ = rooms.join_as_guest(connection, room.code, "Bob", "en", token_urlsafe(32), NOW)
    asked(connection, kept)
    asked(connection, gone)
    connection.commit()
    connection.begin()
    accounts.erase(connection, coach.id, NOW)
    after = get(connection, ada.id, kept.id)
    assert after is not None
    assert after.room_id is None
    assert learners.get(connection, gone.learner_id) is None
    assert get(connection, gone.learner_id, gone.id) is None
    assert stored_rooms.find(connection, room.code) is None


@pytest.mark.parametrize(
    ("choice", "pointer"),
    [
        (Choice("no-such-family"), "/problems/1/family"),
        (Choice("entropy", level=9), "/problems/1/level"),
        (Choice("entropy", preset="no-such-preset"), "/problems/1/preset"),
        (Choice("entropy", seed="1", preset="fair-coin"), "/problems/1/preset"),
        (Choice("ce-from-logits", parameters={"logits": ["2"], "target": 5}), "/problems/1/parameters"),
    ],
)
def test_a_problem_that_cannot_be_is_refused_with_its_place(choice: Choice, pointer: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        rooms.chosen([CHOICES[0], choice], "en", "seed")
    [error] = caught.value.errors
    assert error.pointer.startswith(pointer)


@pytest.mark.anyio
async def test_a_learner_who_joins_twice_at_once_has_one_drill(database_url: str) -> None:
    first, second = Database(database_url), Database(database_url)
    await first.open()
    await second.open()

    def prepare(connection: Connection) -> tuple[RoomRow, LearnerRow]:
        return opened(connection, learner(connection, "Coach", "coach")), learner(connection, "Ada")

    room, ada = await first.write(prepare)
    joined = await asyncio.gather(
        *(
            database.write(lambda connection: rooms.join(connection, room.code, ada.id, "en", NOW))
            for database in (first, second) * 4
        )
    )
    members = await first.read(lambda connection: stored_rooms.members(connection, room.id))
    await first.close()
    await second.close()
    assert {drill.id for _, drill, _ in joined} == {member.drill.id for member in members}
    assert [is_new for _, _, is_new in joined].count(True) == len(members) == 1
    assert len(plan_from_json(members[0].drill.plan)) == len(CHOICES)
