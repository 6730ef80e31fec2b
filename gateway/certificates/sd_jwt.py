"""SD-JWT with key binding, flat: made and checked (RFC 9901; SD-JWT VC draft, `dc+sd-jwt`)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)

TYPE, BINDING_TYPE, ALGORITHM = "dc+sd-jwt", "kb+jwt", "ES256"
KEY_BINDING_SECONDS = 600
RESERVED = frozenset({"_sd", "_sd_alg", "...", "iss", "iat", "vct", "status", "cnf"})


class NotAcceptableError(Exception):
    """The presentation cannot be accepted; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Presented:
    """A checked SD-JWT: what is always visible, and the claims that were disclosed."""

    payload: dict[str, Any] = field(repr=False)
    claims: dict[str, Any] = field(repr=False)


def make(
    key: EllipticCurvePrivateKey,
    header: Mapping[str, Any],
    visible: Mapping[str, Any],
    claims: Mapping[str, Any],
) -> str:
    """Sign `visible` together with the digests of `claims`; every claim is disclosed."""
    disclosures = [_encode([_salt(), name, value]) for name, value in claims.items()]
    payload = {
        **visible,
        "_sd": sorted(digest(disclosure) for disclosure in disclosures),
        "_sd_alg": "sha-256",
    }
    signed = jwt.encode(payload, key, ALGORITHM, headers={**header, "typ": TYPE})
    return "~".join([signed, *disclosures, ""])


def check(sd_jwt: str, key: EllipticCurvePublicKey) -> Presented:
    """Check the issuer's signature and every disclosure of an SD-JWT without key binding.

    Raises NotAcceptableError: unreadable, bad_signature.
    """
    signed, *disclosures, binding = _parts(sd_jwt)
    if binding:
        raise NotAcceptableError("unreadable")
    payload = _payload(signed, key)
    return Presented(payload, _disclosed(payload, disclosures))


def check_binding(
    presentation: str, key: EllipticCurvePublicKey, *, audience: str, nonce: str, at: datetime
) -> Presented:
    """Check an SD-JWT with its key binding, made for that audience and nonce within ten minutes.

    Raises NotAcceptableError: unreadable, bad_signature, bad_key_binding.
    """
    signed, *disclosures, binding = _parts(presentation)
    payload = _payload(signed, key)
    claims = _disclosed(payload, disclosures)
    bound = presentation[: len(presentation) - len(binding)]
    try:
        holder = jwt.PyJWK(payload["cnf"]["jwk"], algorithm=ALGORITHM)
        if jwt.get_unverified_header(binding).get("typ") != BINDING_TYPE:
            raise NotAcceptableError("bad_key_binding")
        said = jwt.decode(
            binding,
            holder,
            algorithms=[ALGORITHM],
            audience=audience,
            options={"require": ["iat", "aud", "nonce", "sd_hash"], "verify_iat": False},
        )
        made = float(said["iat"])
    except (jwt.PyJWTError, KeyError, TypeError, ValueError):
        raise NotAcceptableError("bad_key_binding") from None
    fresh = abs(at.timestamp() - made) <= KEY_BINDING_SECONDS
    if not fresh or said["nonce"] != nonce or said["sd_hash"] != digest(bound):
        raise NotAcceptableError("bad_key_binding")
    return Presented(payload, claims)


def digest(text: str) -> str:
    """SHA-256 over the text as it stands, in base64url."""
    return _base64(hashlib.sha256(text.encode("ascii")).digest())


def _parts(text: str) -> list[str]:
    parts = text.split("~")
    if not text.isascii() or len(parts) < 2:
        raise NotAcceptableError("unreadable")
    return parts


def _payload(signed: str, key: EllipticCurvePublicKey) -> dict[str, Any]:
    try:
        if jwt.get_unverified_header(signed).get("typ") != TYPE:
            raise NotAcceptableError("unreadable")
        options: Any = {"verify_iat": False, "verify_aud": False}
        payload: dict[str, Any] = jwt.decode(signed, key, algorithms=[ALGORITHM], options=options)
    except jwt.InvalidSignatureError:
        raise NotAcceptableError("bad_signature") from None
    except (jwt.PyJWTError, TypeError, ValueError):
        raise NotAcceptableError("unreadable") from None
    return payload


def _disclosed(payload: Mapping[str, Any], disclosures: list[str]) -> dict[str, Any]:
    """Each disclosure must be one that was signed, given once, and replace nothing."""
    signed, claims = set(payload.get("_sd", [])), {}
    for disclosure in disclosures:
        try:
            _, name, value = _decode(disclosure)
        except (TypeError, ValueError):
            raise NotAcceptableError("unreadable") from None
        if digest(disclosure) not in signed or name in claims or name in RESERVED:
            raise NotAcceptableError("bad_signature")
        claims[name] = value
    return claims


def _salt() -> str:
    return secrets.token_urlsafe(16)


def _encode(value: list[Any]) -> str:
    return _base64(json.dumps(value, ensure_ascii=False).encode())


def _decode(text: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
