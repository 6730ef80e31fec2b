"""Whoever takes a payment: what the QR code says, and how its callbacks are proved.

The sandbox's bank moves no money: its account does not exist, and its callbacks are signed with
the office's own secret.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Protocol

from gateway.secret_file import keyed

SANDBOX = "sandbox"


class PaymentProvider(Protocol):
    """What the gateway asks whoever takes payments."""

    @property
    def name(self) -> str:
        """Such as sandbox."""
        ...

    def qr(self, payment_id: str, amount: int) -> str:
        """The text of the QR code that asks for `amount` VND."""
        ...

    def proves(self, body: bytes, signature: str) -> bool:
        """Whether a callback's body comes from the provider."""
        ...


class SandboxBank:
    """The sandbox twin: a QR code in VietQR's form for an account that does not exist."""

    name = SANDBOX

    def __init__(self, secret: bytes) -> None:
        self._key = bytes.fromhex(keyed(secret, "payment-callback"))

    def qr(self, payment_id: str, amount: int) -> str:
        """EMVCo text with a bank number that no bank has."""
        return viet_qr("000000", "SANDBOX", amount, f"IHANOI {payment_id[:12]}")

    def sign(self, body: bytes) -> str:
        """The signature that the sandbox's bank puts under a callback."""
        return hmac.digest(self._key, body, hashlib.sha256).hex()

    def proves(self, body: bytes, signature: str) -> bool:
        """Whether the signature is HMAC-SHA256 over the body, in hex."""
        return hmac.compare_digest(self.sign(body), signature.lower())


def viet_qr(bank: str, account: str, amount: int, note: str) -> str:
    """A dynamic VietQR (EMVCo merchant-presented mode): tags, lengths, values, and a checksum."""
    receiver = _tag("00", "A000000727") + _tag("01", _tag("00", bank) + _tag("01", account))
    text = (
        _tag("00", "01")
        + _tag("01", "12")
        + _tag("38", receiver + _tag("02", "QRIBFTTA"))
        + _tag("53", "704")
        + _tag("54", str(amount))
        + _tag("58", "VN")
        + _tag("62", _tag("08", note))
        + "6304"
    )
    return f"{text}{crc16(text.encode('ascii')):04X}"


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: 29B1 for 123456789."""
    register = 0xFFFF
    for byte in data:
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ (0x1021 if register & 0x8000 else 0)
        register &= 0xFFFF
    return register


def _tag(number: str, value: str) -> str:
    return f"{number}{len(value):02d}{value}"
