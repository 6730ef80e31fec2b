"""What a gate is given beforehand: the issuer's keys and the list of refused cards."""

from __future__ import annotations

import io
import json
import re
import sys
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_KEY_NUMBERS = range(16)
_ID_BYTES = 8
_CARD_ID = re.compile(r"[0-9a-fA-F]{16}")


class GateError(Exception):
    """What a gate was given cannot be used; the message is one sentence for its keeper."""


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """One issuer key; `first_slot` and `last_slot` bound the slots it may sign, both included."""

    number: int
    public_key: Ed25519PublicKey
    first_slot: int = 0
    last_slot: int = 0xFFFFFFFF


class KeySet:
    """The issuer keys by their number (0 to 15)."""

    def __init__(self, keys: Iterable[IssuerKey] = ()) -> None:
        self._keys = {key.number: key for key in keys}

    def find(self, number: int, slot: int) -> IssuerKey | None:
        """The key of that number when it is valid for that slot."""
        key = self._keys.get(number)
        return key if key and key.first_slot <= slot <= key.last_slot else None

    @classmethod
    def load(cls, path: Path) -> KeySet:
        """Reads `{"keys": [{"number": 3, "public_key": "hex"}]}`; raises GateError."""
        try:
            found = json.loads(_text(path))
        except (ValueError, RecursionError) as error:
            raise GateError(f"The key file {path} is not JSON.") from error
        return cls.of_json(found, f"The key file {path}")

    @classmethod
    def of_json(cls, found: Any, name: str) -> KeySet:
        """The key set of a document as above; raises GateError, whose sentence begins with `name`."""
        try:
            keys = [_issuer_key(item) for item in found["keys"]]
        except (ValueError, TypeError, KeyError) as error:
            raise GateError(
                f"{name} must hold "
                '{"keys": [{"number": 0 to 15, "public_key": "64 hex digits"}]}.'
            ) from error
        if len({key.number for key in keys}) != len(keys):
            raise GateError(f"{name} names one key number twice.")
        return cls(keys)


class DenyList:
    """Refused card ids, sorted, eight bytes each in one piece: a million take 8 MB."""

    def __init__(self, card_ids: Iterable[int] = ()) -> None:
        ids = array("Q", card_ids)
        if any(before >= after for before, after in pairwise(ids)):
            ids = array("Q", sorted(set(ids)))
        if sys.byteorder == "little":
            ids.byteswap()
        self.ids = ids.tobytes()

    @classmethod
    def of_bytes(cls, ids: bytes) -> DenyList:
        """A list of ids that are sorted already, each 8 bytes big-endian."""
        found = cls()
        found.ids = ids
        return found

    def __contains__(self, card_id: bytes) -> bool:
        place = self._place(card_id)
        return self.ids[place : place + _ID_BYTES] == card_id

    def __len__(self) -> int:
        return len(self.ids) // _ID_BYTES

    def changed(self, removed: bytes, added: bytes) -> DenyList:
        """Another list, without the ids of `removed` and then with those of `added`, in one pass."""
        changes = dict.fromkeys(_each(removed), False) | dict.fromkeys(_each(added), True)
        out, done = bytearray(), 0
        for card_id, stays in sorted(changes.items()):
            place = self._place(card_id)
            out += self.ids[done:place]
            done = place + _ID_BYTES if self.ids[place : place + _ID_BYTES] == card_id else place
            out += card_id if stays else b""
        return DenyList.of_bytes(bytes(out + self.ids[done:]))

    def _place(self, card_id: bytes) -> int:
        """Where the id stands or would stand, in bytes."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            start = middle * _ID_BYTES
            if self.ids[start : start + _ID_BYTES] < card_id:
                low = middle + 1
            else:
                high = middle
        return low * _ID_BYTES

    @classmethod
    def load(cls, path: Path) -> DenyList:
        """Reads card ids of 16 hex digits, one a line; raises GateError naming the line."""
        card_ids = array("Q")
        for number, line in enumerate(io.StringIO(_text(path)), start=1):
            if word := line.strip():
                card_ids.append(_card_id(word, f"Line {number} of the deny list {path}"))
        return cls(card_ids)


def _each(ids: bytes) -> Iterator[bytes]:
    return (ids[start : start + _ID_BYTES] for start in range(0, len(ids), _ID_BYTES))


def _card_id(word: str, where: str) -> int:
    if not _CARD_ID.fullmatch(word):
        raise GateError(f"{where} is not a card id of 16 hex digits.")
    return int(word, 16)


def _issuer_key(item: dict[str, Any]) -> IssuerKey:
    """Raises ValueError, TypeError or KeyError for anything else than a key."""
    slots = {name: _number(item[name]) for name in ("first_slot", "last_slot") if name in item}
    number = _number(item["number"])
    if number not in _KEY_NUMBERS:
        raise ValueError("a key number is 0 to 15")
    public_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(item["public_key"]))
    return IssuerKey(number, public_key, **slots)


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a whole number is needed")
    return value


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a text file"
        raise GateError(f"The file {path} cannot be read: {reason}.") from error
