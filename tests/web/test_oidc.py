"""Signing in through an OpenID Connect provider: who comes in, and what is not believed."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import ValidationError
from sqlalchemy import Connection

from app.edge.context import Context
from app.services import accounts, enrolment
from app.services.rosters import read_roster
from app.settings import Settings
from tests.api.contract import storage_of
from tests.api.people import enrolled
from tests.web.conftest import Visit
from tests.web.providers import CLIENT, ISSUER, FakeProvider, Login, before_provider


@pytest.fixture
def provider() -> FakeProvider:
    return FakeProvider()


@pytest.fixture
def login(visit: Visit, provider: FakeProvider) -> Login:
    return before_provider(visit, provider)


def of_list(login: Login, text: str) -> None:
    """Enrol those of a list, without tokens."""
    entries = read_roster(text.encode()).entries

    def work(connection: Connection) -> None:
        standing = enrolment.compare(connection, entries)
        enrolment.enrol(connection, standing, datetime.now(UTC), None, None)

    assert login.browser.client.portal is not None
    login.browser.client.portal.call(storage_of(login.browser.client).write, work)


def test_the_sign_in_page_leads_to_the_provider_by_its_name_and_keeps_the_token(login: Login) -> None:
    shown = login.browser.open("/settings")
    [link] = shown.all("//a[contains(@class, 'primary')]")
    assert (link.text, link.get("href")) == ("Sign in with Example", "/sign-in/openid?then=%2Fsettings")
    assert shown.all("//input[@id='token']")


def test_without_a_provider_there_is_none_to_go_to(visit: Visit) -> None:
    browser = visit(access="tokens")
    assert browser.open("/sign-in/openid").status == 404
    assert browser.open("/sign-in/openid/back?code=c&state=s").status == 404
    assert not browser.open("/sign-in").all("//a[contains(@href, 'openid')]")


def test_the_provider_is_asked_for_a_code_with_state_nonce_and_a_challenge(login: Login, provider: FakeProvider) -> None:
    response = login.leave()
    assert response.status_code == 303
    assert response.headers["location"].startswith(f"{ISSUER}/authorization?")
    asked = provider.asked
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", "crossdrill", "openid email profile")
    assert asked["redirect_uri"] == "http://localhost:8000/sign-in/openid/back"
    assert asked["code_challenge_method"] == "S256"
    first = {asked[name] for name in ("state", "nonce", "code_challenge")}
    login.leave()
    assert len(first) == 3
    assert not first & set(provider.asked.values())


def test_the_first_sign_in_makes_a_learner_and_the_second_finds_them(login: Login, provider: FakeProvider) -> None:
    provider.says |= {"locale": "zh-CN", "zoneinfo": "Asia/Shanghai", "name": "李\0华"}
    first = login.signed_in("one")
    assert (first["name"], first["role"], first["language"], first["time_zone"]) == ("李华", "learner", "zh", "Asia/Shanghai")
    login.browser.client.cookies.delete("crossdrill_session")
    assert login.me() == {}
    assert login.signed_in("two") == first


def test_the_session_is_one_as_any_other(login: Login) -> None:
    login.leave("/reviews")
    response = login.come_back()
    assert response.headers["location"] == "/reviews"
    session = next(each for each in response.headers.get_list("set-cookie") if each.startswith("crossdrill_session"))
    assert "HttpOnly" in session
    assert login.browser.client.cookies["crossdrill_session"].startswith(accounts.SESSION_MARK)
    login.browser.open("/settings")
    login.browser.send("/sign-out")
    assert login.me() == {}


@pytest.mark.parametrize("then", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"])
def test_signing_in_leads_nowhere_else(login: Login, then: str) -> None:
    login.leave(then)
    assert login.come_back().headers["location"] == "/"


def test_two_people_of_one_provider_are_two_and_the_name_makes_nobody(login: Login, provider: FakeProvider) -> None:
    first = login.signed_in("one")
    provider.says |= {"sub": "another"}
    assert login.signed_in("two")["id"] != first["id"]


def test_what_the_id_token_leaves_out_is_asked_for(visit: Visit) -> None:
    provider = FakeProvider(says={"sub": "ada"}, userinfo={"sub": "ada", "name": "Ada L.", "email": "a@b.example"})
    assert before_provider(visit, provider).signed_in()["name"] == "Ada L."


def test_a_provider_that_takes_the_secret_in_the_form_gets_it_there(visit: Visit) -> None:
    assert before_provider(visit, FakeProvider(methods=["client_secret_post"])).signed_in()["name"] == "Ada"


def test_new_keys_of_the_provider_are_fetched(login: Login, provider: FakeProvider) -> None:
    login.signed_in("one")
    provider.signs_with = provider.publishes = "two"
    assert login.signed_in("two")["name"] == "Ada"
    assert provider.calls.count("/keys") == 2
    assert provider.calls.count("/.well-known/openid-configuration") == 1


# What can't be believed


def refused(login: Login, status: int, part: str, **answered: str) -> None:
    """Check that coming back is refused on the sign-in page, in words, and begins no session."""
    response = login.come_back(**answered)
    assert response.status_code == status
    assert part in response.text
    assert 'href="/sign-in/openid?' in response.text
    assert login.me() == {}


def test_an_answer_to_another_browser_is_refused(visit: Visit, provider: FakeProvider) -> None:
    mine, hers = before_provider(visit, provider), before_provider(visit, provider)
    mine.leave()
    refused(hers, 400, "could not be completed")


@pytest.mark.parametrize("state", ["", "another", "é"])
def test_another_state_is_refused(login: Login, state: str) -> None:
    login.leave()
    refused(login, 400, "could not be completed", state=state)


def test_a_code_is_good_once_and_so_is_an_attempt(login: Login, provider: FakeProvider) -> None:
    login.signed_in("one")
    login.browser.client.cookies.delete("crossdrill_session")
    refused(login, 400, "could not be completed", code="one")  # the attempt is over
    login.leave()
    refused(login, 400, "could not be completed", code="one")  # the provider doesn't take the code again


def test_a_cookie_that_is_not_sealed_is_none(login: Login) -> None:
    login.leave()
    cookie = login.browser.client.cookies["crossdrill_sign_in"]
    login.browser.client.cookies.clear()
    login.browser.client.cookies.set("crossdrill_sign_in", "A" + cookie)
    refused(login, 400, "could not be completed")


def test_an_attempt_that_began_long_ago_is_over(login: Login) -> None:
    login.leave()
    app: Any = login.browser.client.app
    context: Context = app.state.context
    later = datetime.now(UTC) + timedelta(minutes=11)
    app.state.context = Context(context.settings, context.storage, lambda: later, context.shelf)
    refused(login, 400, "could not be completed")


LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "replayed"}},
    "another audience": {"claims": {"aud": "another-service"}},
    "an audience of two without a party": {"claims": {"aud": ["another", "crossdrill"]}},
    "another party": {"claims": {"aud": ["another", "crossdrill"], "azp": "another"}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "an end that has come": {"claims": {"exp": int(time.time()) - 120}},
    "a beginning to come": {"claims": {"iat": int(time.time()) + 3600}},
    "another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "nobody": {"claims": {"sub": ""}},
    "a number for a name": {"claims": {"sub": 7}},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_id_token_that_says_something_wrong_is_refused(login: Login, provider: FakeProvider, lie: str) -> None:
    provider.lies = LIES[lie]
    login.leave()
    refused(login, 400, "could not be completed")


def test_an_id_token_without_a_nonce_is_refused(login: Login, provider: FakeProvider) -> None:
    login.leave()
    provider.asked["nonce"] = ""
    refused(login, 400, "could not be completed")


def test_an_id_token_of_another_key_is_refused(login: Login, provider: FakeProvider) -> None:
    provider.signs_with = "two"
    login.leave()
    refused(login, 400, "could not be completed")


@pytest.mark.parametrize("forged", ["none", "shared", "garbled"])
def test_an_id_token_that_nobody_or_anybody_could_sign_is_refused(
    login: Login, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch, forged: str
) -> None:
    honest = provider.signed

    def sign(claims: dict[str, Any]) -> str:
        header, payload, _ = honest(claims).split(".")
        if forged == "none":
            return f"eyJhbGciOiJub25lIn0.{payload}."
        return f"{header}.{payload}.AAAA" if forged == "garbled" else shared(claims)

    monkeypatch.setattr(provider, "signed", sign)
    login.leave()
    refused(login, 400, "could not be completed")


def shared(claims: dict[str, Any]) -> str:
    """Return a token signed with the client's secret, which the service knows too."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("a secret of both" * 2), algorithms=["HS256"])


