"""The certificate's machine-readable twin: an SD-JWT VC with its place in the status list."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from gateway.certificates import sd_jwt
from gateway.certificates.authority import Authority
from gateway.working_time import HANOI

TYPE_NAME = "urn:ihanoi:sandbox:criminal-record-certificate:1"
LIST_SIZE = 100_000
"""How many certificates share one status list."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the credential says; `entries` are the convictions as they stand on the form."""

    number: str
    certificate_type: int
    identity: Mapping[str, str] = field(repr=False)
    purpose: str = field(repr=False)
    entries: tuple[Mapping[str, Any], ...] = field(repr=False)
    issued_datetime: datetime
    status_index: int


def issue(
    authority: Authority, facts: Facts, api_url: str, holder_key: Mapping[str, str] | None
) -> str:
    """The SD-JWT VC of a certificate, every claim disclosed; bound to the device's public key
    where there is one.
    """
    visible: dict[str, Any] = {
        "iss": issuer(api_url),
        "iat": int(facts.issued_datetime.timestamp()),
        "vct": TYPE_NAME,
        "status": {"status_list": place(facts.status_index, api_url)},
    }
    if holder_key is not None:
        visible["cnf"] = {"jwk": dict(holder_key)}
    chain = [authority.credential.certificate, authority.root.certificate]
    encoded = [
        base64.b64encode(one.public_bytes(serialization.Encoding.DER)).decode() for one in chain
    ]
    header = {"kid": key_id(authority), "x5c": encoded}
    return sd_jwt.make(authority.credential.key, header, visible, _claims(facts))


def issuer(api_url: str) -> str:
    """The issuer's identifier: an address under which its keys stand."""
    return f"{api_url}/certificates/v1"


def place(index: int, api_url: str) -> dict[str, Any]:
    """Where the status list says whether the certificate is in force (Token Status List)."""
    return {
        "idx": index % LIST_SIZE,
        "uri": f"{api_url}/certificates/v1/status-lists/{index // LIST_SIZE}",
    }


def public_key(authority: Authority) -> EllipticCurvePublicKey:
    """The issuer's public key."""
    return authority.credential.key.public_key()


def key_id(authority: Authority) -> str:
    """The key's name: the serial number of its certificate, in hex."""
    return f"{authority.credential.certificate.serial_number:x}"


def key_set(authority: Authority) -> dict[str, Any]:
    """The issuer's keys as a JWK set (RFC 7517)."""
    key = jwt.algorithms.ECAlgorithm.to_jwk(public_key(authority), as_dict=True)
    return {"keys": [{**key, "kid": key_id(authority), "use": "sig", "alg": sd_jwt.ALGORITHM}]}


def _claims(facts: Facts) -> dict[str, Any]:
    issued: date = facts.issued_datetime.astimezone(HANOI).date()
    in_force = any(not entry["spent"] for entry in facts.entries)
    found = {
        "number": facts.number,
        "certificate_type": facts.certificate_type,
        "name": facts.identity["name"],
        "birthdate": facts.identity["birthdate"],
        "gender": facts.identity["gender"],
        "identity_number": facts.identity["identity_number"],
        "address": facts.identity["address"],
        "purpose": facts.purpose,
        "result": "has_entries" if in_force else "clear",
        "issued_date": issued.isoformat(),
    }
    return found | ({"entries": [dict(one) for one in facts.entries]} if facts.entries else {})
