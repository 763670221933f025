"""What is stored of a learner: to take away, and to erase."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.access import SESSION
from app.edge.context import context_of
from app.exports.selection import DEFAULT_COUNT, LARGEST_COUNT
from app.services import accounts
from app.storage.learners import LearnerRow
from app.web.catalogue import Group, groups
from app.web.forms import Form
from app.web.pages import Page, To, act, look
from app.web.visits import Visitor
from app.web.words import say
from quiz_bank.registry import FAMILIES

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class MyDataPage:
    """What `my_data.html` is rendered with: what can be chosen of the bank, and what was typed to have everything erased."""

    learner: LearnerRow
    groups: tuple[Group, ...]
    count: int = DEFAULT_COUNT
    most: int = LARGEST_COUNT
    typed: str = ""
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class ErasedPage:
    """What `erased.html` is rendered with: nothing, for nothing is left to show."""


@router.get("/settings/data")
async def show_data(request: Request) -> Response:
    """Show how to take everything away, and how to erase it."""
    return await look(request, my_data_page)


def my_data_page(connection: Connection, visitor: Visitor, typed: str = "", complaint: str = "") -> Page:
    """Return the page, with what was typed and what is wrong with it where it was sent before."""
    learner = accounts.find(connection, visitor.caller.id)
    bank = tuple(groups(FAMILIES.values(), {}, visitor.language))
    page = MyDataPage(learner, bank, typed=typed, complaint=complaint)
    return Page("my_data.html", page, 422 if complaint else 200)


@router.post("/settings/data")
async def erase(request: Request) -> Response:
    """Erase the learner with everything of theirs, once they have typed their name, and end the session."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        typed = form.text("name")
        if _plain(typed) != _plain(accounts.find(connection, visitor.caller.id).name):
            complaint = say(visitor.language, "This is not your name. Nothing was erased.")
            return my_data_page(connection, visitor, typed, complaint)
        accounts.erase(connection, visitor.caller.id, now)
        return To("/goodbye", {SESSION: ""})

    return await act(request, work)


def _plain(name: str) -> str:
    """Return a name as it counts here: nobody keeps their data for a capital or a space."""
    return " ".join(name.split()).casefold()


@router.get("/goodbye")
async def goodbye(request: Request) -> Response:
    """Say that everything is erased."""

    def work(connection: Connection, visitor: Visitor) -> Page:
        return Page("erased.html", ErasedPage())

    return await look(request, work, anyone=True, guests=True)
