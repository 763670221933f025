"""Signing in and out, and what keeps a session and its forms one's own."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest

from tests.api.people import enrolled
from tests.web.conftest import FORM, HTML, Browser, SignedIn, Visit

SESSION = "crossdrill_session"


def visit_seal(browser: Browser) -> str:
    """Return what forms hold that are made for this browser as it is now."""
    browser.open("/sign-in")
    return browser.fields_of("/sign-in")["seal"][0]


def cookie(browser: Browser, name: str) -> str | None:
    return browser.client.cookies.get(name)


def test_who_is_not_signed_in_is_led_to_where_that_is_done_and_back(visit: Visit) -> None:
    browser = visit(access="tokens")
    person = enrolled(browser.client, "Ada")
    browser.open("/settings")
    assert browser.here == "/sign-in"
    browser.send("/sign-in", {"token": person.token})
    assert browser.here == "/settings"


def test_a_form_that_is_sent_after_the_session_ended_leads_back_to_its_page(signed_in: SignedIn) -> None:
    browser = signed_in()
    browser.open("/settings")
    fields = {**browser.fields_of("/settings/learner"), "name": "Ada L."}
    browser.client.cookies.delete(SESSION)
    seal = visit_seal(browser)
    headers = {"accept": HTML, "referer": "http://localhost:8000/settings"}
    response = browser.client.post("/settings/learner", data={**fields, "seal": seal}, headers=headers, follow_redirects=False)
    assert response.headers["location"] == "/sign-in?then=/settings"


def test_an_unknown_token_is_refused_with_what_to_do_and_begins_no_session(visit: Visit) -> None:
    browser = visit(access="tokens")
    browser.open("/sign-in")
    shown = browser.send("/sign-in", {"token": "crossdrill_nonsense"})
    assert shown.status == 422
    assert "not known" in shown.text
    assert cookie(browser, SESSION) is None


FOREIGN = ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "javascript:1"]


@pytest.mark.parametrize("address", FOREIGN)
def test_signing_in_leads_nowhere_else(visit: Visit, address: str) -> None:
    browser = visit(access="tokens")
    person = enrolled(browser.client, "Ada")
    browser.open("/sign-in")
    browser.send("/sign-in", {"token": person.token, "then": address})
    assert str(browser.last.response.url) == "http://localhost:8000/" if browser.last else False


def test_the_session_is_a_token_of_its_own_that_no_script_reads_and_signing_out_ends(visit: Visit) -> None:
    browser = visit(access="tokens")
    person = enrolled(browser.client, "Ada")
    browser.open("/sign-in")
    browser.send("/sign-in", {"token": person.token})
    session = cookie(browser, SESSION)
    assert session not in {None, person.token}
    assert browser.client.get("/v1/me").status_code == 200
    browser.open("/settings")
    browser.send("/sign-out")
    assert cookie(browser, SESSION) is None
    assert browser.client.get("/v1/me", headers={"authorization": f"Bearer {session}"}).status_code == 401
    assert browser.client.get("/v1/me", headers=person.headers).status_code == 200


@pytest.mark.parametrize(("scheme", "secure"), [("http", ""), ("https", True)])
def test_its_cookie_stays_out_of_scripts_and_other_websites_and_behind_tls(visit: Visit, scheme: str, secure: object) -> None:
    browser = visit(access="tokens")
    person = enrolled(browser.client, "Ada")
    browser.client.base_url = f"{scheme}://localhost:8000"
    browser.open("/sign-in")
    body = {**{name: values[0] for name, values in browser.fields_of("/sign-in").items()}, "token": person.token}
    response = browser.client.post("/sign-in", data=body, follow_redirects=False)
    [morsel] = SimpleCookie(response.headers["set-cookie"]).values()
    assert (morsel.key, morsel["httponly"], morsel["secure"], morsel["samesite"]) == (SESSION, True, secure, "lax")


def test_a_session_lets_a_browser_read_through_rest_and_change_nothing(signed_in: SignedIn) -> None:
    browser = signed_in()
    assert browser.client.get("/v1/me").json()["name"] == "Ada"
    assert browser.client.patch("/v1/me", json={"name": "Eve"}).status_code == 401
    assert browser.client.post("/v1/problems", json={}).status_code == 401


def test_a_session_that_has_ended_counts_as_none(visit: Visit) -> None:
    browser = visit()
    browser.client.cookies.set(SESSION, "crossdrill_" + "a" * 43)
    assert browser.client.get("/v1/me").json()["name"] == "local"
    assert browser.open("/").status == 200


def test_a_form_of_another_website_is_refused(signed_in: SignedIn) -> None:
    browser = signed_in()
    browser.open("/settings")
    fields = browser.fields_of("/sign-out")
    for forged in ({}, {"seal": ["0" * 32]}, {"seal": ["é"]}):
        response = browser.client.post("/sign-out", data=forged, headers={"accept": HTML})
        assert response.status_code == 403
        assert "out of date" in response.text
    crossed = browser.client.post("/sign-out", data=fields, headers={"sec-fetch-site": "cross-site"})
    assert crossed.status_code == 403
    assert browser.client.get("/v1/me").status_code == 200


def test_a_form_of_another_session_is_refused(signed_in: SignedIn) -> None:
    ada, eve = signed_in("Ada"), signed_in("Eve")
    ada.open("/settings")
    eve.open("/settings")
    response = ada.client.post("/sign-out", data=eve.fields_of("/sign-out"), headers={"accept": HTML})
    assert response.status_code == 403


def test_what_is_no_form_is_refused(browser: Browser) -> None:
    browser.open("/settings")
    assert browser.client.post("/sign-out", json={}).status_code == 422
    assert browser.client.post("/sign-out", content=b"a=%ff", headers=FORM).status_code == 422
    assert browser.client.post("/sign-out", content=b"a=%00", headers=FORM).status_code == 422
    many = "&".join(f"f{i}=1" for i in range(501))
    assert browser.client.post("/sign-out", content=many, headers=FORM).status_code == 422
