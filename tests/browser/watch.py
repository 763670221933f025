"""A browser that is signed in, and what no page may ever do in it, whatever else is tested."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Request

from app.edge.access import SESSION
from app.web.visits import CHOICES, Choices
from quiz_bank.problem import Language
from tests.browser.service import Person, Service

PATIENCE_MS: Final = 30_000
"""How long a busy machine may take for what a browser waits for."""

LOCALES: Final[dict[Language, str]] = {"en": "en-GB", "zh": "zh-CN"}
ON_VIOLATION: Final = "addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.violatedDirective}`))"
REFUSED: Final = "Failed to load resource: the server responded with a status of 4"
"""What the console says of a page that is answered with 404 or 422, as it should be; whoever wants a 200 asks for one."""


@dataclass
class Watch:
    """Everything that went wrong in a browser."""

    origin: str
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a browser, those that it will open too."""
        context.add_init_script(ON_VIOLATION)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._error(error.error))

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.complaints.append(f"asks another origin: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not self._is_a_page_refused(message):
            self.complaints.append(f"console {message.type}: {message.text}")

    def _is_a_page_refused(self, message: ConsoleMessage) -> bool:
        page = message.page
        return message.text.startswith(REFUSED) and page is not None and message.location["url"] == page.url

    def _error(self, error: Error) -> None:
        self.complaints.append(f"a script failed: {error}")


@contextmanager
def watched(
    browser: Browser,
    service: Service,
    by: Person | None = None,
    language: Language = "en",
    choices: Choices | None = None,
    **options: Any,  # noqa: ANN401 - whatever a browser can be set to
) -> Iterator[BrowserContext]:
    """Give a browser of its own, which `by` is signed in to; when it is closed, nothing may have gone wrong in it."""
    context = browser.new_context(base_url=service.address, locale=LOCALES[language], **options)
    context.set_default_timeout(PATIENCE_MS)
    cookies = {SESSION: by.token if by else "", CHOICES: choices.to_cookie() if choices else ""}
    for name, value in cookies.items():
        if value:
            context.add_cookies([{"name": name, "value": value, "url": service.address}])
    watch = Watch(service.address)
    watch.over(context)
    yield context
    context.close()
    assert watch.complaints == []
