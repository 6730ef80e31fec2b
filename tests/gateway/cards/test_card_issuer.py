"""The issuer's bytes and keys, and the registers a card is made from."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.cards.issuer import Entitlement, IssuerKey, grant, header, issuer_keys
from gateway.registers.passes import SandboxPasses
from gateway.registers.population import SandboxPopulation, sandbox_residents

DOCUMENT = json.loads(
    (Path(__file__).parents[3] / "docs/card-code-vectors.json").read_text(encoding="utf-8")
)
KEY = IssuerKey(
    DOCUMENT["issuer_key_number"],
    Ed25519PrivateKey.from_private_bytes(bytes.fromhex(DOCUMENT["issuer_private_key"])),
)
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("vector", DOCUMENT["vectors"], ids=lambda vector: str(vector["t"]))
def test_the_issuer_makes_the_published_headers_and_grants(vector: dict[str, Any]) -> None:
    """Any device and any gate must be able to rely on this issuer."""
    holds = Entitlement(vector["product"], vector["group"], vector["valid_until"])
    made = header(KEY, bytes.fromhex(vector["card_id"]), vector["t"] // 3600, holds)
    assert made.hex() == vector["header"]
    assert grant(KEY, made, bytes.fromhex(vector["anchor"])).hex() == vector["grant"]
    assert KEY.public_key.hex() == DOCUMENT["issuer_public_key"]


def test_a_key_file_added_later_signs_and_the_older_one_stays_known(tmp_path: Path) -> None:
    """Keys can be changed without stopping the cards that are out."""
    [first] = issuer_keys(tmp_path)
    pem = (tmp_path / "card-issuer-01.pem").read_bytes()
    (tmp_path / "card-issuer-10.pem").write_bytes(pem)
    (tmp_path / "card-issuer-02.pem").write_bytes(pem)
    assert [key.number for key in issuer_keys(tmp_path)] == [1, 2, 10]
    assert issuer_keys(tmp_path)[0].public_key == first.public_key
    assert list(tmp_path.glob("tmp*")) == []


def test_a_key_number_that_does_not_fit_the_header_is_refused(tmp_path: Path) -> None:
    """A seventeenth key would be published as another one."""
    issuer_keys(tmp_path)
    (tmp_path / "card-issuer-01.pem").rename(tmp_path / "card-issuer-16.pem")
    with pytest.raises(ValueError, match="card-issuer-16"):
        issuer_keys(tmp_path)


async def test_everyone_who_signs_in_has_a_pass_but_the_newcomer() -> None:
    """The sandbox shows a card to whoever tries it, and an empty screen to one."""
    passes = SandboxPasses(SandboxPopulation())
    without = {
        person.key
        for person in sandbox_residents()
        if await passes.find(person.subject, TODAY) is None
    }
    assert without == {"vu-khanh-linh", "pham-khanh-vy", "le-bao-ngoc", "le-minh-khoi"}


async def test_a_fare_class_never_says_why() -> None:
    """Whoever stands behind an elderly or a poor resident learns "free", and no more."""
    passes = SandboxPasses(SandboxPopulation())
    lan = await passes.find("sandbox-pham-thi-lan", TODAY)
    assert lan is not None
    assert (lan.group.number, lan.group.name["vi"]) == (2, "Miễn phí")
    huy = await passes.find("sandbox-tran-gia-huy", TODAY)
    assert huy is not None
    assert huy.group.name["vi"] == "Ưu tiên"


async def test_a_sandbox_pass_always_covers_the_coming_three_days() -> None:
    """On the last of a month the phone must still work offline for 72 hours."""
    passes = SandboxPasses(SandboxPopulation())
    for day in range(800):
        today = TODAY + timedelta(days=day)
        found = await passes.find("sandbox-nguyen-minh-anh", today)
        assert found is not None
        assert found.valid_from <= today
        assert found.valid_until >= today + timedelta(days=4)


async def test_card_numbers_differ_and_stay() -> None:
    """A resident reads the number to the hotline; it must be theirs tomorrow too."""
    passes = SandboxPasses(SandboxPopulation())
    found = [await passes.find(person.subject, TODAY) for person in sandbox_residents()]
    numbers = [held.number for held in found if held]
    assert len(set(numbers)) == len(numbers)
    again = await passes.find(sandbox_residents()[0].subject, date(2027, 3, 1))
    assert again is not None
    assert again.number == numbers[0]
    assert len(again.number) == 12
