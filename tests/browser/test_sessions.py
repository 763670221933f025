"""Whole sessions of ten problems: by keys alone, and without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.answering import answer, answer_by_keys, expect_verdict, right_on, tab_to
from tests.browser.conftest import Open
from tests.browser.service import Person, Service

LENGTH = 10
REPORT = re.compile(r"/drills/[^/]+/report$")


def test_a_drill_of_ten_problems_needs_no_pointer(visit: Open, alone: Service) -> None:
    page = visit("/drills", on=alone)
    tab_to(page, page.get_by_role("button", name="Start: Gradients only"))
    page.keyboard.press("Enter")
    for position in range(1, LENGTH + 1):
        expect(page.locator(".place")).to_have_text(f"Problem {position} of {LENGTH}")
        answer_by_keys(page, right_on(page, alone))
        expect_verdict(page, "right")
        page.keyboard.press("Enter")
    expect(page).to_have_url(REPORT)


def test_a_drill_of_ten_problems_needs_no_scripts(visit: Open, service: Service, me: Person) -> None:
    page = visit("/drills/new", by=me, java_script_enabled=False)
    page.fill("#length", str(LENGTH))
    page.get_by_role("button", name="Start the drill").click()
    for position in range(1, LENGTH + 1):
        expect(page.locator(".place")).to_have_text(f"Problem {position} of {LENGTH}")
        answer(page, right_on(page, service))
        expect_verdict(page, "right")
        page.locator("#next button").click()
    expect(page).to_have_url(REPORT)
