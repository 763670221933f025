"""A real browser in front of a real service; every page is watched while it is open."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page, expect

from app.web.visits import Choices
from quiz_bank.problem import Language
from tests.browser.chromium import MISSING, chromium, found
from tests.browser.service import Person, Service, served
from tests.browser.watch import PATIENCE_MS, watched

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep these tests on one worker: they share a browser and the services."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium for a module: its driver runs an event loop in this thread, which other modules may want for theirs."""
    if found() is None:
        pytest.fail(MISSING, pytrace=False)
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def service(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Start a service with tokens, for many people who see nothing of each other."""
    database = tmp_path_factory.mktemp("browser") / "tokens.sqlite3"
    shutil.copy(migrated_sqlite_file, database)
    with served(database, access="tokens") as started:
        yield started


@pytest.fixture(scope="session")
def alone(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Start a service as one person has it on their own machine."""
    database = tmp_path_factory.mktemp("browser") / "local.sqlite3"
    shutil.copy(migrated_sqlite_file, database)
    with served(database, access="local") as started:
        yield started


class Open(Protocol):
    def __call__(
        self,
        path: str = "/",
        *,
        on: Service | None = None,
        by: Person | None = None,
        language: Language = "en",
        choices: Choices | None = None,
        **options: Any,  # noqa: ANN401 - whatever a browser can be set to
    ) -> Page: ...


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open a page in a browser of its own; of the service with tokens, unless `on` names the other."""
    with ExitStack() as stack:

        def visit(path: str = "/", *, on: Service | None = None, **options: Any) -> Page:  # noqa: ANN401 - as above
            service: Service = on or request.getfixturevalue("service")
            page = stack.enter_context(watched(browser, service, **options)).new_page()
            page.goto(path)
            return page

        yield visit


@pytest.fixture
def me(service: Service) -> Person:
    """Return somebody new, who has done nothing yet."""
    return service.enrol()
