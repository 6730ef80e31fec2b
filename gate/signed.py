"""What the root signed: the key set and the deny list (docs/card-code.md, "What gates fetch")."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gate.keys import DenyList, GateError, KeySet

_SIGNATURE_BYTES = 64
_HEAD = struct.Struct(">QQQ32s")
_CHANGE = struct.Struct(">QI")
_BODY_AT = _SIGNATURE_BYTES + _HEAD.size + _CHANGE.size
_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class SignedKeys:
    """A key set the root signed at `issued_at` (UTC seconds), for whoever sent `nonce`."""

    version: int
    issued_at: int
    nonce: str
    keys: KeySet


@dataclass(frozen=True, slots=True)
class SignedDeny:
    """A deny list the root signed at `issued_at` (UTC seconds)."""

    version: int
    issued_at: int
    deny: DenyList
    signed: bytes
    """Signature and head, which are good for this list alone."""

    @property
    def document(self) -> bytes:
        """The whole list with its signature, as kept in a file."""
        return self.signed + _CHANGE.pack(0, 0) + self.deny.ids


def open_keys(document: bytes, root: Ed25519PublicKey) -> SignedKeys:
    """The key set of a document; raises GateError when the root did not sign it."""
    body = document[_SIGNATURE_BYTES:]
    _demand_signature(document, b"hn-card-keys-v1" + body, root, "key set")
    try:
        found = json.loads(body)
        version, issued_at = int(found["version"]), int(found["issued_at"])
        nonce = str(found.get("nonce", ""))
    except (ValueError, TypeError, KeyError) as error:
        raise GateError(
            "The signed key set cannot be read: this gate is too old for it."
        ) from error
    return SignedKeys(version, issued_at, nonce, KeySet.of_json(found, "The signed key set"))


def open_deny(document: bytes, root: Ed25519PublicKey, known: SignedDeny | None) -> SignedDeny:
    """The list of a document, which is whole or says what changed since `known`.

    Raises GateError when the root did not sign it, and DeltaError when the changes do not lead
    from `known` to what the root signed: then the whole list is needed.
    """
    head = document[_SIGNATURE_BYTES : _SIGNATURE_BYTES + _HEAD.size]
    _demand_signature(document, b"hn-card-deny-v1" + head, root, "deny list")
    if len(document) < _BODY_AT or (len(document) - _BODY_AT) % _ID_BYTES:
        raise GateError("The signed deny list is cut off.")
    version, issued_at, count, digest = _HEAD.unpack(head)
    base, removals = _CHANGE.unpack(document[_SIGNATURE_BYTES + _HEAD.size : _BODY_AT])
    added_at = _BODY_AT + removals * _ID_BYTES
    removed, added = document[_BODY_AT:added_at], document[added_at:]
    if base == 0:
        deny = DenyList.of_bytes(added)
    elif known is not None and base == known.version:
        deny = known.deny.changed(removed, added)
    else:
        raise DeltaError("The changes of the deny list are for another version.")
    if len(deny) != count or hashlib.sha256(deny.ids).digest() != digest:
        raise DeltaError("The deny list is not the one that the root signed.")
    return SignedDeny(version, issued_at, deny, document[: _SIGNATURE_BYTES + _HEAD.size])


class DeltaError(GateError):
    """The changes do not lead to the signed list: the whole list has to be fetched."""


def _demand_signature(document: bytes, message: bytes, root: Ed25519PublicKey, name: str) -> None:
    try:
        root.verify(document[:_SIGNATURE_BYTES], message)
    except InvalidSignature as error:
        raise GateError(
            f"The {name} is not signed by the root that is pinned in this gate."
        ) from error
