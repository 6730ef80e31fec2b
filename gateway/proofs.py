"""Proof of possession (DPoP, RFC 9449): who shows a bound token also shows that they hold its key.

A proof is good for one call, once. It has to carry a nonce of this process, so that none can be
made ahead, kept for later, or shown to another process; and this process remembers every proof it
has seen for as long as its nonce is good. When that memory is full, the nonces end early.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import jwt
from jwt.types import Options

ALGORITHM = "ES256"
NONCE_SECONDS = 300
"""A nonce is given out for so long and accepted for as long again: a slow upload outlives neither."""
PROOFS_KEPT = 100_000
_AGE, _AHEAD = 300, 60
_LONGEST = 4096
_JWK = ("crv", "kty", "x", "y")
_CLAIMS = {"jti": str, "htm": str, "htu": str, "iat": int}


class ProofError(Exception):
    """A proof that proves nothing.

    `code` is RFC 9449's: `invalid_dpop_proof`, or `use_dpop_nonce` for one that must be made again
    with the nonce that comes with the refusal.
    """

    def __init__(self, code: str = "invalid_dpop_proof") -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class _Epoch:
    nonce: str = field(repr=False)
    began: float
    seen: set[bytes] = field(default_factory=set, repr=False)


class Proofs:
    """Checks the proofs that are shown to one server, and gives out its nonces."""

    def __init__(self, clock: Callable[[], datetime], kept: int = PROOFS_KEPT) -> None:
        self._clock, self._kept = clock, kept
        self._epochs: list[_Epoch] = []

    @property
    def nonce(self) -> str:
        """The nonce for the next proof, to be given out as `DPoP-Nonce`."""
        return self._living()[-1].nonce

    def check(
        self,
        shown: Collection[str],
        method: str,
        addresses: Collection[str],
        access_token: str | None = None,
    ) -> str:
        """Return the thumbprint (RFC 7638) of the key that proved this call.

        `shown` are the values of the `DPoP` header, `addresses` what this resource is called, and
        `access_token` what the proof has to go with. Raises ProofError.
        """
        if len(shown) != 1:
            raise ProofError
        (proof,) = shown
        key, claims = _verified(proof)
        self._check_call(claims, method, addresses)
        if access_token is not None and not _same(claims.get("ath"), _s256(access_token)):
            raise ProofError
        self._remember(key, claims)
        return key

    def _check_call(
        self, claims: Mapping[str, Any], method: str, addresses: Collection[str]
    ) -> None:
        if claims["htm"] != method or _bare(claims["htu"]) not in {_bare(one) for one in addresses}:
            raise ProofError
        if not any(_same(claims.get("nonce"), each.nonce) for each in self._accepting()):
            raise ProofError("use_dpop_nonce")
        age = self._clock().timestamp() - claims["iat"]
        if not -_AHEAD <= age <= _AGE:
            raise ProofError

    def _remember(self, key: str, claims: Mapping[str, Any]) -> None:
        """Refuse a proof that was seen before. There is no waiting between looking and noting."""
        epoch = next(each for each in self._epochs if each.nonce == claims["nonce"])
        once = hashlib.blake2b(f"{key} {claims['jti']}".encode(), digest_size=16).digest()
        if once in epoch.seen:
            raise ProofError
        epoch.seen.add(once)

    def _accepting(self) -> list[_Epoch]:
        return [each for each in self._living() if len(each.seen) < self._kept]

    def _living(self) -> list[_Epoch]:
        now = self._clock().timestamp()
        found = [each for each in self._epochs if now - each.began < 2 * NONCE_SECONDS]
        newest = found[-1] if found else None
        if newest is None or now - newest.began >= NONCE_SECONDS or len(newest.seen) >= self._kept:
            found = [*found[-1:], _Epoch(secrets.token_urlsafe(16), now)]
        self._epochs = found
        return found


def _verified(proof: str) -> tuple[str, dict[str, Any]]:
    """The key's thumbprint and the claims of a well-made proof. Raises ProofError."""
    try:
        header = _header(proof) if len(proof) <= _LONGEST else {}
        key = _public_key(header)
        claims = jwt.decode(proof, key.key, algorithms=[ALGORITHM], options=_UNTIMED)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise ProofError from error
    for name, kind in _CLAIMS.items():
        if type(claims.get(name)) is not kind or not claims[name]:
            raise ProofError
    return thumbprint(header["jwk"]), claims


def _header(proof: str) -> dict[str, Any]:
    """The header, read once: PyJWT reads the whole proof for it, and again to verify it."""
    head = proof.partition(".")[0]
    found = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    if not isinstance(found, dict):
        raise ProofError
    return found


_UNTIMED: Options = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
}
"""Times are checked by our own clock, and a proof has no audience."""


def _public_key(header: Mapping[str, Any]) -> jwt.PyJWK:
    """The key a proof is signed with, which it carries itself. Raises ProofError."""
    jwk = header.get("jwk")
    if header.get("typ") != "dpop+jwt" or header.get("alg") != ALGORITHM:
        raise ProofError
    if not isinstance(jwk, dict) or "d" in jwk or (jwk.get("kty"), jwk.get("crv")) != _CURVE:
        raise ProofError
    return jwt.PyJWK({name: jwk.get(name) for name in _JWK}, ALGORITHM)


_CURVE = ("EC", "P-256")


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The RFC 7638 thumbprint of an elliptic-curve key."""
    canonical = {name: jwk[name] for name in _JWK}
    return _s256(json.dumps(canonical, sort_keys=True, separators=(",", ":")))


def _s256(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _same(one: Any, other: str) -> bool:
    return isinstance(one, str) and secrets.compare_digest(one.encode(), other.encode())


def _bare(address: str) -> str:
    """An address without query and fragment, scheme and host in lower case and the scheme's own
    port left out (section 4.3, RFC 3986 section 6.2.3).
    """
    base = address.partition("#")[0].partition("?")[0]
    scheme, _, rest = base.partition("://")
    host, slash, path = rest.partition("/")
    port = _OWN_PORT.get(scheme.lower(), "")
    return f"{scheme.lower()}://{host.lower().removesuffix(port)}{slash}{path}"


_OWN_PORT = {"https": ":443", "http": ":80"}
