"""The nonce of a proof: how long it lives, whose it is, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gateway.proofs import NONCE_SECONDS, ProofError, Proofs
from tests.gateway.conftest import on_sqlite
from tests.gateway.proving import URL, Clock, Device, attack, clock, device
from tests.support.proof_key import ProofKey

__all__ = ["clock", "device"]


@on_sqlite
async def test_the_first_call_is_told_the_nonce_and_the_next_need_no_second_try(
    device: Device,
) -> None:
    """One more round trip at the start of a session, and none after it."""
    before = device.nonce
    for _ in range(3):
        assert (await device.show(device.proof())).status_code == 200
    assert device.nonce == before


@pytest.fixture
def prove(clock: Clock) -> Callable[..., str]:
    """Shows a right proof of one key to a server, with the nonce and id it is told."""
    key = ProofKey()

    def prove(server: Proofs, nonce: str, **changes: Any) -> str:
        proof = key.proof("GET", URL, nonce=nonce, iat=int(clock.now.timestamp()), **changes)
        return server.check([proof], "GET", [URL])

    return prove


def test_a_nonce_lives_at_least_five_minutes_and_at_most_ten(
    clock: Clock, prove: Callable[..., str]
) -> None:
    """A slow upload must not be sent twice, and nothing made ahead lives long."""
    server = Proofs(clock)
    nonce = server.nonce
    clock.now += timedelta(seconds=NONCE_SECONDS)
    assert server.nonce != nonce
    assert prove(server, nonce)
    clock.now += timedelta(seconds=NONCE_SECONDS)
    with pytest.raises(ProofError) as caught:
        prove(server, nonce)
    assert caught.value.code == "use_dpop_nonce"


@attack("A proof shown to another process of the gateway", "RFC 9449 11.1")
def test_a_nonce_is_of_one_process(clock: Clock, prove: Callable[..., str]) -> None:
    """Processes share no memory of proofs, so a proof is good in one of them only."""
    one, other = Proofs(clock), Proofs(clock)
    with pytest.raises(ProofError) as caught:
        prove(other, one.nonce)
    assert caught.value.code == "use_dpop_nonce"


@attack("Filling the memory of seen proofs to have one forgotten", "RFC 9449 11.1")
def test_a_full_memory_ends_its_nonce_instead_of_forgetting(
    clock: Clock, prove: Callable[..., str]
) -> None:
    """The memory is bounded, and a flood must not make room for a replay."""
    server = Proofs(clock, kept=3)
    nonce = server.nonce
    for number in range(3):
        prove(server, nonce, jti=f"seen-{number}")
    assert server.nonce != nonce
    for number in range(3):
        with pytest.raises(ProofError) as caught:
            prove(server, nonce, jti=f"seen-{number}")
        assert caught.value.code == "use_dpop_nonce"
    assert sum(len(epoch.seen) for epoch in server._epochs) == 3
    assert prove(server, server.nonce)
