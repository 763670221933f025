"""The pages in a real browser: how soon the first one shows, how much of it travels, and how soon the next problem is there."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from app.storage import migrate
from bench.report import Goal, goals
from bench.servers import Server, running
from tests.browser.chromium import chromium

ROUNDS = 20
WISH = {"family": "cross-entropy-one-hot", "preset": "mock-question"}
"""A problem with formulas, whose answer brings pictures."""

PAINTED = """() => new Promise((resolve) => new PerformanceObserver((list) => {
    for (const {name, startTime} of list.getEntries()) if (name === "first-contentful-paint") resolve(startTime);
}).observe({type: "paint", buffered: true}))"""

TRAVELLED = """() => document.fonts.ready.then(() => ["navigation", "resource"]
    .flatMap((type) => performance.getEntriesByType(type)).reduce((sum, {transferSize}) => sum + transferSize, 0))"""

# From the key to the frame after the one in which the page was replaced: by then it has been drawn.
TIME_NEXT = """() => {
    let pressed;
    addEventListener("keydown", () => (pressed = performance.now()), {once: true, capture: true});
    globalThis.next = new Promise((resolve) => new MutationObserver(() => {
        if (pressed && document.querySelector("#answer") && !document.querySelector("#verdict"))
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressed)));
    }).observe(document.body, {childList: true}));
}"""


def run(scale: float) -> None:
    """Practise in browsers that know nothing yet, and print medians."""
    rounds = max(3, round(ROUNDS * scale))
    command = [str(Path(sys.executable).with_name("crossdrill")), "serve"]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/pages.sqlite3"
        migrate.upgrade(url)
        with running(command, {"CROSSDRILL_DATABASE_URL": url}) as server, chromium() as browser:
            _visit(browser, server)  # the first answer of a process is slower, and nobody's cold cache
            visits = [_visit(browser, server) for _ in range(rounds)]
    paints, sizes, nexts = zip(*visits, strict=True)
    print(f"Pages in Chromium on this machine, cold caches, median of {rounds}\n")
    goals(
        [
            Goal("first contentful paint of the practise page, ms", median(paints), 300),
            Goal("the whole practise page with scripts and fonts, KB", max(sizes) / 1000, 500),
            Goal("next problem after Enter, ms", median(nexts), 100),
        ]
    )


def _visit(browser: Browser, server: Server) -> tuple[float, float, float]:
    """Return, for one problem in a new browser, when it showed, how many bytes came, and how long the next one took."""
    problem = json.loads(server.post("/v1/problems", json.dumps(WISH)))["id"]
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/problems/{problem}", wait_until="networkidle")
    paint, size = page.evaluate(PAINTED), page.evaluate(TRAVELLED)
    seconds = _next(page)
    context.close()
    return paint, size, seconds


def _next(page: Page) -> float:
    """Answer, go on with Enter, and return how many milliseconds the next problem took."""
    page.keyboard.type("0.357")
    page.keyboard.press("Enter")
    page.wait_for_selector("#verdict")
    page.evaluate(TIME_NEXT)
    page.keyboard.press("Enter")
    milliseconds: float = page.evaluate("globalThis.next")
    return milliseconds
