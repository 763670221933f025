"""What is asked of an OpenID Connect provider, and what of its answers is believed.

Authorization code with PKCE (RFC 7636), state and nonce; the ID token's signature, issuer, audience and time are checked
(OpenID Connect Core, section 3.1.3.7). What does so is imported with the first sign-in: most services have no provider.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote_plus, urlencode

from app.settings import Settings

if TYPE_CHECKING:
    from httpx2 import AsyncBaseTransport, AsyncClient

SECONDS: Final = 5.0
LEEWAY: Final = 60
"""How far the provider's clock may be from this one, in seconds."""

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures that the provider alone can make: none of those that are made with a shared secret."""

Why = Literal["down", "failed", "cancelled"]


class SignInError(Exception):
    """A sign-in came to nothing: the provider was `down`, something didn't fit (`failed`), or it was `cancelled`.

    `what` is for the log: words of this service, nothing that a request or the provider said.
    """

    def __init__(self, why: Why, what: str) -> None:
        super().__init__(what)
        self.why: Why = why
        self.what = what


@dataclass(frozen=True, slots=True)
class Attempt:
    """What only the browser knows in which a sign-in began."""

    state: str
    nonce: str
    verifier: str


def new_attempt() -> Attempt:
    """Return what ties a sign-in to the browser in which it begins."""
    return Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))


class Provider:
    """An OpenID Connect provider, by the settings; its own description of itself is fetched once and kept."""

    def __init__(self, settings: Settings, transport: AsyncBaseTransport | None = None) -> None:
        self._settings = settings
        self._transport = transport
        self._known: Mapping[str, Any] | None = None
        self._keys: dict[str, Any] | None = None

    @property
    def issuer(self) -> str:
        """Who vouches for people."""
        return self._settings.oidc_issuer

    async def address(self, attempt: Attempt, back: str) -> str:
        """Return where a sign-in is carried out; it leads to `back` afterwards. SignInError where the provider is down."""
        from authlib.oauth2.rfc7636 import (  # type: ignore[import-untyped]  # noqa: PLC0415 — see above; it ships no types
            create_s256_code_challenge,
        )

        async with self._client() as client:
            known = await self._description(client)
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": back,
            "scope": self._settings.oidc_scopes,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
        where = str(known["authorization_endpoint"])
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"

    async def claims(self, attempt: Attempt, back: str, code: str) -> Mapping[str, Any]:
        """Return what the provider says of the one who signed in; SignInError where it can't be had or believed."""
        async with self._client() as client:
            known = await self._description(client)
            answer = await self._redeemed(client, known, attempt, back, code)
            claims = await self._verified(client, known, attempt, answer)
            return {**await self._more(client, known, claims, answer), **claims}

    def _client(self) -> AsyncClient:
        import httpx2  # noqa: PLC0415 — see above

        return httpx2.AsyncClient(transport=self._transport, timeout=SECONDS)

    async def _description(self, client: AsyncClient) -> Mapping[str, Any]:
        if self._known is None:
            where = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            found = await _json(client, "GET", where)
            if found.get("issuer") != self.issuer:
                raise SignInError("down", "the provider calls itself otherwise than CROSSDRILL_OIDC_ISSUER does")
            if not all(isinstance(found.get(f"{name}_endpoint"), str) for name in ("authorization", "token")):
                raise SignInError("down", "the provider doesn't say where it signs people in")
            self._known = found
        return self._known

    async def _redeemed(
        self, client: AsyncClient, known: Mapping[str, Any], attempt: Attempt, back: str, code: str
    ) -> Mapping[str, Any]:
        """Return the tokens that a code is good for, once."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": attempt.verifier,
        }
        name, secret = self._settings.oidc_client_id, self._settings.oidc_client_secret.get_secret_value()
        methods = known.get("token_endpoint_auth_methods_supported") or ("client_secret_basic",)
        if "client_secret_basic" in methods:
            auth = (quote_plus(name), quote_plus(secret))  # RFC 6749, section 2.3.1
            return await _json(client, "POST", str(known["token_endpoint"]), data=fields, auth=auth)
        fields |= {"client_id": name, "client_secret": secret}
        return await _json(client, "POST", str(known["token_endpoint"]), data=fields)

    async def _verified(
        self, client: AsyncClient, known: Mapping[str, Any], attempt: Attempt, answer: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return the claims of the ID token, if it is the provider's, for this service and for this attempt."""
        from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # noqa: PLC0415 — as above
        from joserfc import jwt  # noqa: PLC0415
        from joserfc.errors import JoseError  # noqa: PLC0415

        own = self._settings.oidc_client_id
        must = {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": own}}
        given = {"nonce": attempt.nonce, "client_id": own, "access_token": answer.get("access_token")}
        try:
            token = await self._decoded(client, known, jwt, str(answer.get("id_token", "")))
            claims = CodeIDToken(token.claims, token.header, must, given)
            claims.validate(leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise SignInError("failed", f"the ID token is not to be believed: {type(error).__name__}") from None
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255 or "\0" in claims["sub"]:
            raise SignInError("failed", "the ID token names nobody")
        return dict(claims)

    async def _decoded(self, client: AsyncClient, known: Mapping[str, Any], jwt: Any, text: str) -> Any:  # noqa: ANN401
        """Return the token if a key of the provider has signed it; keys are fetched anew where it names an unknown one."""
        from joserfc.errors import JoseError  # noqa: PLC0415 — see above

        if self._keys is not None:
            try:
                return jwt.decode(text, _key_set(self._keys), ALGORITHMS)
            except (JoseError, ValueError):  # the provider may have changed its keys since
                self._keys = None
        self._keys = await _json(client, "GET", str(known.get("jwks_uri")))
        return jwt.decode(text, _key_set(self._keys), ALGORITHMS)

    async def _more(
        self, client: AsyncClient, known: Mapping[str, Any], claims: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return what the provider tells only where it is asked: many leave all but the subject out of the ID token."""
        wanted = {"name", "email", self._settings.oidc_role_claim.partition(".")[0]} - {""}
        where, key = known.get("userinfo_endpoint"), answer.get("access_token")
        if wanted <= claims.keys() or not isinstance(where, str) or not isinstance(key, str):
            return {}
        more = await _json(client, "GET", where, headers={"authorization": f"Bearer {key}"})
        if more.get("sub") != claims["sub"]:
            raise SignInError("failed", "the provider speaks of somebody else")
        return more


def _key_set(keys: Mapping[str, Any]) -> Any:  # noqa: ANN401 — of a library that is imported late
    from joserfc.jwk import KeySet  # noqa: PLC0415 — see above

    usable = [key for key in keys.get("keys", ()) if key.get("kty") in {"RSA", "EC", "OKP"} and key.get("use") != "enc"]
    return KeySet.import_key_set({"keys": usable})


async def _json(client: AsyncClient, method: str, where: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 — to the client
    """Return the JSON object that a call answers."""
    import httpx2  # noqa: PLC0415 — see above

    try:
        response = await client.request(method, where, **more)
        found = response.json() if response.status_code < 500 else None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise SignInError("down", f"the provider can't be reached: {type(error).__name__}") from None
    if found is None:
        raise SignInError("down", f"the provider answers {response.status_code}")
    if response.status_code >= 400 or not isinstance(found, dict):
        raise SignInError("failed", f"the provider refuses: {response.status_code}")
    return found
