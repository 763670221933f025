"""Enrolling a class: whoever is new, all or nobody, and nobody twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.services import audit
from app.services.accounts import SHOWN_CHARACTERS, TOKEN_MARK, digest
from app.services.rosters import KEYS, Entry, Fault, key_of
from app.storage import identities, learners, tokens
from app.storage.identities import IdentityRow
from app.storage.ids import new_id
from app.storage.learners import ROSTER, LearnerRow
from app.storage.tokens import TokenRow


@dataclass(frozen=True, slots=True)
class Standing:
    """How a list stands to what is stored: who is new, who is there already, and what can't be."""

    new: tuple[Entry, ...]
    known: tuple[tuple[Entry, UUID], ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One who was enrolled, with the token that is known this once; None where none was made."""

    entry: Entry
    learner_id: UUID
    token: str | None


def compare(connection: Connection, entries: Sequence[Entry]) -> Standing:
    """Return who of a list is new here. Somebody is there already whom any of their keys is known for."""
    known = identities.known(connection, ROSTER, [key for entry in entries for key in entry.keys])
    owners = [(entry, {known[key] for key in entry.keys if key in known}) for entry in entries]
    faults = (
        Fault(entry.line, "What it says of this person belongs to two who are here already.")
        for entry, whose in owners
        if len(whose) > 1
    )
    return Standing(
        new=tuple(entry for entry, whose in owners if not whose),
        known=tuple((entry, next(iter(whose))) for entry, whose in owners if len(whose) == 1),
        faults=tuple(faults),
    )


def enrol(
    connection: Connection,
    standing: Standing,
    now: datetime,
    secret: Callable[[], str] | None,
    expires_at: datetime | None,
) -> list[Enrolled]:
    """Store who is new, and by what else those are known who are there already; `secret` makes what tokens consist of.

    Without `secret` nobody gets a token: then people sign in through a provider that knows their e-mail addresses.
    """
    enrolled = [Enrolled(entry, new_id(), secret and TOKEN_MARK + secret()) for entry in standing.new]
    learners.add_all(connection, [_learner(each, now) for each in enrolled])
    tokens.add_all(connection, list(_tokens(enrolled, now, expires_at)))
    named = [*((each.entry, each.learner_id) for each in enrolled), *standing.known]
    identities.add(connection, *_identities(connection, named, now))
    if enrolled:
        audit.note(connection, None, "learners.imported", None, now, learners=len(enrolled))
    return enrolled


def _learner(each: Enrolled, now: datetime) -> LearnerRow:
    entry = each.entry
    return LearnerRow(each.learner_id, entry.name, entry.role, entry.language, now, entry.time_zone)


def _tokens(enrolled: Sequence[Enrolled], now: datetime, ends: datetime | None) -> Iterator[tuple[TokenRow, str]]:
    for each in enrolled:
        if each.token is not None:
            row = TokenRow(new_id(), each.learner_id, "first", each.token[:SHOWN_CHARACTERS], now, ends, None)
            yield row, digest(each.token)


def _identities(connection: Connection, named: Sequence[tuple[Entry, UUID]], now: datetime) -> Iterator[IdentityRow]:
    there = identities.known(connection, ROSTER, [key for entry, _ in named for key in entry.keys])
    for entry, learner_id in named:
        yield from (IdentityRow(ROSTER, key, learner_id, now) for key in entry.keys if key not in there)


def whom(connection: Connection, text: str) -> list[UUID]:
    """Return who is meant by an id of this service, or by anything that a list of a class said of them; nobody, one, more."""
    try:
        learner = learners.get(connection, UUID(text))
    except ValueError:
        keys = [key_of(kind, text) for kind in (*KEYS, "name")]
        return sorted(set(identities.known(connection, ROSTER, keys).values()))
    return [] if learner is None else [learner.id]
