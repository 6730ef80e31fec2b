"""The five fields that prove that one holds a certificate, beside its number."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

_GENDERS = {"nữ": "female", "nam": "male", "khác": "other"}


@dataclass(frozen=True, slots=True)
class Fields:
    """What a checker types from paper: the number, and what stands beside it on the certificate."""

    number: str
    file_code: str = field(repr=False)
    name: str = field(repr=False)
    birthdate: str = field(repr=False)
    gender: str = field(repr=False)
    identity_number: str = field(repr=False)

    def match(self, file_code: str, identity: Mapping[str, str]) -> bool:
        """Whether all five are those of the certificate, compared in one step of constant time."""
        typed = (
            _code(self.file_code),
            _name(self.name),
            _date(self.birthdate),
            _gender(self.gender),
            re.sub(r"\D", "", self.identity_number),
        )
        kept = (
            _code(file_code),
            _name(identity.get("name", "")),
            identity.get("birthdate", ""),
            identity.get("gender", ""),
            identity.get("identity_number", ""),
        )
        return hmac.compare_digest(_digest(typed), _digest(kept)) and all(kept)


def normal_number(text: str) -> str:
    """A number as it is stored, however it was typed: "mau 42" gives "MẪU-000042"."""
    digits = re.sub(r"\D", "", text)[-12:]
    return f"MẪU-{int(digits or 0):06d}"


def _code(text: str) -> str:
    """Letters and figures alone: dashes and spaces are typed in many ways."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def _name(text: str) -> str:
    """Composed letters in one case with single spaces: people type their names in many ways."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _date(text: str) -> str:
    """`14/10/2026` or `2026-10-14` as the latter; anything else as it came."""
    found = re.fullmatch(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*", text)
    if found is None:
        return text.strip()
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return text.strip()


def _gender(text: str) -> str:
    typed = _name(text)
    return _GENDERS.get(typed, typed)


def _digest(parts: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\x00".join(parts).encode()).digest()
