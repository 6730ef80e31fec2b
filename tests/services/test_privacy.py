"""What lies on this device, and what an export takes along from it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from services.errors import GatewayUnavailable
from services.privacy import EXPORTED, GUARDS, TIED, Privacy
from services.vault import Vault

MINE, THEIRS = "minh-anh", "gia-huy"


class City:
    """A gateway that gives one file."""

    def __init__(self, file: bytes) -> None:
        self.file = file

    async def get_bytes(self, path: str, **how: Any) -> bytes:
        return self.file


def zipped(name: str = "index.html") -> bytes:
    """A zip with one file in it."""
    out = io.BytesIO()
    with ZipFile(out, "w") as file:
        file.writestr(name, "x")
    return out.getvalue()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault of two residents."""
    return Vault(tmp_path / "vault.sqlite3", bytes(32))


def privacy_of(vault: Vault, subject: str = MINE, file: bytes = b"") -> Privacy:
    """The rights of one of them."""
    return Privacy(City(file), vault.for_subject(subject))  # type: ignore[arg-type]


async def test_what_lies_here_is_counted_by_kind_and_only_ones_own(vault: Vault) -> None:
    """A family's tablet holds several people: each sees and erases their own."""
    mine, theirs = vault.for_subject(MINE), vault.for_subject(THEIRS)
    for table in ("drafts", "saved", "recording", "card"):
        await mine.put(table, "a", "x" * 100)
        await theirs.put(table, "a", "x" * 100)
    found = await privacy_of(vault).stored()
    assert {one.kind: one.number for one in found} == {
        "unsent": 1,
        "saved": 1,
        "recorded": 1,
        "tied": 1,
    }
    assert all(one.size > 100 for one in found)
    await privacy_of(vault).forget(frozenset({"unsent", "saved"}))
    assert set(await mine.sizes()) == {"recording", "card"}
    assert len(await theirs.sizes()) == 4


async def test_the_lock_is_no_copy_and_stays(vault: Vault) -> None:
    """Erasing saved copies must not open the app to whoever holds the phone."""
    [guard] = GUARDS
    await vault.for_subject(MINE).put(guard, "pin", "sealed")
    assert sum(one.number for one in await privacy_of(vault).stored()) == 0
    await privacy_of(vault).forget(frozenset({"unsent", "saved", "recorded", "tied"}))
    assert set(await vault.for_subject(MINE).sizes()) == {guard}


async def test_an_export_takes_along_what_only_this_device_has_and_no_secret(vault: Vault) -> None:
    """A draft is the resident's too; a card's seed in a file would be a second card."""
    mine = vault.for_subject(MINE)
    await mine.put("drafts", "d", {"description": "Ổ gà đầu ngõ"})
    await mine.put("card", "seed", "secret-seed")
    with ZipFile(io.BytesIO(await privacy_of(vault, file=zipped()).fetch("e"))) as file:
        found = json.loads(file.read("data/device.json"))
        assert found["drafts"] == {"d": {"description": "Ổ gà đầu ngõ"}}
        assert b"secret-seed" not in b"".join(map(file.read, file.namelist()))
    assert not TIED & set(EXPORTED)


@pytest.mark.parametrize("file", [b"", b"<html>", zipped("other.txt")], ids=["none", "page", "zip"])
async def test_what_is_no_export_is_not_saved_as_one(vault: Vault, file: bytes) -> None:
    """A proxy's error page under the name of one's data would be found out too late."""
    with pytest.raises(GatewayUnavailable):
        await privacy_of(vault, file=file).fetch("e")
