"""Signing in through a real provider, over real sockets: Canaille, which the test starts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from canaille import create_app  # type: ignore[import-untyped]  # it ships no types
from canaille.backends import Backend  # type: ignore[import-untyped]  # it ships no types
from httpx2 import Client as Http
from joserfc.jwk import RSAKey
from pytest_iam import Server

from tests.web.conftest import HTML, Browser, Visit

# What the provider and its libraries warn of is theirs.
pytestmark = pytest.mark.filterwarnings("ignore")

CLIENT = {"oidc_client_id": "crossdrill", "oidc_client_secret": "a-secret-of-both"}
BACK = "http://localhost:8000/sign-in/openid/back"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def provider() -> Iterator[Server]:
    """Start a provider that keeps everything in memory, with one client."""
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        app = create_app(config=configuration(port))
        server = Server(app, port, Backend.instance)
        thread = threading.Thread(target=server.httpd.serve_forever)
        thread.start()
        with app.app_context():
            register(server)
        yield server
        server.httpd.shutdown()
        thread.join()
        server.httpd.server_close()


def configuration(port: int) -> dict[str, object]:
    """Return a provider of the test's own: signing keys, no database, nothing from the environment."""
    key = RSAKey.generate_key(2048)
    key.ensure_kid()
    return {
        "TESTING": True,
        "ENV_FILE": None,
        "SECRET_KEY": str(uuid4()),
        "WTF_CSRF_ENABLED": False,
        "PREFERRED_URL_SCHEME": "http",
        "SERVER_NAME": f"localhost:{port}",
        "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "ACL": {"DEFAULT": {"PERMISSIONS": ["use_oidc"]}}},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)]},
    }


def register(server: Server) -> None:
    """Tell the provider of this service."""
    client = server.models.Client(
        client_id=CLIENT["oidc_client_id"],
        client_secret=CLIENT["oidc_client_secret"],
        client_name="Crossdrill",
        redirect_uris=[BACK],
        grant_types=["authorization_code"],
        response_types=["code"],
        scope=["openid", "email", "profile", "groups"],
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106 — the name of a method
    )
    server.backend.save(client)
    server.backend.update(client, audience=[client])
    server.backend.save(client)


@dataclass
class Person:
    """Somebody with an account at the provider, before their browser: it follows every redirect by itself."""

    provider: Server
    browser: Browser

    def sign_in(self, answer: str = "accept") -> str:
        """Sign in and say whether the provider may tell who one is; return where that leads, back at the service."""
        headers = {"accept": HTML, "accept-language": "en"}
        away = self.browser.client.get("/sign-in/openid?then=/settings", headers=headers, follow_redirects=False)
        back = self.at_provider(away.headers["location"], answer)
        assert back.startswith(f"{BACK}?")
        shown = self.browser.open(f"{urlsplit(back).path}?{urlsplit(back).query}")
        return f"{shown.status} {self.browser.here}"

    def at_provider(self, address: str, answer: str) -> str:
        with Http() as http:
            shown = http.get(address)
            if shown.status_code == 200:  # it asks, the first time
                shown = http.post(address, data={"answer": answer})
            return str(shown.headers["location"])

    def me(self) -> dict[str, object]:
        found: dict[str, object] = self.browser.client.get("/v1/me").json()
        return found


@pytest.fixture
def ada(provider: Server, visit: Visit) -> Iterator[Person]:
    """Give a person of the provider, before a service that people sign in to through it."""
    yield person(provider, visit, "ada")
    provider.logout()
    with provider.app.app_context():
        for consent in provider.backend.query(provider.models.Consent):
            provider.backend.delete(consent)


def person(provider: Server, visit: Visit, name: str, **settings: str) -> Person:
    user = provider.random_user(user_name=f"{name}-{uuid4().hex}", formatted_name=name.title(), emails=[f"{name}@example.org"])
    provider.login(user)
    return Person(provider, visit(access="tokens", oidc_issuer=issuer(provider), **CLIENT, **settings))


def issuer(provider: Server) -> str:
    """Return what the provider calls itself."""
    with Http() as http:
        return str(http.get(f"{provider.url}.well-known/openid-configuration").json()["issuer"])


def test_who_signs_in_there_is_somebody_here_and_the_same_the_next_time(ada: Person) -> None:
    assert ada.sign_in() == "200 /settings"
    first = ada.me()
    assert (first["name"], first["role"]) == ("Ada", "learner")
    ada.browser.send("/sign-out")
    assert ada.sign_in() == "200 /settings"
    assert ada.me() == first


def test_who_says_no_there_is_nobody_here_and_told_so(ada: Person) -> None:
    assert ada.sign_in("deny") == "403 /sign-in/openid/back"
    assert ada.browser.last is not None
    assert "was cancelled there" in ada.browser.last.text
    assert ada.browser.client.get("/v1/me").status_code == 401


def test_a_code_of_the_provider_is_good_once(ada: Person) -> None:
    headers = {"accept": HTML}
    away = ada.browser.client.get("/sign-in/openid", headers=headers, follow_redirects=False)
    attempt = ada.browser.client.cookies["crossdrill_sign_in"]
    back = ada.at_provider(away.headers["location"], "accept").removeprefix("http://localhost:8000")
    assert ada.browser.open(back).status == 200
    ada.browser.client.cookies.clear()
    ada.browser.client.cookies.set("crossdrill_sign_in", attempt)
    assert ada.browser.open(back).status == 400
    assert ada.browser.client.get("/v1/me").status_code == 401


def test_a_group_of_the_provider_makes_a_coach(provider: Server, visit: Visit) -> None:
    roles = {"oidc_scopes": "openid email profile groups", "oidc_role_claim": "groups", "oidc_coaches": "tutors"}
    cho = person(provider, visit, "cho", **roles)
    assert provider.logged_user is not None
    provider.random_group(display_name="tutors", members=[provider.logged_user])
    assert cho.sign_in() == "200 /settings"
    assert cho.me()["role"] == "coach"
    provider.logout()


def test_a_provider_that_has_stopped_is_told_with_what_to_do(visit: Visit) -> None:
    gone = f"http://localhost:{free_port()}"
    shown = visit(access="tokens", oidc_issuer=gone, **CLIENT).open("/sign-in/openid")
    assert shown.status == 503
    assert "Try again in a few minutes, or use a token." in shown.text
