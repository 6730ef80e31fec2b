"""Canaries in every answer the gateway can give: none gets into a bundle."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.campaigns.support_canaries import sought
from tests.support.bundle_canaries import FORMS, Canaries


async def test_no_canary_gets_into_a_bundle_in_any_of_six_encodings(tmp_path: Path) -> None:
    """What is not on the allow-list, or stands for somebody, must never leave the device.

    Every personal field of every area once; `tests.campaigns.support_canaries` makes ten thousand.
    """
    canaries, held = await sought(tmp_path, 1)
    assert len(canaries.made) > 1_000
    assert len(held) > 100_000, "the recording holds what it was to be searched for"
    assert canaries.found_in(held) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_canary_that_leaked_would_be_found(form: str) -> None:
    """A search that finds nothing anywhere would prove nothing."""
    canaries = Canaries()
    canary = canaries.words()
    for shift in range(3):
        raw = ("x" * shift + canary + "yz").encode()
        leaked = base64.b64encode(raw) if form == "base64" else FORMS[form](canary)[0]
        assert (canary, form) in canaries.found_in(b"{" + leaked + b"}")