def test_what_the_provider_tells_of_somebody_else_is_refused(visit: Visit) -> None:
    login = before_provider(visit, FakeProvider(says={"sub": "ada"}, userinfo={"sub": "eve", "name": "Eve"}))
    login.leave()
    refused(login, 400, "could not be completed")


def test_a_cancelled_sign_in_says_so(login: Login) -> None:
    login.leave()
    refused(login, 403, "was cancelled there", code="", error="access_denied")


def test_another_error_of_the_provider_says_to_start_again(login: Login) -> None:
    login.leave()
    refused(login, 400, "could not be completed", code="", error="server_error")


@pytest.mark.parametrize("down", ["gone", "/.well-known", "/token", "/keys"])
def test_a_provider_that_is_down_says_what_to_do_and_is_asked_again(login: Login, provider: FakeProvider, down: str) -> None:
    provider.down = down
    response = login.leave()
    if response.status_code == 303:  # it is the way back that needs what is down
        response = login.come_back()
    assert response.status_code == 503
    assert "Try again in a few minutes, or use a token" in response.text
    provider.down = ""
    assert login.signed_in("again")["name"] == "Ada"


@pytest.mark.parametrize("lie", [{"issuer": "https://evil.example"}, {"token_endpoint": None}])
def test_a_provider_that_describes_something_else_is_as_good_as_down(
    login: Login, provider: FakeProvider, lie: dict[str, Any]
) -> None:
    provider.lies = {"description": lie}
    assert login.leave().status_code == 503


