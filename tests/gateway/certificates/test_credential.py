"""The machine-readable twin: what others' tools make of it, and how it loses its force."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI

from gateway.certificates.authority import Authority
from gateway.certificates.status_list import status_at
from tests.gateway.certificates.conftest import (
    GIA_HUY,
    MINH_ANH,
    as_sandbox,
    decide,
    get,
    issue,
    post,
)
from tests.support import sd_jwt_twin

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DEVICE = ec.generate_private_key(ec.SECP256R1())


async def keys_of(gateway: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await gateway.get("/certificates/v1/issuer-keys")).json()
    return found


async def listed(gateway: httpx.AsyncClient, credential: str) -> int:
    """What the status list says, found the way any wallet finds it."""
    payload = jwt.decode(credential.partition("~")[0], options={"verify_signature": False})
    place = payload["status"]["status_list"]
    answer = await gateway.get(place["uri"].partition("/api")[2])
    assert answer.headers["Content-Type"] == "application/statuslist+jwt"
    key = jwt.PyJWK((await keys_of(gateway))["keys"][0])
    options: Any = {"verify_exp": False, "verify_iat": False}
    found = jwt.decode(answer.text, key, algorithms=["ES256"], options=options)
    assert found["sub"] == place["uri"]
    kept = found["status_list"]
    return status_at(kept["lst"], kept["bits"], place["idx"])


async def test_strangers_tools_read_the_twin_and_it_says_what_the_page_says(
    app: FastAPI, gateway: httpx.AsyncClient, authority: Authority
) -> None:
    """An employer's software needs no library of ours; the chain ends at the sandbox's root."""
    holder_key = sd_jwt_twin.public_jwk(DEVICE)
    application = await issue(app, gateway, holder_key=holder_key)
    path = f"applications/{application['application_id']}"
    answer = await get(gateway, f"{path}/credential")
    assert answer.headers["Content-Type"] == "application/dc+sd-jwt"
    twin = answer.text
    found = sd_jwt_twin.verified(twin, await keys_of(gateway))
    assert (found["name"], found["result"]) == ("Nguyễn Minh Anh", "clear")
    assert found["number"] == application["certificate"]["number"]
    assert found["cnf"]["jwk"] == holder_key
    signed = twin.partition("~")[0]
    assert jwt.get_unverified_header(signed)["typ"] == "dc+sd-jwt"
    document = (await get(gateway, f"{path}/certificate")).content
    assert b"certificate.sd-jwt" in document
    leaf = jwt.get_unverified_header(signed)["x5c"][0]
    certificate = x509.load_der_x509_certificate(base64.b64decode(leaf))
    certificate.verify_directly_issued_by(authority.root.certificate)
    chosen = sd_jwt_twin.presented(twin, ["result"], DEVICE, "n", "https://employer.test")
    shown = sd_jwt_twin.verified(chosen, await keys_of(gateway), "https://employer.test", "n")
    assert shown["result"] == "clear"
    assert "name" not in shown
    assert "Nguyễn" not in str(shown)


async def test_revoked_and_superseded_stand_in_the_status_list(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """Whoever kept a copy learns that it is out of force; others' entries stay as they are."""
    as_sandbox(app)
    first = await issue(app, gateway)
    other = await issue(app, gateway, GIA_HUY)
    path = f"applications/{first['application_id']}"
    twin = (await get(gateway, f"{path}/credential")).text
    assert await listed(gateway, twin) == 0
    renewed = await issue(app, gateway, renews=first["application_id"])
    assert renewed["status"] == "ready"
    old = (await get(gateway, path)).json()
    assert (old["certificate"]["status"], old["renewed_by"]) == (
        "superseded",
        renewed["application_id"],
    )
    assert await listed(gateway, twin) == 3
    number = renewed["certificate"]["number"]
    revoked = await decide(gateway, f"certificates/{number}/revoke", reason="identity_error")
    assert revoked.status_code == 204
    again = await decide(gateway, f"certificates/{number}/revoke", reason="identity_error")
    assert again.status_code == 404
    newer = f"applications/{renewed['application_id']}"
    after = (await get(gateway, newer)).json()["certificate"]
    assert (after["status"], after["ended_reason"]) == ("revoked", "identity_error")
    assert await listed(gateway, (await get(gateway, f"{newer}/credential")).text) == 1
    theirs = f"applications/{other['application_id']}/credential"
    assert await listed(gateway, (await get(gateway, theirs, GIA_HUY)).text) == 0
    assert (await gateway.get("/certificates/v1/status-lists/1")).status_code == 404
    verdict = await gateway.post("/certificates/v1/verify", json={"code": after["code"]})
    assert verdict.json()["verdict"] == "revoked"


async def test_only_ones_own_certificate_can_be_renewed(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """Otherwise anyone could put a stranger's certificate out of force."""
    first = await issue(app, gateway)
    other_form: dict[str, Any] = {"certificate_type": 2, "passcode": "482913"}
    for subject, body in ((GIA_HUY, {}), (MINH_ANH, other_form)):
        refused = await post(
            gateway,
            "applications",
            subject,
            **{"certificate_type": 1, "purpose": "study", **body},
            renews=first["application_id"],
        )
        assert refused.json()["errors"][0] == {
            "field": "renews",
            "code": "not_renewable",
            "detail": "",
        }


@pytest.mark.parametrize(
    "key", [{}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, {"kty": "oct", "k": "AA"}]
)
async def test_a_holders_key_must_be_one(gateway: httpx.AsyncClient, key: dict[str, str]) -> None:
    """A twin bound to nonsense could be shown by nobody."""
    body: dict[str, Any] = {"certificate_type": 1, "purpose": "study", "holder_key": key}
    refused = await post(gateway, "applications", **body)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "not_a_key")
