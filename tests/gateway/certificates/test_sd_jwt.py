"""SD-JWT with key binding, both ways with the independent package `sd-jwt`."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.certificates import sd_jwt
from tests.support import sd_jwt_twin

DEVICE = ec.generate_private_key(ec.SECP256R1())


def test_we_read_what_the_independent_package_makes() -> None:
    """Both ways: its issuer and its holder, our check; and what is changed is refused."""
    issuer = ec.generate_private_key(ec.SECP256R1())
    made = sd_jwt_twin.issued({"name": "Lê Thị Thử", "result": "clear"}, issuer, DEVICE)
    assert sd_jwt.check(made, issuer.public_key()).claims["name"] == "Lê Thị Thử"
    shown = sd_jwt_twin.presented(made, ["result"], DEVICE, "n1", "https://a.test")
    now = datetime.now(UTC)

    def read(text: str, **changes: Any) -> sd_jwt.Presented:
        wanted = {"audience": "https://a.test", "nonce": "n1", "at": now, **changes}
        return sd_jwt.check_binding(text, issuer.public_key(), **wanted)

    assert read(shown).claims == {"result": "clear"}
    signed, disclosure, binding = shown.split("~")
    forged = base64.urlsafe_b64encode(json.dumps(["s", "result", "no"]).encode()).decode()
    wrong = {
        f"{signed}~{forged.rstrip('=')}~{binding}": "bad_signature",
        f"{signed}~{disclosure}~{disclosure}~{binding}": "bad_signature",
        f"{signed}~{binding}": "bad_key_binding",
        f"{signed[:-6]}AAAAAA~{disclosure}~{binding}": "bad_signature",
        f"{signed}~{disclosure}~": "bad_key_binding",
        f"{signed}~{disclosure}~{signed}": "bad_key_binding",
        "nonsense": "unreadable",
        "~~~": "unreadable",
        "ế~": "unreadable",
    }
    for text, code in wrong.items():
        with pytest.raises(sd_jwt.NotAcceptableError) as refused:
            read(text)
        assert refused.value.code == code, text[-40:]
    for changes in ({"nonce": "n2"}, {"audience": "b"}, {"at": datetime(2030, 1, 1, tzinfo=UTC)}):
        with pytest.raises(sd_jwt.NotAcceptableError):
            read(shown, **changes)