def test_every_refusal_is_told_in_chinese_too(login: Login, provider: FakeProvider) -> None:
    login.browser.language = "zh"
    login.leave()
    assert "登录已在对方页面取消" in login.come_back(code="", error="access_denied").text
    assert "登录未能完成" in login.come_back(state="x").text
    login.leave()
    provider.down = "gone"
    assert "暂时无法连接登录服务" in login.come_back().text


# Who may come in


def test_where_registration_is_closed_only_who_is_known_comes_in(visit: Visit, provider: FakeProvider) -> None:
    login = before_provider(visit, provider, registration="closed")
    provider.says |= {"email": "ada@example.org", "email_verified": True}
    login.leave()
    refused(login, 403, "not known here", code="one")
    of_list(login, "name,email\nAda of the list,Ada@Example.org\n")
    first = login.signed_in("two")
    assert first["name"] == "Ada of the list"
    provider.says |= {"email": "changed@example.org"}
    assert login.signed_in("three") == first


def test_an_address_that_nobody_made_sure_of_finds_nobody(visit: Visit, provider: FakeProvider) -> None:
    login = before_provider(visit, provider, registration="closed")
    of_list(login, "name,email\nAda,ada@example.org\n")
    for verified in (False, None, "no"):
        provider.says |= {"email": "ada@example.org", "email_verified": verified}
        login.leave()
        refused(login, 403, "not known here", code=f"c{verified}")


