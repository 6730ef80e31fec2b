"""SMART Health Cards: a signed, packed Bundle as text or QR code (HL7 STU 1, from spec 1.4)."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt

from services.errors import Rejected
from services.health_sharing.jwe import decode, inflate

_NUMERIC = re.compile(r"shc:/((?:\d\d)+)\s*")
_PART = re.compile(r"shc:/\d+/\d+/\d+\s*")
_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_OFFSET = 45


@dataclass(frozen=True, slots=True)
class HealthCard:
    """What a card says, before anything of it is checked. `issuer` is an https address."""

    jws: str = field(repr=False)
    issuer: str
    key_id: str
    issued_at: datetime | None
    expires_at: datetime | None
    revocation_id: str
    bundle: Mapping[str, Any] = field(repr=False)


def is_card(text: str) -> bool:
    """Whether a text looks like a health card: numbers of a QR code, or a JWS that is packed."""
    plain = text.strip()
    if _NUMERIC.fullmatch(plain) or _PART.fullmatch(plain):
        return True
    return _JWS.fullmatch(plain) is not None and _header(plain).get("zip") == "DEF"


def cards_of_file(data: bytes) -> list[str]:
    """The cards' JWS in a `.smart-health-card` file. Raises Rejected(`health_card_unreadable`)."""
    try:
        listed = json.loads(data)["verifiableCredential"]
    except (ValueError, KeyError, TypeError, RecursionError):
        listed = None
    found = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    if not found:
        raise Rejected("health_card_unreadable")
    return found[:20]


def read_card(text: str) -> HealthCard:
    """Read a card. Raises Rejected: `health_card_unreadable`, `health_card_part` for one of several codes."""
    jws = _jws_of(text.strip())
    try:
        _header_part, payload, _signature = jws.split(".")
        claims = json.loads(inflate(decode(payload)))
        subject = claims["vc"]["credentialSubject"]
        bundle = subject["fhirBundle"]
    except (ValueError, KeyError, TypeError, zlib.error, RecursionError):
        raise Rejected("health_card_unreadable") from None
    if not isinstance(bundle, dict):
        raise Rejected("health_card_unreadable")
    return HealthCard(
        jws=jws,
        issuer=str(claims.get("iss", "")),
        key_id=str(_header(jws).get("kid", "")),
        issued_at=_moment(claims.get("nbf")),
        expires_at=_moment(claims.get("exp")),
        revocation_id=str(claims["vc"].get("rid", "")),
        bundle=bundle,
    )


def key_of(card: HealthCard, key_set: Any) -> Mapping[str, Any] | None:
    """The issuer's published key that the card names, if it is one the standard allows."""
    keys = key_set.get("keys") if isinstance(key_set, dict) else None
    for key in keys if isinstance(keys, list) else []:
        if isinstance(key, dict) and key.get("kid") == card.key_id and _usable(key):
            return key
    return None


def is_signed_by(card: HealthCard, key: Mapping[str, Any]) -> bool:
    """Whether the key made the card's signature (ES256)."""
    try:
        public = jwt.PyJWK(dict(key), algorithm="ES256")
        jwt.PyJWS().decode(card.jws, public, algorithms=["ES256"])
    except (jwt.PyJWTError, ValueError, TypeError):
        return False
    return True


def is_revoked(card: HealthCard, revoked: Any) -> bool:
    """Whether the issuer's revocation list names the card (with `.time`: only if issued before)."""
    listed = revoked.get("rids") if isinstance(revoked, dict) else None
    for entry in listed if isinstance(listed, list) else []:
        identifier, _, until = str(entry).partition(".")
        if card.revocation_id and identifier == card.revocation_id:
            before = _moment(float(until)) if until.isdigit() else None
            return before is None or card.issued_at is None or card.issued_at < before
    return False


def _jws_of(text: str) -> str:
    if _PART.fullmatch(text):
        raise Rejected("health_card_part")
    found = _NUMERIC.fullmatch(text)
    if found is None:
        return text
    digits = found[1]
    letters = (int(digits[at : at + 2]) + _OFFSET for at in range(0, len(digits), 2))
    return "".join(map(chr, letters))


def _header(jws: str) -> dict[str, Any]:
    try:
        header = json.loads(decode(jws.split(".", maxsplit=1)[0]))
    except (ValueError, RecursionError):
        return {}
    return header if isinstance(header, dict) else {}


def _usable(key: Mapping[str, Any]) -> bool:
    """EC P-256 for ES256 signatures, public, and named by its own thumbprint (RFC 7638)."""
    wanted = {"kty": "EC", "use": "sig", "alg": "ES256", "crv": "P-256"}
    if "d" in key or any(key.get(name) != value for name, value in wanted.items()):
        return False
    members = {name: key.get(name) for name in ("crv", "kty", "x", "y")}
    text = json.dumps(members, separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256(text.encode()).digest()
    return key.get("kid") == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None
