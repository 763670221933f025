"""Rooms: a coach opens one, and whoever has its code is asked the same problems in the same order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from app.errors import FieldError, InvalidInputError, NotFoundError, RoomClosedError, UnknownFamilyError
from app.services import accounts, audit, drills
from app.services.accounts import NewToken
from app.services.blueprints import Blueprint, blueprint_from_json
from app.services.plans import Plan, PlanItem, freeze, plan_from_json, plan_to_json, variant_of
from app.services.problems import Wish, choose
from app.services.texts import text
from app.storage import follow_ups, learners, rooms
from app.storage.drills import DrillRow
from app.storage.ids import new_id
from app.storage.learners import LearnerRow
from app.storage.rooms import RoomRow
from quiz_bank.problem import Language
from quiz_bank.sampling import Stream

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 characters: no letter that is taken for a digit, and no U."""

CODE_LENGTH: Final = 12
CODE_BITS: Final = 5 * CODE_LENGTH
"""Too many for guessing: with a million rooms open, a million guesses a second find one in about two weeks."""

_GROUP = 4
_FOLDED = str.maketrans("OIL", "011", "- \t")

GUEST_FOR: Final = timedelta(days=30)
"""How long the token of a guest is good: long enough to come back for the report."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A problem that a coach names; without a level it is the lowest, without anything else it is drawn."""

    family: str
    level: int | None = None
    seed: str | None = None
    preset: str | None = None
    parameters: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What a room is to be: its title, its terms, and the problems with their numbers."""

    title: str
    preset: str | None
    blueprint: Blueprint
    plan: Plan


def code_of(number: int) -> str:
    """Return the code that stands for a random number of `CODE_BITS` bits, in groups of four: `7K3M-09QX-ZB4T`."""
    digits = (number >> 5 * place & 31 for place in reversed(range(CODE_LENGTH)))
    return _grouped("".join(ALPHABET[digit] for digit in digits))


def read_code(typed: str) -> str | None:
    """Return the code that was meant, whatever its case, hyphens and look-alikes; None where it can be none."""
    code = typed.upper().translate(_FOLDED)
    return _grouped(code) if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def _grouped(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, CODE_LENGTH, _GROUP))


def frozen(plan: Plan) -> Plan:
    """Return the plan with every variant drawn, so that all who join are asked the same whatever becomes of the bank."""
    return tuple(freeze(variant_of(item), item.seed, item.preset) for item in plan)


def chosen(choices: Sequence[Choice], language: Language, seed: str) -> Plan:
    """Return the plan that asks just these problems; `seed` decides the drawing of those that name no numbers.

    Raises
    ------
    InvalidInputError
        A family that isn't known, or a level, preset or parameters that it doesn't have; the pointer says which.
    """
    stream = Stream("room", seed)
    # Learners see the seed of a problem: it must tell nothing of those to come.
    seeds = [f"{stream.integer(0, 2**64 - 1):016x}" for _ in choices]
    return tuple(_choice(choice, index, language, seeds[index]) for index, choice in enumerate(choices))


def _choice(choice: Choice, index: int, language: Language, seed: str) -> PlanItem:
    wish = Wish(language, choice.family, None, choice.level, choice.seed, choice.preset, choice.parameters)
    try:
        variant, its_seed = choose(wish, seed)
    except UnknownFamilyError:
        detail = text("unknown-family", language, family=choice.family)
        raise InvalidInputError(errors=(FieldError(f"/problems/{index}/family", detail),)) from None
    except InvalidInputError as error:
        inside = (replace(field, pointer=f"/problems/{index}{field.pointer}") for field in error.errors)
        raise InvalidInputError(errors=tuple(inside)) from None
    return freeze(variant, its_seed, choice.preset)


def open_room(connection: Connection, owner_id: UUID, opening: Opening, code: str, now: datetime) -> RoomRow:
    """Store and return a new room."""
    terms = (opening.title, opening.preset, opening.blueprint.to_json(), plan_to_json(opening.plan))
    return _added(connection, RoomRow(new_id(), owner_id, code, *terms, again_of=None, created_at=now, closed_at=None))


def open_again(connection: Connection, owner_id: UUID, typed: str, code: str, now: datetime) -> RoomRow:
    """Store and return a room with the title, the terms and the very problems of an earlier one of the same coach."""
    before = owned(connection, owner_id, typed)
    return _added(connection, replace(before, id=new_id(), code=code, again_of=before.id, created_at=now, closed_at=None))


def _added(connection: Connection, room: RoomRow) -> RoomRow:
    rooms.add(connection, room)
    audit.note(connection, room.owner_id, "room.opened", room.id, room.created_at)
    return room


def find(connection: Connection, typed: str) -> RoomRow:
    """Return the room of a code; NotFoundError where there is none."""
    code = read_code(typed)
    room = None if code is None else rooms.find(connection, code)
    if room is None:
        raise NotFoundError
    return room


def owned(connection: Connection, coach_id: UUID, typed: str, *, admin: bool = False) -> RoomRow:
    """Return the room of a code to its owner or to an admin; to everybody else a NotFoundError."""
    room = find(connection, typed)
    if room.owner_id != coach_id and not admin:
        raise NotFoundError
    return room


def close(connection: Connection, room: RoomRow, now: datetime, *, by: UUID) -> RoomRow:
    """Take nobody in any more and return the room; drills that run go on, and closing twice changes nothing."""
    if not rooms.close(connection, room.id, now):
        return find(connection, room.code)
    audit.note(connection, by, "room.closed", room.id, now)
    return replace(room, closed_at=now)


def mark(
    connection: Connection, room: RoomRow, problem_id: UUID, share: float | None, remark: str | None, now: datetime, *, by: UUID
) -> None:
    """Store what a coach makes of what a candidate said, in place of an earlier mark; NotFoundError for others' problems."""
    learner_id = rooms.owner_of_problem(connection, room.id, problem_id)
    if learner_id is None:
        raise NotFoundError
    follow_ups.mark(connection, problem_id, learner_id, share, remark, now)
    audit.note(connection, by, "mark.given", problem_id, now, room=str(room.id))


