"""Registering on the pages, where that is open."""

from __future__ import annotations

import re
from unittest.mock import DEFAULT, Mock

import pytest
from sqlalchemy.exc import IntegrityError

from app.errors import ForgedFormError
from app.web import register
from tests.api.contract import counted_rows
from tests.web.conftest import HTML, Browser, Visit

PATH = "/register"


@pytest.fixture
def stranger(visit: Visit) -> Browser:
    """Return a browser before a service at which anybody registers."""
    return visit(access="tokens", registration="open")


def token_on(text: str) -> str:
    [token] = set(re.findall(r"crossdrill_[\w-]{40,}", text))
    return str(token)


def test_who_is_new_is_led_to_register_and_signed_in_with_a_token_to_keep(stranger: Browser) -> None:
    assert stranger.open("/sign-in").all(f"//a[@href='{PATH}']")
    stranger.open(PATH)
    shown = stranger.send(PATH, {"name": " 李华 "})
    assert stranger.client.get("/v1/me").json()["name"] == "李华"
    stranger.client.cookies.clear()
    headers = {"authorization": f"Bearer {token_on(shown.text)}"}
    me = stranger.client.get("/v1/me", headers=headers).json()
    assert (me["name"], me["role"], me["language"]) == ("李华", "learner", "en")


def test_the_language_of_the_page_is_the_learners(stranger: Browser) -> None:
    stranger.language = "zh"
    assert "只需填写姓名" in stranger.open(PATH).text
    assert "它只显示这一次" in stranger.send(PATH, {"name": "Ada"}).text
    assert stranger.client.get("/v1/me").json()["language"] == "zh"


def test_a_form_that_is_sent_twice_makes_one_learner(stranger: Browser) -> None:
    stranger.open(PATH)
    before = counted_rows(stranger.client)["learners"]
    fields = {name: values[0] for name, values in stranger.fields_of(PATH).items()}
    shown = []
    for _ in range(2):
        shown.append(stranger.client.post(PATH, data={**fields, "name": "Ada"}, headers={"accept": HTML}))
        stranger.client.cookies.delete("crossdrill_session")  # at once: the second doesn't know the first one's session
    assert token_on(shown[0].text) == token_on(shown[1].text)
    assert counted_rows(stranger.client)["learners"] == before + 1


@pytest.mark.parametrize("lost", [IntegrityError("", None, Exception()), ForgedFormError()])
def test_of_a_form_that_is_sent_twice_at_once_both_show_the_token(
    stranger: Browser, monkeypatch: pytest.MonkeyPatch, lost: Exception
) -> None:
    """On PostgreSQL the second one finds nobody, and then that the first one was quicker."""
    first_fails = Mock(side_effect=[lost, DEFAULT], wraps=register._registered)
    monkeypatch.setattr(register, "_registered", first_fails)
    stranger.open(PATH)
    assert token_on(stranger.send(PATH, {"name": "Ada"}).text)
    assert first_fails.call_count == 2


@pytest.mark.parametrize("name", ["", " ", "x" * 101])
def test_a_name_is_needed(stranger: Browser, name: str) -> None:
    before = counted_rows(stranger.client)
    stranger.open(PATH)
    shown = stranger.send(PATH, {"name": name})
    assert shown.status == 422
    assert shown.all("//input[@aria-invalid='true']")
    assert counted_rows(stranger.client) == before


def test_who_is_signed_in_has_an_account_already(stranger: Browser) -> None:
    stranger.open(PATH)
    stranger.send(PATH, {"name": "Ada"})
    stranger.open(PATH)
    assert stranger.here == "/"


@pytest.mark.parametrize("registration", ["admin", "closed"])
def test_where_registration_is_not_open_there_is_no_such_page(visit: Visit, registration: str) -> None:
    browser = visit(access="tokens", registration=registration)
    assert not browser.open("/sign-in").all(f"//a[@href='{PATH}']")
    fields = {name: values[0] for name, values in browser.fields_of("/sign-in").items()}
    assert browser.open(PATH).status == 404
    response = browser.client.post(PATH, data={**fields, "name": "Ada"}, headers={"accept": HTML})
    assert response.status_code == 404
