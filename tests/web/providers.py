"""A provider of sign-ins that says whatever a test wants, true or false."""

from __future__ import annotations

import json
import time
from base64 import b64decode
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # it ships no types
from fastapi import FastAPI
from httpx2 import ConnectError, MockTransport, Request, Response
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.settings import Settings
from app.web.openid_provider import Provider
from tests.web.conftest import HTML, Browser, Visit

ISSUER = "https://login.example.org"
CLIENT = {"oidc_client_id": "crossdrill", "oidc_client_secret": "a secret of both", "oidc_name": "Example"}


@cache
def key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


@dataclass
class FakeProvider:
    """Answers as OpenID Connect has it; `says` are the claims of the ID token besides those that it must have."""

    says: dict[str, Any] = field(default_factory=lambda: {"sub": "ada", "name": "Ada"})
    userinfo: dict[str, Any] | None = None
    lies: dict[str, Any] = field(default_factory=dict)
    signs_with: str = "one"
    publishes: str = "one"
    algorithm: str = "RS256"
    methods: list[str] | None = None
    down: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        path = request.url.path
        self.calls.append(path)
        if self.down == "gone":
            raise ConnectError("no route")
        if self.down and path.startswith(self.down):
            return Response(502, text="<html>")
        answers = {
            "/.well-known/openid-configuration": self.description,
            "/keys": self.keys,
            "/token": self.redeem,
            "/userinfo": self.tell,
        }
        answer = answers[path](request)
        return Response(400 if "error" in answer else 200, json=answer)

    def keys(self, _: Request) -> dict[str, Any]:
        return {"keys": [key(self.publishes).as_dict(private=False)]}

    def tell(self, _: Request) -> dict[str, Any]:
        return self.userinfo or {}

    def description(self, _: Request) -> dict[str, Any]:
        own = {f"{name}_endpoint": f"{ISSUER}/{name}" for name in ("authorization", "token")}
        more = {"userinfo_endpoint": f"{ISSUER}/userinfo"} if self.userinfo is not None else {}
        methods = {} if self.methods is None else {"token_endpoint_auth_methods_supported": self.methods}
        return {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", **own, **more, **methods, **self.lies.get("description", {})}

    def redeem(self, request: Request) -> dict[str, Any]:
        given = dict(parse_qsl(request.content.decode()))
        basic = request.headers.get("authorization", "").removeprefix("Basic ")
        shown = b64decode(basic).decode() if basic else f"{given.get('client_id')}:{given.get('client_secret')}"
        fits = create_s256_code_challenge(given["code_verifier"]) == self.asked["code_challenge"]
        same = given["redirect_uri"] == self.asked["redirect_uri"]
        if shown.replace("+", " ") != "crossdrill:a secret of both" or not fits or not same or given["code"] in self.used:
            return {"error": "invalid_grant"}
        self.used.add(given["code"])
        now = int(time.time())
        must = {"iss": ISSUER, "aud": "crossdrill", "iat": now, "exp": now + 300, "nonce": self.asked["nonce"]}
        claims = {**must, **self.says, **self.lies.get("claims", {})}
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": self.signed(claims)}

    def signed(self, claims: dict[str, Any]) -> str:
        own = key(self.signs_with)
        header = {"alg": self.algorithm, "kid": own.kid}
        return jwt.encode(header, claims, own, algorithms=[self.algorithm])


@dataclass
class Login:
    """A browser before a service that people sign in to through a provider."""

    browser: Browser
    provider: FakeProvider

    def leave(self, then: str = "/settings") -> Response:
        """Begin, and see what the provider is asked."""
        found = self.browser.client.get(
            "/sign-in/openid", params={"then": then}, headers=self._headers(), follow_redirects=False
        )
        self.provider.asked = {
            name: values[0] for name, values in parse_qs(urlsplit(found.headers.get("location", "")).query).items()
        }
        return found

    def come_back(self, **answered: str) -> Response:
        """Come back from the provider; with what it answers, unless a test has something else."""
        given = {"state": self.provider.asked.get("state", ""), "code": "c", **answered}
        headers = self._headers()
        return self.browser.client.get("/sign-in/openid/back", params=given, headers=headers, follow_redirects=False)

    def signed_in(self, code: str = "c") -> dict[str, Any]:
        """Sign in, and return who one is then."""
        self.leave()
        assert self.come_back(code=code).status_code == 303
        return self.me()

    def me(self) -> dict[str, Any]:
        answer = self.browser.client.get("/v1/me")
        found: dict[str, Any] = json.loads(answer.text) if answer.status_code == 200 else {}
        return found

    def _headers(self) -> dict[str, str]:
        return {"accept": HTML, "accept-language": self.browser.language}


def before_provider(visit: Visit, provider: FakeProvider, **settings: str | int) -> Login:
    """Return a browser before a service that has this provider."""
    given = {**CLIENT, "oidc_issuer": ISSUER, **settings}
    browser = visit(access="tokens", **given)
    assert isinstance(browser.client.app, FastAPI)
    whole = Settings.model_validate({"access": "tokens", **given})
    browser.client.app.state.openid = Provider(whole, MockTransport(provider))
    return Login(browser, provider)
