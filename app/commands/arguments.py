"""What arguments name, looked up; what they name in vain ends the command with what there is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.commands.console import stop
from quiz_bank.problem import Family
from quiz_bank.registry import UnknownFamilyError, family


def chosen_family(slug: str) -> Family[Any]:
    """Return the family of a slug, or end the command with those that look alike."""
    try:
        return family(slug)
    except UnknownFamilyError as error:
        near = f" Did you mean {', '.join(error.near)}?" if error.near else ""
        stop(f"There is no family {slug}.{near}")


def require_known(what: str, given: object, known: Iterable[object]) -> None:
    """End the command unless nothing is given, or one of what is known."""
    there_is = list(known)
    if given is not None and given not in there_is:
        stop(f"There is no {what} {given} here. There is: {', '.join(map(str, there_is))}.")
