"""Taking one's data away, and having it erased, in a browser without scripts."""

from __future__ import annotations

import pytest

from tests.web.conftest import Browser, SignedIn

DATA = "/settings/data"


def test_every_download_is_one(browser: Browser) -> None:
    shown = browser.open(DATA)
    addresses = shown.all("//main//a[@download]/@href")
    assert len(addresses) == 2
    for address in addresses:
        response = browser.client.get(str(address))
        assert response.status_code == 200
        assert "attachment" in response.headers["content-disposition"]


@pytest.mark.parametrize("kind", ["anki", "moodle"])
def test_chosen_families_are_taken_along(browser: Browser, kind: str) -> None:
    shown = browser.open(DATA)
    [form] = [each for each in shown.tree.forms if each.get("action") == "/v1/export/anki"]
    fields = {**dict(form.form_values()), "family": "surprisal", "count": "2"}
    response = browser.client.get(f"/v1/export/{kind}", params=fields)
    assert 'filename="crossdrill-surprisal-en.' in response.headers["content-disposition"]


def test_nothing_is_erased_by_whoever_does_not_type_their_name(signed_in: SignedIn) -> None:
    browser = signed_in("Ada Lovelace")
    browser.open(DATA)
    shown = browser.send(DATA, {"name": "Ada"})
    assert shown.status == 422
    [field] = shown.all("//input[@id='name']")
    assert (field.get("value"), field.get("aria-invalid")) == ("Ada", "true")
    assert "Nothing was erased" in shown.text
    assert browser.client.get("/v1/me").json()["name"] == "Ada Lovelace"


def test_erasing_ends_the_session_and_leaves_nothing(signed_in: SignedIn) -> None:
    browser = signed_in("Ada Lovelace")
    browser.open(DATA)
    shown = browser.send(DATA, {"name": "ada  lovelace"})
    assert (browser.here, shown.status) == ("/goodbye", 200)
    assert "Everything is erased" in shown.text
    assert browser.client.get("/v1/me").status_code == 401


def test_on_ones_own_machine_everything_begins_anew(browser: Browser) -> None:
    browser.open("/")
    browser.send("/practise")
    problem = browser.here
    browser.open(DATA)
    browser.send(DATA, {"name": "local"})
    assert browser.here == "/goodbye"
    assert browser.open(problem).status == 404
    assert browser.open("/").status == 200


@pytest.mark.parametrize(("role", "told"), [("learner", False), ("coach", True)])
def test_coaches_are_told_that_their_rooms_go_too(signed_in: SignedIn, role: str, told: bool) -> None:
    shown = signed_in("Carol", role=role).open(DATA)
    assert ("the rooms that you opened" in shown.text) is told


def test_it_reads_in_chinese(browser: Browser) -> None:
    browser.language = "zh"
    assert "请输入你的名字以确认：local" in browser.open(DATA).text


def test_the_last_admin_is_told_why_nothing_is_erased(signed_in: SignedIn) -> None:
    browser = signed_in("Root", role="admin")
    browser.open(DATA)
    shown = browser.send(DATA, {"name": "Root"})
    assert shown.status == 409
    assert "somebody else the role first" in shown.text
    assert browser.client.get("/v1/me").json()["name"] == "Root"
