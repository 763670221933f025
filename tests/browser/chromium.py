"""The browser of the tests: where it is, how it is started, and what to do on a machine that has none."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, sync_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
MISSING: Final = (
    "The tests of the pages need Chromium and a font for Chinese. On Debian: apt-get install chromium fonts-noto-cjk. "
    "CROSSDRILL_CHROMIUM names one that isn't on PATH. To leave these tests out: make test BROWSER=no"
)
OPTIONS: Final = (
    "--no-sandbox",  # which a container's root can't have; nothing but our own pages is opened
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def found() -> str | None:
    """Return where Chromium is, None where there is none."""
    return next(filter(None, map(shutil.which, (os.environ.get("CROSSDRILL_CHROMIUM", ""), *NAMES))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium, and end it afterwards; RuntimeError where there is none."""
    executable = found()
    if executable is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(OPTIONS))
        yield browser
        browser.close()


if __name__ == "__main__":
    sys.exit(None if found() else MISSING)