def join(
    connection: Connection, typed: str, learner_id: UUID, language: Language, now: datetime
) -> tuple[RoomRow, DrillRow, bool]:
    """Return the room, the drill that a learner has in it, and whether they joined just now: then its clock starts.

    Raises
    ------
    NotFoundError
        There is no room of that code.
    RoomClosedError
        It takes nobody in any more, and the learner hasn't joined it before.
    """
    room = _locked(connection, typed)
    drill = rooms.drill_of(connection, room.id, learner_id)
    if drill is not None:
        return room, drills.locked(connection, learner_id, drill.id, now), False
    return room, _admitted(connection, room, learner_id, language, now), True


def join_as_guest(
    connection: Connection, typed: str, name: str, language: Language, secret: str, now: datetime
) -> tuple[RoomRow, DrillRow, NewToken]:
    """Return the room, the drill of a new guest, and the token that is good for it; NotFoundError, RoomClosedError as above."""
    room = _locked(connection, typed)
    _require_open(room)
    guest = LearnerRow(new_id(), name, "learner", language, now, room_id=room.id)
    learners.add(connection, guest)
    token = accounts.add_token(connection, guest.id, name="room", secret=secret, now=now, expires_at=now + GUEST_FOR)
    return room, _admitted(connection, room, guest.id, language, now), token


def _locked(connection: Connection, typed: str) -> RoomRow:
    """Return a room that nobody else joins or closes meanwhile: a learner has one drill in it, whoever calls at once."""
    room = rooms.lock(connection, find(connection, typed).id)
    if room is None:
        raise NotFoundError
    return room


def _require_open(room: RoomRow) -> None:
    if room.closed_at is not None:
        raise RoomClosedError


def _admitted(connection: Connection, room: RoomRow, learner_id: UUID, language: Language, now: datetime) -> DrillRow:
    _require_open(room)
    terms = (blueprint_from_json(room.blueprint), plan_from_json(room.plan))
    return drills.start(connection, learner_id, *terms, preset=room.preset, room_id=room.id, language=language, now=now)
