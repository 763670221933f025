"""Pictures of the pages: `python -m tests.browser.screenshots FOLDER`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Page
from sqlalchemy import Connection

from app.storage import migrate
from quiz_bank.problem import Language
from tests.browser.chromium import chromium
from tests.browser.life import Life
from tests.browser.service import Person, Service, served
from tests.browser.watch import LOCALES, watched

SIZES: Final = {360: 740, 1280: 800}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
MOCK: Final = ("cross-entropy-one-hot", "mock-question")
PEOPLE: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("Ada Lovelace", "Grace Hopper", "Claude Shannon", "Solomon Kullback"),
    "zh": ("陈小明", "林巧", "王思远", "李静"),
}


def lived(service: Service, language: Language) -> tuple[Person, dict[str, str]]:
    """Return a coach with a past, and where the pages are of which pictures are taken."""
    coach, *candidates = (
        service.enrol(name, role="coach" if position == 0 else "learner", language=language)
        for position, name in enumerate(PEOPLE[language])
    )

    def work(connection: Connection) -> dict[str, str]:
        life = Life(connection, coach, language)
        life.practise()
        return {**answered(life), **drilled(life, candidates), "home": "/", "progress": "/progress"}

    return coach, service.write(work)


def answered(life: Life) -> dict[str, str]:
    """Answer problems rightly, wrongly and in part, and return where that is seen."""
    right, wrong, vector = (life.meet(*what) for what in (MOCK, MOCK, ("softmax", "three-routes")))
    life.send(right, {"loss": "-ln 0.7"})
    life.send(wrong, {"loss": "0.3"})
    life.send(vector, {"probabilities": ["0.659", "0.3", "0.0986"]})
    found = {"right": right, "wrong-with-misconception": wrong, "vector": vector}
    return {**{name: f"/problems/{problem}" for name, problem in found.items()}, "solution": f"/problems/{right}/solution"}


def drilled(life: Life, candidates: list[Person]) -> dict[str, str]:
    """End a drill, fill a room, and return where that is seen."""
    report, room = life.begin("warm-up"), life.open_room("warm-up", {"en": 1, "zh": 2}[life.language])
    life.go_through(report, 5)
    life.end(report)
    for count, candidate in zip((5, 4, 2), candidates, strict=True):
        other = replace(life, person=candidate)
        other.go_through(other.join(room), count, skip=count)
    return {"report": f"/drills/{report}/report", "room": f"/rooms/{room}"}


def take(page: Page, path: str, file: Path) -> None:
    """Take a picture of a whole page, as it is when everything has been drawn."""
    page.goto(path)
    page.evaluate("document.fonts.ready.then(() => document.activeElement.blur())")
    page.screenshot(path=file, full_page=True)


def take_all(browser: Browser, service: Service, folder: Path) -> None:
    """Take all pictures, in both languages, at both sizes and in both schemes."""
    for language in LOCALES:
        coach, ways = lived(service, language)
        for width, scheme in product(SIZES, SCHEMES):
            size = {"width": width, "height": SIZES[width]}
            with watched(browser, service, coach, language, viewport=size, color_scheme=scheme) as context:
                page = context.new_page()
                for name, path in ways.items():
                    take(page, path, folder / f"{name}-{width}-{scheme}-{language}.png")


def main(folder: Path) -> None:
    """Take pictures of a service that is started for it."""
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        database = Path(place) / "crossdrill.sqlite3"
        migrate.upgrade(f"sqlite:///{database}")
        with served(database, access="tokens") as service, chromium() as browser:
            take_all(browser, service, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