def test_an_address_that_was_given_to_somebody_else_does_not_open_the_old_account(visit: Visit, provider: FakeProvider) -> None:
    login = before_provider(visit, provider)
    of_list(login, "name,email\nAda,ada@example.org\n")
    provider.says |= {"email": "ada@example.org", "email_verified": True}
    first = login.signed_in("one")
    provider.says |= {"sub": "the next ada"}
    assert login.signed_in("two")["id"] != first["id"]


def test_only_addresses_of_the_allowed_domains_come_in(visit: Visit, provider: FakeProvider) -> None:
    login = before_provider(visit, provider, oidc_domains="example.org, School.example")
    for number, (email, verified) in enumerate(
        [("a@evil.example", True), ("a@notexample.org", True), ("a@example.org", False), ("", True)]
    ):
        provider.says |= {"email": email, "email_verified": verified}
        login.leave()
        refused(login, 403, "not known here", code=f"c{number}")
    provider.says |= {"email": "a@SCHOOL.example", "email_verified": "true"}
    assert login.signed_in()["name"] == "Ada"


ROLES = {"oidc_role_claim": "groups", "oidc_coaches": "staff, tutors", "oidc_admins": "it"}


def test_a_claim_gives_roles_at_each_sign_in(visit: Visit, provider: FakeProvider) -> None:
    login = before_provider(visit, provider, **ROLES)
    enrolled(login.browser.client, "Root", role="admin")
    given: list[tuple[object, str]] = [
        (["students"], "learner"),
        (["students", "tutors"], "coach"),
        ("it", "admin"),
        (None, "learner"),
    ]
    for number, (groups, role) in enumerate(given):
        provider.says |= {"groups": groups}
        assert login.signed_in(f"c{number}")["role"] == role


def test_a_claim_may_lie_within_another(visit: Visit, provider: FakeProvider) -> None:
    login = before_provider(visit, provider, **{**ROLES, "oidc_role_claim": "realm_access.roles"})
    provider.says |= {"realm_access": {"roles": ["staff"]}}
    assert login.signed_in("one")["role"] == "coach"
    provider.says |= {"realm_access": "staff"}
    assert login.signed_in("two")["role"] == "learner"


def test_the_provider_does_not_take_the_last_admins_role(visit: Visit, provider: FakeProvider) -> None:
    login = before_provider(visit, provider, **ROLES)
    provider.says |= {"groups": ["it"]}
    login.signed_in("one")
    provider.says |= {"groups": []}
    assert login.signed_in("two")["role"] == "admin"


def test_without_a_claim_roles_stay_as_they_were_given_here(login: Login) -> None:
    first = login.signed_in("one")
    assert login.browser.client.portal is not None
    give = partial(accounts.give_role, learner_id=UUID(first["id"]), role="coach", now=datetime.now(UTC), by=None)
    login.browser.client.portal.call(storage_of(login.browser.client).write, give)
    assert login.signed_in("two")["role"] == "coach"


# Settings


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"oidc_client_id": ""}, "needs CROSSDRILL_OIDC_CLIENT_ID"),
        ({"oidc_client_secret": ""}, "needs CROSSDRILL_OIDC_CLIENT_ID and CROSSDRILL_OIDC_CLIENT_SECRET"),
        ({"oidc_issuer": "http://login.example.org"}, "begin with https://"),
        ({"access": "local"}, "lets everybody in"),
    ],
)
def test_settings_that_would_not_do_are_refused(change: dict[str, str], part: str) -> None:
    with pytest.raises(ValidationError, match=part) as refusal:
        Settings.model_validate({**CLIENT, "access": "tokens", "oidc_issuer": ISSUER, **change})
    assert "a secret of both" not in str(refusal.value)


def test_the_secret_is_masked() -> None:
    settings = Settings.model_validate({**CLIENT, "access": "tokens", "oidc_issuer": "http://localhost:9000"})
    assert "a secret of both" not in f"{settings!r} {settings.masked()}"
