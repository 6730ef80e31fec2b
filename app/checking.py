"""The gate's check behind the services' `CardChecker`: what an inspector's screen asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gate.code import Gate, check
from gate.keys import DenyList, IssuerKey, KeySet
from gate.memory import Memory
from services.card_inspection import CheckedCode


class GateChecker:
    """Checks as a gate that takes every product and has never seen the card."""

    def check(
        self, text: str, keys: Sequence[Mapping[str, Any]], denied: Sequence[str], now: float
    ) -> CheckedCode:
        """Answer for a code at `now` (UTC seconds)."""
        known = KeySet(_key(item) for item in keys)
        gate = Gate(known, DenyList(int(card_id, 16) for card_id in denied))
        memory = Memory()
        try:
            answer = check(text, gate, memory, now)
        finally:
            memory.close()
        code = answer.code
        if code is None:
            return CheckedCode(str(answer.verdict))
        return CheckedCode(
            str(answer.verdict), code.card_id.hex(), code.product, code.group, code.valid_until
        )


def _key(item: Mapping[str, Any]) -> IssuerKey:
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(item["public_key"]))
    slots = {name: item[name] for name in ("first_slot", "last_slot") if name in item}
    return IssuerKey(item["number"], public, **slots)
