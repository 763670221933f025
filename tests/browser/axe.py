"""axe, which looks for what keeps people out of a page."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final

from playwright.sync_api import Page

RUN: Final = """axe.run(
    {exclude: [".katex-html"]},
    {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}},
).then((found) => found.violations)"""
"""Of a formula axe reads the MathML; what is drawn of it besides is hidden from everybody who doesn't look.
What is too small for a finger is not among the rules that axe goes by unless it is asked to."""


@cache
def _source() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text()


def barriers(page: Page) -> list[str]:
    """Return what axe finds on a page: the rule, the place and the reason.

    Its source goes in by way of the developer tools, which the page's policy doesn't hold for.
    """
    page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [f"{each['id']} at {node['target']}: {node['failureSummary']}" for each in found for node in each["nodes"]]
