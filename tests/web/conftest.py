"""A browser without scripts: it follows links, fills in forms and keeps cookies, against the whole application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

import pytest
from httpx2 import Response
from lxml import html
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.api.conftest import served
from tests.api.people import enrolled

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass
class Shown:
    """A page as it was answered."""

    response: Response

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.response.text)

    @property
    def text(self) -> str:
        """What stands between the tags of the main part, with single spaces."""
        [main] = self.tree.xpath("//main")
        return " ".join(main.text_content().split())

    def all(self, path: str) -> list[html.HtmlElement]:
        """Return the elements that an XPath finds."""
        found: list[html.HtmlElement] = self.tree.xpath(path)
        return found


@dataclass
class Browser:
    """Keeps cookies and sends the hidden fields of forms along, as a browser does."""

    client: TestClient
    language: str = "en"
    here: str = "/"
    last: Shown | None = field(default=None, repr=False)

    def open(self, path: str) -> Shown:
        """Open a page, wherever that leads."""
        headers = {"accept": HTML, "accept-language": self.language}
        return self._arrived(self.client.get(path, headers=headers))

    def send(self, action: str, fields: dict[str, str | list[str]] | None = None, *, form: str | None = None) -> Shown:
        """Send the form of the page that goes to `action`, its fields filled in; with its hidden ones and its presets."""
        assert self.last is not None
        own = self.fields_of(form or action)
        body = urlencode({**own, **(fields or {})}, doseq=True)
        headers = {**FORM, "accept": HTML, "accept-language": self.language, "sec-fetch-site": "same-origin"}
        return self._arrived(self.client.post(action, content=body, headers=headers))

    def fields_of(self, action: str) -> dict[str, list[str]]:
        """Return what a form of the page would send untouched."""
        assert self.last is not None
        forms = [each for each in self.last.tree.forms if each.get("action") == action]
        assert forms, f"no form goes to {action}: {[each.get('action') for each in self.last.tree.forms]}"
        fields: dict[str, list[str]] = {}
        for name, value in forms[0].form_values():
            fields.setdefault(name, []).append(value)
        return fields

    def _arrived(self, response: Response) -> Shown:
        self.here, self.last = response.url.path, Shown(response)
        return self.last


class Visit(Protocol):
    def __call__(self, *, access: str = "local", **settings: str | int) -> Browser: ...


@pytest.fixture
def visit(sqlite_url: str) -> Iterator[Visit]:
    """Start the application on a database at head, and return a browser in front of it."""
    with ExitStack() as stack:

        def start(*, access: str = "local", **settings: str | int) -> Browser:
            client = stack.enter_context(served(storage=Database(sqlite_url), access=access, **settings))
            client.headers.clear()
            client.headers["host"] = "localhost:8000"
            return Browser(client)

        yield start


@pytest.fixture
def browser(visit: Visit) -> Browser:
    """Return a browser in front of a service on its own machine."""
    return visit()


SignedIn = Callable[..., Browser]


@pytest.fixture
def signed_in(visit: Visit) -> SignedIn:
    """Return a browser that is signed in to a service with tokens."""

    def arrive(name: str = "Ada", *, role: str = "learner", language: str = "en") -> Browser:
        browser = visit(access="tokens")
        person = enrolled(browser.client, name, role=role, language=language)
        browser.open("/sign-in")
        browser.send("/sign-in", {"token": person.token})
        return browser

    return arrive
