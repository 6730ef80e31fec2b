"""Showing a part of a certificate: what is signed, for whom, and what never leaves the device."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from services.certificates import Credential, Presentations
from services.certificates.holding import claims_of
from services.errors import GatewayUnavailable
from services.vault import Vault
from tests.services.twins import Time, gateway

CLAIMS = {"name": "Nguyễn Minh Anh", "result": "clear", "identity_number": "001188000001"}
AUD, NONCE = "https://ihanoi.example/verify/p", "n-0S6"


def disclosure(name: str, value: object) -> str:
    """A disclosure as RFC 9901 has it: base64url of [salt, name, value]."""
    text = json.dumps(["salt", name, value], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


CREDENTIAL = "~".join(["eyJ4.eyJ5.eno", *[disclosure(*one) for one in CLAIMS.items()], ""])


class Gateway:
    """Gives a nonce, takes a presentation and answers with its link."""

    def __init__(self) -> None:
        self.shown = ""
        self.keys: list[dict[str, str]] = []
        self.headers: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body: dict[str, Any] = json.loads(request.content or b"{}")
        self.headers.append(request.headers.get("Certificate-Opening"))
        if request.url.path.endswith("/credential"):
            self.keys.append(body["holder_key"])
            return httpx.Response(200, json={"credential": CREDENTIAL, "claims": []})
        if request.method == "PUT":
            self.shown = body["presentation"]
            return httpx.Response(200, json={"link": f"{AUD}/secretsecretsecret"})
        if request.method == "DELETE":
            return httpx.Response(204)
        return httpx.Response(201, json={"presentation_id": "V-1", "nonce": NONCE, "aud": AUD})


@pytest.fixture
def city() -> Gateway:
    return Gateway()


@pytest.fixture
def presentations(city: Gateway, tmp_path: Path) -> Presentations:
    vault = Vault(tmp_path / "vault.sqlite3", b"k" * 32)
    return Presentations(gateway(city), vault.for_subject("minh-anh"), Time().clock())


async def test_only_the_chosen_part_is_shown_bound_to_this_device_and_this_wish(
    presentations: Presentations, city: Gateway
) -> None:
    """An employer who is shown the result must not learn the number; nor may they show it on."""
    credential = await presentations.credential("LL-1")
    assert credential.claims == CLAIMS
    link = await presentations.show("LL-1", credential, {"result"}, 3600, key="k")
    issuer_jwt, shown, binding = city.shown.split("~")
    assert (issuer_jwt, shown) == ("eyJ4.eyJ5.eno", disclosure("result", "clear"))
    [public] = city.keys
    assert set(public) == {"kty", "crv", "x", "y"}
    key = jwt.PyJWK({**public, "alg": "ES256"}).key
    claims = jwt.decode(binding, key, ["ES256"], audience=AUD, options={"verify_iat": False})
    head = city.shown.rpartition("~")[0] + "~"
    digest = hashlib.sha256(head.encode()).digest()
    assert claims["sd_hash"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert (claims["nonce"], set(claims)) == (NONCE, {"aud", "nonce", "iat", "sd_hash"})
    assert jwt.get_unverified_header(binding)["typ"] == "kb+jwt"
    assert await presentations.link("V-1") == link


async def test_the_key_stays_the_same_and_a_stopped_link_is_forgotten(
    presentations: Presentations, city: Gateway
) -> None:
    """A twin bound to this device yesterday can be shown today."""
    await presentations.credential("LL-1")
    await presentations.credential("LL-1", opening="open-sesame")
    assert city.keys[0] == city.keys[1]
    assert city.headers == [None, "open-sesame"]
    await presentations.show("LL-1", Credential(CREDENTIAL, CLAIMS), {"name"}, 300, key="k")
    await presentations.stop("V-1")
    assert await presentations.link("V-1") == ""


@pytest.mark.parametrize("text", ["a~b", "a~e30", "a~" + base64.b64encode(b"[1]").decode()])
def test_a_twin_that_makes_no_sense_is_the_gateways_fault(text: str) -> None:
    """The resident is told to come back, not shown a crash."""
    with pytest.raises(GatewayUnavailable):
        claims_of(text)


def test_what_a_twin_says_is_not_printed() -> None:
    """A log line with a conviction in it is a breach."""
    assert "Minh Anh" not in repr(Credential(CREDENTIAL, CLAIMS))
    assert CREDENTIAL not in repr(Credential(CREDENTIAL, CLAIMS))
