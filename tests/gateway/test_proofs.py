"""Tokens bound to a device's key (DPoP, RFC 9449): a thief of the token alone opens nothing."""

from __future__ import annotations

import base64
import time
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.proofs import ProofError, Proofs
from gateway.settings import Settings
from tests.gateway.conftest import PUBLIC_URL, TokenFor, make_token, on_sqlite
from tests.gateway.proving import PATH, URL, Clock, Device, attack, clock, device
from tests.support.proof_key import ProofKey

__all__ = ["clock", "device"]


def encoded_deep() -> str:
    """A header of brackets, deeper than any reader goes."""
    return base64.urlsafe_b64encode(b"[" * 1500 + b"]" * 1500).rstrip(b"=").decode()


WRONG_PROOFS: list[Any] = [
    pytest.param(
        {"method": "POST"}, marks=attack("A proof of another method", "RFC 9449 4.3"), id="method"
    ),
    pytest.param(
        {"url": f"{PUBLIC_URL}/api/other"},
        marks=attack("A proof of another address", "RFC 9449 4.3"),
        id="address",
    ),
    pytest.param(
        {"url": "http://counterfeit.test/api/health/v1/shares"},
        marks=attack("A proof that a counterfeit gateway was given", "RFC 9700 4.9.1"),
        id="counterfeit gateway",
    ),
    pytest.param(
        {"ath": "AAAA"}, marks=attack("A proof of another token", "RFC 9449 4.3"), id="token"
    ),
    pytest.param(
        {"token": None}, marks=attack("A proof of no token", "RFC 9449 7.1"), id="no token"
    ),
    pytest.param(
        {"iat": int(time.time()) - 3600},
        marks=attack("A proof made an hour ago", "RFC 9449 11.1"),
        id="old",
    ),
    pytest.param(
        {"iat": int(time.time()) + 86_400},
        marks=attack("A proof made ahead for tomorrow", "RFC 9449 11.2"),
        id="ahead",
    ),
    pytest.param({"iat": "now"}, id="a time that is a word"),
    pytest.param({"iat": None}, id="no time"),
    pytest.param({"jti": None}, id="no id"),
    pytest.param({"htu": None}, id="no address"),
    pytest.param({"htm": 7}, id="a method that is a number"),
    pytest.param(
        {"header": {"typ": "JWT"}},
        marks=attack("Another signed thing shown as a proof (typ)", "RFC 8725 3.11"),
        id="typ",
    ),
    pytest.param(
        {"header": {"alg": "HS256"}, "key": "x" * 32},
        marks=attack("A proof signed with a shared secret", "RFC 8725 3.1"),
        id="shared secret",
    ),
    pytest.param(
        {"header": {"alg": "none"}},
        marks=attack("An unsigned proof", "RFC 8725 3.1"),
        id="unsigned",
    ),
    pytest.param(
        {"key": ec.generate_private_key(ec.SECP256R1())},
        marks=attack("A proof that names a key it was not signed with", "RFC 9449 4.3"),
        id="signed by another key",
    ),
    pytest.param({"header": {"jwk": None}}, id="no key"),
    pytest.param({"header": {"jwk": "https://evil.test/key"}}, id="a key that is an address"),
    pytest.param({"header": {"jwk": {"kty": "oct", "k": "AAAA"}}}, id="a symmetric key"),
    pytest.param(
        {"header": {"jwk": {**ProofKey().jwk, "d": "AAAA"}}}, id="a key with its private half"
    ),
    pytest.param({"jti": "x" * 5000}, id="too long"),
]


@on_sqlite
@pytest.mark.parametrize("wrong", WRONG_PROOFS)
async def test_a_wrong_proof_opens_nothing(device: Device, wrong: dict[str, Any]) -> None:
    """Each of these is a proof made for something else, or by somebody else."""
    method, url = wrong.pop("method", "GET"), wrong.pop("url", URL)
    answer = await device.show(device.proof(method, url, **wrong))
    assert answer.status_code == 401
    assert 'DPoP error="invalid_dpop_proof"' in answer.headers["www-authenticate"]
    assert answer.json()["type"] == "/problems/sign-in-required"


@on_sqlite
@pytest.mark.parametrize(
    "shown",
    ["", "x", "a.b.c", "....", "W10.W10.AAAA", f"{encoded_deep()}.e30.AAAA", "\u00e9.b.c"],
    ids=["empty", "a letter", "no json", "dots", "lists", "deep", "not ascii"],
)
async def test_what_is_no_proof_at_all_opens_nothing(device: Device, shown: str) -> None:
    """Whatever arrives, the answer is a documented one."""
    headers = [
        (b"Authorization", f"DPoP {device.token}".encode()),
        (b"DPoP", shown.encode("latin-1")),
    ]
    answer = await device.gateway.get(PATH, headers=headers)
    assert answer.status_code == 401
    assert "invalid_dpop_proof" in answer.headers["www-authenticate"]


