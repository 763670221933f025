"""One's tokens and browsers on the pages: seen, made, ended, all at once."""

from __future__ import annotations

import re

import pytest

from tests.api.people import Person, enrolled
from tests.web.conftest import HTML, Browser, SignedIn, Visit

PATH = "/settings/tokens"


def of(browser: Browser, token: str) -> int:
    return browser.client.get("/v1/me", headers={"authorization": f"Bearer {token}"}).status_code


def made(browser: Browser, name: str = "laptop", days: str = "90") -> str:
    """Make a token on the page and return it."""
    browser.open(PATH)
    shown = browser.send(PATH, {"name": name, "days": days})
    assert shown.status == 200
    [text] = re.findall(r"crossdrill_[\w-]{40,}", shown.text)
    return str(text)


def again(visit: Visit, person: Person) -> Browser:
    """Return another browser in which somebody is signed in."""
    browser = visit(access="tokens")
    browser.open("/sign-in")
    browser.send("/sign-in", {"token": person.token})
    return browser


def test_the_settings_lead_to_the_tokens(signed_in: SignedIn) -> None:
    browser = signed_in()
    assert browser.open("/settings").all(f"//a[@href='{PATH}']")
    shown = browser.open(PATH)
    assert [heading.text for heading in shown.all("//h3")] == ["first", "This browser"]
    assert len(shown.all("//form[contains(@action, '/revoke')]")) == 2


def test_with_local_access_nothing_leads_there(browser: Browser) -> None:
    assert not browser.open("/settings").all(f"//a[@href='{PATH}']")
    assert browser.open(PATH).status == 200


def test_a_token_is_shown_once_and_works(signed_in: SignedIn) -> None:
    browser = signed_in()
    token = made(browser)
    assert of(browser, token) == 200
    shown = browser.open(PATH)
    assert token not in shown.response.text
    assert token[:17] in shown.text
    assert "laptop" in shown.text


@pytest.mark.parametrize(("days", "ends"), [("90", True), ("", False), ("91", False), ("-1", False)])
def test_a_token_ends_when_it_was_asked_to(signed_in: SignedIn, days: str, ends: bool) -> None:
    browser = signed_in()
    token = made(browser, days=days)
    items = browser.client.get("/v1/me/tokens", headers={"authorization": f"Bearer {token}"}).json()["items"]
    [mine] = [item for item in items if item["name"] == "laptop"]
    assert (mine["expires_at"] is not None) == ends


def test_no_life_is_offered_that_the_server_does_not_allow(visit: Visit) -> None:
    browser = visit(access="tokens", token_days=30)
    person = enrolled(browser.client, "Ada")
    browser.open("/sign-in")
    browser.send("/sign-in", {"token": person.token})
    assert [option.get("value") for option in browser.open(PATH).all("//option")] == ["30"]


def test_a_form_that_is_sent_twice_makes_one_token(signed_in: SignedIn) -> None:
    browser = signed_in()
    browser.open(PATH)
    fields = {name: values[0] for name, values in browser.fields_of(PATH).items()}
    first, second = (browser.client.post(PATH, data={**fields, "name": "t"}, headers={"accept": HTML}) for _ in range(2))
    texts = [re.findall(r"crossdrill_[\w-]{40,}", response.text) for response in (first, second)]
    assert texts[0] == texts[1]
    assert [heading.text for heading in browser.open(PATH).all("//h3")].count("t") == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_token_needs_a_name(signed_in: SignedIn, name: str) -> None:
    browser = signed_in()
    browser.open(PATH)
    shown = browser.send(PATH, {"name": name})
    assert shown.status == 422
    assert shown.all("//input[@aria-invalid='true' and @aria-describedby='complaint']")
    assert len(browser.open(PATH).all("//h3")) == 2


def test_a_token_that_is_ended_signs_nobody_in(signed_in: SignedIn) -> None:
    browser = signed_in()
    token = made(browser)
    action = browser.open(PATH).all("//li[.//h3='laptop']//form")[0].get("action")
    shown = browser.send(action)
    assert "Ended." in shown.text
    assert "laptop" not in shown.text
    assert of(browser, token) == 401


def test_a_token_of_somebody_else_cannot_be_ended(visit: Visit) -> None:
    ada, eve = (again(visit, enrolled(visit(access="tokens").client, name)) for name in ("Ada", "Eve"))
    action = ada.open(PATH).all("//li[.//h3='first']//form")[0].get("action")
    eve.open(PATH)
    assert eve.send(action, form=PATH).status == 404
    assert len(ada.open(PATH).all("//h3")) == 2


def test_signing_out_everywhere_ends_every_browser_and_leaves_the_tokens(visit: Visit) -> None:
    first = visit(access="tokens")
    ada = enrolled(first.client, "Ada")
    one, two = again(visit, ada), again(visit, ada)
    eve = again(visit, enrolled(first.client, "Eve"))
    assert [heading.text for heading in one.open(PATH).all("//h3")] == ["first", "Another browser", "This browser"]
    one.send("/settings/sessions/end")
    assert one.here == "/sign-in"
    assert [each.client.get("/v1/me").status_code for each in (one, two, eve)] == [401, 401, 200]
    assert of(first, ada.token) == 200


def test_the_page_is_in_chinese_too(signed_in: SignedIn) -> None:
    browser = signed_in()
    browser.language = "zh"
    shown = browser.open(PATH)
    for words in ("令牌与浏览器", "直到你停用为止", "在所有浏览器中退出", "尚未使用"):
        assert words in shown.text
