"""The gate against the published vectors: any other implementation must be able to rely on them."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gate.code import Gate, check, read
from gate.keys import DenyList, IssuerKey, KeySet
from gate.memory import Memory

DOCUMENT = json.loads(
    (Path(__file__).parents[2] / "docs/card-code-vectors.json").read_text(encoding="utf-8")
)


def _gate() -> Gate:
    public_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(DOCUMENT["issuer_public_key"]))
    deny = DenyList(int(card_id, 16) for card_id in DOCUMENT["deny"])
    return Gate(KeySet([IssuerKey(DOCUMENT["issuer_key_number"], public_key)]), deny)


@pytest.mark.parametrize("vector", DOCUMENT["vectors"], ids=lambda vector: str(vector["t"]))
def test_a_published_code_reads_as_what_it_was_made_from(vector: dict[str, Any]) -> None:
    """A gate that read another card or hour out of it would refuse honest residents."""
    code = read(vector["text"])
    assert code is not None
    assert code.card_id.hex() == vector["card_id"]
    assert (code.product, code.group) == (vector["product"], vector["group"])
    assert (code.valid_until, code.step) == (vector["valid_until"], vector["step"])
    assert (code.grant.hex(), code.link.hex()) == (vector["grant"], vector["link"])
    assert code.raw.hex().startswith(vector["header"])


@pytest.mark.parametrize("vector", DOCUMENT["vectors"], ids=lambda vector: str(vector["t"]))
def test_a_published_code_is_accepted_at_its_moment(vector: dict[str, Any]) -> None:
    """The chain and the signature hold as the specification says."""
    answer = check(vector["text"], _gate(), Memory(), vector["t"])
    assert answer.verdict == "accepted"


@pytest.mark.parametrize(
    ("place", "case"),
    list(enumerate(DOCUMENT["checks"])),
    ids=[f"{item['verdict']}-{place}" for place, item in enumerate(DOCUMENT["checks"])],
)
def test_a_gate_answers_each_published_check_with_its_word(
    place: int, case: dict[str, Any]
) -> None:
    """Two gates of different make must open and stay shut for the same codes."""
    gate = _gate()
    if case["verdict"] == "wrong_product":
        gate = Gate(gate.keys, gate.deny, frozenset({1}))
    assert check(case["text"], gate, Memory(), DOCUMENT["at"]).verdict == case["verdict"]