@on_sqlite
@attack("A proof shown a second time", "RFC 9449 11.1")
async def test_a_proof_is_good_once(device: Device) -> None:
    """Who reads one request off the wire cannot send it again."""
    proof = device.proof()
    assert (await device.show(proof)).status_code == 200
    assert (await device.show(proof)).status_code == 401


@on_sqlite
@attack("A stolen token shown by a thief with a key of their own", "RFC 9700 4.10.1")
async def test_a_thief_of_the_token_proves_another_key(device: Device) -> None:
    """The token names the key that belongs to it."""
    thief = Device(device.gateway, token=device.token, nonce=device.nonce)
    answer = await thief.show(thief.proof())
    assert answer.status_code == 401
    assert 'DPoP error="invalid_token"' in answer.headers["www-authenticate"]


@on_sqlite
@attack("A bound token shown as a bearer token", "RFC 9449 7.2")
async def test_a_bound_token_is_no_bearer_token(device: Device) -> None:
    """Leaving the proof away must not be the way round it, with a right proof beside or without."""
    assert (await device.show(scheme="Bearer")).status_code == 401
    assert (await device.show(device.proof(), scheme="Bearer")).status_code == 401


@on_sqlite
@attack("A bearer token shown as if it were bound", "RFC 9449 7.1")
async def test_an_unbound_token_is_not_taken_for_a_bound_one(
    gateway: httpx.AsyncClient,
) -> None:
    """A thief who makes a key for a stolen bearer token has proved nothing."""
    thief = Device(gateway, token=make_token(scope="health"))
    thief.nonce = (await thief.show(thief.proof())).headers["dpop-nonce"]
    assert (await thief.show(thief.proof())).status_code == 401


@on_sqlite
@pytest.mark.parametrize(
    "cnf", [{"jkt": None}, {"jkt": 1}, {"x5t#S256": "AAAA"}, {}, "a word", ["jkt"]], ids=str
)
async def test_a_token_bound_in_a_way_we_do_not_know_opens_nothing(
    gateway: httpx.AsyncClient, token_for: TokenFor, cnf: Any
) -> None:
    """What cannot be checked is not taken for unbound."""
    device = Device(gateway, token=token_for(scope="health", cnf=cnf))
    assert (await device.show(scheme="Bearer")).status_code == 401
    device.nonce = (await device.show(device.proof())).headers["dpop-nonce"]
    assert (await device.show(device.proof())).status_code == 401


@on_sqlite
@attack("Two proofs in one request, one of them right", "RFC 9449 4.3")
async def test_two_proofs_are_one_too_many(device: Device) -> None:
    """Else two servers on the way could each believe another one."""
    assert (await device.show(device.proof(), device.proof())).status_code == 401
    assert (await device.show()).status_code == 401


@on_sqlite
async def test_an_address_is_the_same_in_capitals_and_without_its_query(device: Device) -> None:
    """RFC 9449, section 4.3: scheme and host are compared as such, query and fragment not at all."""
    shouted = f"{PUBLIC_URL.upper()}/api{PATH}?another=query#part"
    assert (await device.show(device.proof(url=shouted))).status_code == 200
    assert (await device.show(device.proof(url=URL.upper()))).status_code == 401


@pytest.mark.parametrize(
    ("configured", "called"),
    [
        ("https://city.test:443/api/x", "https://city.test/api/x"),
        ("http://city.test:80/api/x", "http://CITY.test/api/x"),
        ("http://127.0.0.1:8560/api/x", "http://127.0.0.1:8560/api/x?y=1"),
    ],
)
def test_the_schemes_own_port_may_be_written_or_not(
    clock: Clock, configured: str, called: str
) -> None:
    """A city that writes it in its address must not lock everybody out: clients leave it away."""
    server, key = Proofs(clock), ProofKey()
    proof = key.proof("GET", called, nonce=server.nonce, iat=int(clock.now.timestamp()))
    assert server.check([proof], "GET", [configured]) == key.thumbprint
    other = key.proof("GET", "https://city.test:80/api/x", nonce=server.nonce, iat=0)
    with pytest.raises(ProofError):
        server.check([other], "GET", [configured])


@on_sqlite
@attack("Making the gateway believe the thief's own Host header", "RFC 9449 4.3")
async def test_the_gateways_address_is_not_taken_from_the_request(device: Device) -> None:
    """A counterfeit gateway would pass on what it was given, under its own name."""
    proof = device.proof(url="http://counterfeit.test/api/health/v1/shares")
    headers = {"Authorization": f"DPoP {device.token}", "DPoP": proof, "Host": "counterfeit.test"}
    answer = await device.gateway.get(PATH, headers=headers)
    assert answer.status_code == 401


async def test_further_addresses_of_the_gateway_are_told_by_the_one_who_runs_it() -> None:
    """Behind a proxy the same gateway may have an inner name."""
    told = {"IHANOI_DATA": "/x", "IHANOI_ALSO_AT": "http://inner:8550/api/, http://other/api"}
    settings = Settings.from_environment(told)
    assert settings.also_at == ("http://inner:8550/api", "http://other/api")
    assert Settings.from_environment({"IHANOI_DATA": "/x"}).also_at == ()
