"""Reading, and knowing the time, without a network."""

from __future__ import annotations

from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from services import clock as clock_module
from services.errors import NotFound, Offline, Rejected, SignInRequired
from services.offline import keep_time, read_or_saved, recall_time
from services.vault import Vault
from tests.services.twins import Time


async def offline() -> Any:
    raise Offline


async def fresh() -> Any:
    return ["fresh"]


async def test_the_first_reading_without_a_network_fails_honestly(tmp_path: Path) -> None:
    """An empty list would say that there is nothing."""
    vault = Vault(tmp_path / "v", bytes(32)).for_subject("s-1")
    with pytest.raises(Offline):
        await read_or_saved(vault, Time().clock(), "k", offline)


async def test_a_device_that_cannot_store_still_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full phone is no reason to hide what the city answers."""
    vault = Vault(tmp_path / "v", bytes(32))

    async def full(_work: Any) -> Any:
        raise Rejected("storage_full")

    monkeypatch.setattr(vault, "run", full)
    saved = await read_or_saved(vault.for_subject("s-1"), Time().clock(), "k", fresh)
    assert (saved.value, saved.as_of) == (["fresh"], None)


async def test_a_session_that_ended_shows_no_copy(tmp_path: Path) -> None:
    """Who has to sign in again is not shown the record meanwhile."""
    vault = Vault(tmp_path / "v", bytes(32)).for_subject("s-1")
    await read_or_saved(vault, Time().clock(), "k", fresh)

    async def ended() -> Any:
        raise SignInRequired

    with pytest.raises(SignInRequired):
        await read_or_saved(vault, Time().clock(), "k", ended)


async def test_a_damaged_copy_is_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason shown is the network, not the file."""
    vault = Vault(tmp_path / "v", bytes(32)).for_subject("s-1")

    async def damaged(*_: Any) -> Any:
        raise NotFound("saved_copy_unreadable")

    monkeypatch.setattr(type(vault), "get", damaged)
    with pytest.raises(Offline):
        await read_or_saved(vault, Time().clock(), "k", offline)
    assert not await recall_time(Time().clock(), vault)


async def test_the_gateways_time_is_known_after_a_start_in_the_tunnel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card's code is right although the phone's clock is wrong and nothing answers."""
    monkeypatch.setattr(clock_module, "boot", lambda: "boot-1")
    vault = Vault(tmp_path / "v", bytes(32)).for_everyone()
    time = Time(device_wrong_by=-600)
    assert not await recall_time(time.clock(), vault)
    await keep_time(time.clock(), vault)
    assert not await recall_time(time.clock(), vault)
    clock = time.clock()
    clock.observe(formatdate(time.now, usegmt=True), time.now, time.now)
    await keep_time(clock, vault)
    time.now += 3600
    later = time.clock()
    assert await recall_time(later, vault)
    assert abs(later.now().timestamp() - time.now) <= 1
