"""The page on which admins look after other people's accounts."""

from __future__ import annotations

import re

import pytest

from tests.api.people import Person, enrolled
from tests.web.conftest import HTML, Browser, SignedIn


@pytest.fixture
def root(signed_in: SignedIn) -> Browser:
    return signed_in("Root", role="admin")


@pytest.fixture
def ada(root: Browser) -> Person:
    return enrolled(root.client, "Ada")


def names(browser: Browser) -> list[str]:
    assert browser.last is not None
    return [str(heading.text) for heading in browser.last.all("//li//h2")]


def status_of(browser: Browser, token: str) -> int:
    return browser.client.get("/v1/rooms", headers={"authorization": f"Bearer {token}"}).status_code


def test_admins_alone_are_led_there(root: Browser, signed_in: SignedIn) -> None:
    link = "//nav//a[@href='/people']"
    assert root.open("/").all(link)
    coach = signed_in("Cho", role="coach")
    assert not coach.open("/").all(link)
    assert coach.open("/people").status == 403


def test_with_local_access_nothing_leads_there(browser: Browser) -> None:
    assert not browser.open("/").all("//nav//a[@href='/people']")


def test_people_are_listed_and_looked_for(root: Browser, ada: Person) -> None:
    root.open("/people")
    assert names(root)[:2] == ["Ada", "Root"]
    root.open("/people?q=ADA")
    assert names(root) == ["Ada"]
    assert "Nobody is called so." in root.open("/people?q=nobody").text


def test_a_long_list_goes_on(root: Browser) -> None:
    for number in range(21):
        enrolled(root.client, f"L&{number}")
    [further] = root.open("/people?q=L%26").all("//a[contains(@href, 'before=')]/@href")
    assert len(names(root)) == 20
    root.open(str(further))
    assert names(root) == ["L&0"]


def test_a_role_is_given(root: Browser, ada: Person) -> None:
    root.open("/people")
    shown = root.send(f"/people/{ada.id}/role", {"role": "coach"})
    assert "Ada is now: Coach." in shown.text
    assert status_of(root, ada.token) == 200
    assert root.send(f"/people/{ada.id}/role", {"role": "king"}).status == 422


def test_the_last_admin_keeps_the_role(root: Browser) -> None:
    me = root.client.get("/v1/me").json()["id"]
    root.open("/people")
    shown = root.send(f"/people/{me}/role", {"role": "learner"})
    assert shown.status == 409
    assert "somebody else the role first" in shown.text


def test_a_lost_token_is_replaced_once_however_often_the_form_is_sent(root: Browser, ada: Person) -> None:
    root.open("/people")
    action = f"/people/{ada.id}/token"
    fields = {name: values[0] for name, values in root.fields_of(action).items()}
    pages = [root.client.post(action, data=fields, headers={"accept": HTML}).text for _ in range(2)]
    [token] = {found for page in pages for found in re.findall(r"crossdrill_[\w-]{40,}", page)}
    me = {"authorization": f"Bearer {token}"}
    assert root.client.get("/v1/me", headers=me).json()["name"] == "Ada"
    assert root.client.get("/v1/me", headers=ada.headers).status_code == 401
    acts = root.client.get(f"/v1/audit?subject={ada.id}").json()["items"]
    assert [act["action"] for act in acts] == ["token.replaced"]
    assert token not in root.open("/people").response.text


def test_the_page_is_in_chinese_too(root: Browser, ada: Person) -> None:
    root.language = "zh"
    shown = root.open("/people")
    for words in ("成员", "令牌丢失", "尚未来过"):
        assert words in shown.text
