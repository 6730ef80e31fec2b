"""Twins that know proofs of a key (RFC 9449) and pushed requests (RFC 9126), on code of their own."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import jwt

from tests.services.twins import ISSUER, ProviderTwin, Time

OFFERS = {
    "dpop_signing_alg_values_supported": ["ES256", "EdDSA"],
    "pushed_authorization_request_endpoint": f"{ISSUER}/par",
}


def s256(text: str) -> str:
    """Base64url of the SHA-256."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def proof_in(request: httpx.Request) -> dict[str, Any]:
    """The claims of a request's proof, its signature checked, and `jkt` of its key."""
    shown = request.headers["DPoP"]
    header = jwt.get_unverified_header(shown)
    assert (header["typ"], header["alg"], set(header["jwk"])) == (
        "dpop+jwt",
        "ES256",
        {"kty", "crv", "x", "y"},
    )
    key = jwt.PyJWK(header["jwk"], "ES256")
    claims = jwt.decode(shown, key, ["ES256"], options={"verify_iat": False})
    assert (claims["htm"], claims["htu"]) == (request.method, str(request.url).partition("?")[0])
    jkt = s256(json.dumps(header["jwk"], sort_keys=True, separators=(",", ":")))
    return {**claims, "jkt": jkt}


@dataclass
class BoundProviderTwin(ProviderTwin):
    """A provider that binds tokens to the key it was told of, and wants a nonce in each proof."""

    nonce_wanted: str = "n-1"
    pushed: dict[str, str] = field(default_factory=dict)
    proofs: list[dict[str, Any]] = field(default_factory=list)
    token_type: str = "DPoP"
    ignores_proofs: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.discovery = {**OFFERS, **self.discovery}

    def authorize(self, url: str, **changes: str) -> dict[str, str]:
        asked = dict(parse_qsl(urlsplit(url).query))
        if self.pushed:
            assert set(asked) == {"client_id", "request_uri"}
            url = f"{ISSUER}/authorize?{urlencode(self.pushed)}"
        return super().authorize(url, **changes)

    def _par(self, request: httpx.Request) -> httpx.Response:
        self.pushed = dict(parse_qsl(request.content.decode()))
        headers = {"DPoP-Nonce": self.nonce_wanted}
        answer = {"request_uri": "urn:twin:1", "expires_in": 60}
        return httpx.Response(201, json=answer, headers=headers)

    def _token(self, request: httpx.Request) -> httpx.Response:
        if self.ignores_proofs:
            return super()._token(request)
        proof = proof_in(request)
        self.proofs.append(proof)
        headers = {"DPoP-Nonce": self.nonce_wanted}
        if proof.get("nonce") != self.nonce_wanted:
            return httpx.Response(400, json={"error": "use_dpop_nonce"}, headers=headers)
        if self.pushed and proof["jkt"] != self.pushed["dpop_jkt"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        return super()._token(request)

    def _issue(self) -> httpx.Response:
        issued = super()._issue()
        token_type = "Bearer" if self.ignores_proofs else self.token_type
        return httpx.Response(200, json={**issued.json(), "token_type": token_type})

    def _userinfo(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == f"DPoP a-{self.generation}"
        assert proof_in(request)["ath"] == s256(f"a-{self.generation}")
        return httpx.Response(200, json={"sub": "s-1", "name": "Trần Gia Huy"})


@dataclass
class BoundGatewayTwin:
    """A gateway that takes bound tokens, on a clock that may be far from the device's."""

    time: Time
    accepted: tuple[str, ...] = ("a-1",)
    nonce: str = "g-1"
    next_nonce: str | None = None
    refuses: str | None = None
    proofs: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one call as RFC 9449, sections 7 and 9, want it."""
        scheme, _, token = request.headers["Authorization"].partition(" ")
        assert scheme == "DPoP"
        proof = proof_in(request)
        self.proofs.append(proof)
        assert proof["ath"] == s256(token)
        error = self.refuses or self._error(proof, token)
        headers = {"Date": formatdate(self.time.now, usegmt=True)}
        if error is not None:
            headers |= {"WWW-Authenticate": f'DPoP error="{error}"', "DPoP-Nonce": self.nonce}
            return httpx.Response(401, headers=headers)
        if self.next_nonce is not None:
            self.nonce, headers["DPoP-Nonce"] = self.next_nonce, self.next_nonce
        return httpx.Response(200, json={}, headers=headers)

    def _error(self, proof: dict[str, Any], token: str) -> str | None:
        if proof.get("nonce") != self.nonce:
            return "use_dpop_nonce"
        if abs(proof["iat"] - self.time.now) > 60:
            return "invalid_dpop_proof"
        return None if token in self.accepted else "invalid_token"
