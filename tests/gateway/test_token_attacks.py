"""Access tokens shown in wrong places, or made with keys that are not the issuer's (RFC 8725)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from tests.gateway.conftest import make_token, on_sqlite, signing_key

attack = pytest.mark.attack
MINE = "/reports/mine"


def shown(token: str) -> dict[str, str]:
    """The headers that show a token."""
    return {"Authorization": f"Bearer {token}"}


def encoded(part: dict[str, Any]) -> str:
    """One part of a compact JWS."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@on_sqlite
@attack("A token in the address", "RFC 9700 4.3.2")
async def test_a_token_in_the_address_opens_nothing(gateway: httpx.AsyncClient) -> None:
    """Addresses end up in logs, histories and Referer headers."""
    token = make_token()
    assert (await gateway.get(MINE, params={"access_token": token})).status_code == 401
    assert (await gateway.get(MINE, headers=shown(token))).status_code == 200


@on_sqlite
@attack("A token in a form or a cookie", "RFC 6750 2.2")
async def test_a_token_in_a_form_or_a_cookie_opens_nothing(gateway: httpx.AsyncClient) -> None:
    """A browser sends those by itself, at anybody's wish."""
    token = make_token()
    form = {"access_token": token, "service_code": "pothole"}
    posted = await gateway.post("/open311/v2/requests.json", data=form)
    assert posted.status_code == 401
    cookies = {"Cookie": f"access_token={token}; Authorization=Bearer {token}"}
    assert (await gateway.get(MINE, headers=cookies)).status_code == 401


@on_sqlite
@attack("A token that brings its own key (jwk, jku, x5u)", "RFC 8725 3.10")
async def test_a_token_cannot_bring_its_own_key(gateway: httpx.AsyncClient) -> None:
    """Keys come from the issuer that was configured, whatever the header says."""
    own = ec.generate_private_key(ec.SECP256R1())
    jwk = {**ECAlgorithm.to_jwk(own.public_key(), as_dict=True), "kid": "test"}
    for header in (
        {"jwk": jwk},
        {"jku": "https://evil.test/jwks.json"},
        {"x5u": "https://evil.test/cert.pem"},
    ):
        forged = make_token(key=own, header=header)
        assert (await gateway.get(MINE, headers=shown(forged))).status_code == 401


@on_sqlite
@attack("Algorithm confusion: the issuer's public key used as a shared secret", "RFC 8725 2.1")
async def test_the_public_key_is_no_secret(gateway: httpx.AsyncClient) -> None:
    """Everybody can read it, so a signature made with it proves nothing."""
    public = signing_key().public_key()
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER):
        secret = public.public_bytes(encoding, spki)
        claims = make_token().split(".")[1]
        head = encoded({"alg": "HS256", "typ": "at+jwt", "kid": "test"})
        mac = hmac.new(secret, f"{head}.{claims}".encode(), hashlib.sha256).digest()
        forged = f"{head}.{claims}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        assert (await gateway.get(MINE, headers=shown(forged))).status_code == 401


@on_sqlite
@attack("A key id that is a path, an address or a query", "RFC 8725 3.10")
@pytest.mark.parametrize("kid", ["../../etc/passwd", "https://evil.test/k", "' OR 1=1 --", ""])
async def test_a_key_id_is_looked_up_and_nothing_else(gateway: httpx.AsyncClient, kid: str) -> None:
    """It is a name among the published ones, never a place to read from."""
    forged = make_token(header={"kid": kid})
    assert (await gateway.get(MINE, headers=shown(forged))).status_code == 401


@on_sqlite
@attack("A token with an extension that must be understood (crit)", "RFC 7515 4.1.11")
async def test_what_must_be_understood_and_is_not_is_refused(gateway: httpx.AsyncClient) -> None:
    """Passing over it would mean passing over a condition."""
    forged = make_token(header={"crit": ["only-at-night"], "only-at-night": True})
    assert (await gateway.get(MINE, headers=shown(forged))).status_code == 401


@on_sqlite
@attack("Changing the claims of a signed token", "RFC 8725 3.3")
async def test_changed_claims_break_the_signature(gateway: httpx.AsyncClient) -> None:
    """One resident's token must not become another's by a letter."""
    head, claims, signature = make_token().split(".")
    said = jwt.decode(f"{head}.{claims}.{signature}", options={"verify_signature": False})
    other = encoded({**said, "sub": "test-gia-huy", "roles": ["officer"]})
    assert (
        await gateway.get(MINE, headers=shown(f"{head}.{other}.{signature}"))
    ).status_code == 401


@on_sqlite
@attack("Two tokens in one request", "RFC 6750 3.1")
async def test_two_authorization_headers_are_not_two_chances(gateway: httpx.AsyncClient) -> None:
    """A forged one beside a right one: what stands first counts, and it alone."""
    forged, right = make_token(key=ec.generate_private_key(ec.SECP256R1())), make_token()
    both = [("Authorization", f"Bearer {each}") for each in (forged, right)]
    assert (await gateway.get(MINE, headers=both)).status_code == 401
    assert (
        await gateway.get(MINE, headers={"Authorization": f"Bearer {forged}, Bearer {right}"})
    ).status_code == 401
