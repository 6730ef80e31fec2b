"""In-memory twins of what stands on the other side of the wire."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from services.client import GatewayClient
from services.clock import ServerClock

BASE = "https://gateway.example/api"
ISSUER = "https://id.example/realm"
CLIENT = "ihanoi-app"
REDIRECT = "http://127.0.0.1:49152/callback"
NOW = 1_790_000_000.0

Handler = Callable[[httpx.Request], httpx.Response]


@dataclass
class Time:
    """A steady clock and a device clock that a test moves; the device's may be wrong."""

    now: float = NOW
    device_wrong_by: float = 0.0

    def clock(self) -> ServerClock:
        return ServerClock(lambda: self.now, lambda: self.now + self.device_wrong_by)


def gateway(
    handler: Handler,
    *,
    clock: ServerClock | None = None,
    auth: httpx.Auth | None = None,
    aliases: tuple[str, ...] = (),
) -> GatewayClient:
    """A client of a gateway that is one function, without waiting between attempts."""
    http = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    return GatewayClient(
        BASE, http, clock or ServerClock(), auth, aliases=aliases, backoff=lambda _: 0
    )


def problem(status: int, slug: str = "x", **more: Any) -> httpx.Response:
    """An RFC 9457 document."""
    body = {"type": f"/problems/{slug}", "status": status, "reference": "req-12345678", **more}
    return httpx.Response(status, json=body, headers={"Content-Type": "application/problem+json"})


def _hash(text: str, algorithm: str) -> str:
    digest = hashlib.new("sha512" if algorithm == "EdDSA" else "sha256", text.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def key_of(algorithm: str) -> Any:
    """A fresh private key for an algorithm."""
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class ProviderTwin:
    """An OpenID provider on a mock transport. Tests change its parts to make it misbehave."""

    time: Time
    algorithm: str = "ES256"
    kid: str = "k1"
    discovery: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    down: bool = False
    cut: bool = False
    calls: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    lifetime: int = 300
    nonce: str | None = None
    challenge: str = ""
    generation: int = 0
    refresh_error: str | None = None
    published: list[str] | None = None
    pause: Callable[[], Any] | None = None
    answers: dict[str, httpx.Response] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = {self.kid: key_of(self.algorithm)}

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.handle)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.rpartition("/")[2]
        self.calls.append(path)
        if self.cut:
            raise httpx.ConnectError("cut", request=request)
        if self.down:
            return httpx.Response(503, text="<h1>down</h1>", headers={"Retry-After": "7"})
        answer = getattr(self, f"_{path.replace('-', '_')}")
        response: httpx.Response = self.answers.get(path) or answer(request)
        if path == "token" and self.pause is not None:
            await self.pause()
        response.headers["Date"] = formatdate(self.time.now, usegmt=True)
        return response

    def authorize(self, url: str, **changes: str) -> dict[str, str]:
        """What the provider's page sends back for a request."""
        asked = dict(parse_qsl(urlsplit(url).query))
        self.nonce, self.challenge = asked["nonce"], asked["code_challenge"]
        return {"code": "c-1", "state": asked["state"], "iss": ISSUER} | changes

    def id_token(self, access_token: str, **changes: Any) -> str:
        now = int(self.time.now)
        claims = {
            "iss": ISSUER,
            "sub": "s-1",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": self.nonce,
            "name": "Nguyễn Minh Anh",
            "given_name": "Minh Anh",
            "birthdate": "1988-03-08",
            "acr": "loa2",
            "roles": ["resident"],
            "ward_code": "00070",
            "at_hash": _hash(access_token, self.algorithm),
        }
        claims = {k: v for k, v in {**claims, **self.claims, **changes}.items() if v is not None}
        for name in self.without:
            claims.pop(name, None)
        return jwt.encode(claims, self.keys[self.kid], self.algorithm, headers={"kid": self.kid})

    def _openid_configuration(self, _request: httpx.Request) -> httpx.Response:
        endpoints = {
            f"{name}_endpoint": f"{ISSUER}/{path}"
            for name, path in {
                "authorization": "authorize",
                "token": "token",
                "userinfo": "userinfo",
                "revocation": "revoke",
                "end_session": "end",
            }.items()
        }
        document = {
            "issuer": ISSUER,
            "jwks_uri": f"{ISSUER}/jwks",
            "authorization_response_iss_parameter_supported": True,
            **endpoints,
            **self.discovery,
        }
        return httpx.Response(200, json={k: v for k, v in document.items() if v is not None})

    def _jwks(self, _request: httpx.Request) -> httpx.Response:
        keys = []
        for kid in self.published if self.published is not None else self.keys:
            public = self.keys[kid].public_key()
            algorithm = jwt.get_algorithm_by_name(self.algorithm)
            keys.append(json.loads(algorithm.to_jwk(public)) | {"kid": kid, "use": "sig"})
        return httpx.Response(200, json={"keys": keys})

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = {k: v[0] for k, v in parse_qs(request.content.decode()).items()}
        if form["grant_type"] == "authorization_code":
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            right = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.challenge
            if not right or form["code"] != "c-1":
                return httpx.Response(400, json={"error": "invalid_grant"})
            return self._issue()
        if self.refresh_error:
            return httpx.Response(400, json={"error": self.refresh_error})
        if form["refresh_token"] != f"r-{self.generation}":
            return httpx.Response(400, json={"error": "invalid_grant"})
        return self._issue()

    def _issue(self) -> httpx.Response:
        self.generation += 1
        access_token = f"a-{self.generation}"
        body = {
            "access_token": access_token,
            "refresh_token": f"r-{self.generation}",
            "id_token": self.id_token(access_token),
            "token_type": "Bearer",
            "expires_in": self.lifetime,
        }
        return httpx.Response(200, json=body)

    def _userinfo(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == f"Bearer a-{self.generation}"
        return httpx.Response(200, json={"sub": "s-1", "name": "Trần Gia Huy"} | self.claims)

    def _revoke(self, request: httpx.Request) -> httpx.Response:
        self.revoked.append(parse_qs(request.content.decode())["token"][0])
        return httpx.Response(200)
