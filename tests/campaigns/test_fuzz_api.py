"""Schemathesis over the whole API for half a minute; `make fuzz` takes ten."""

from __future__ import annotations

from tests.campaigns.fuzz_api import fuzz


def test_no_request_breaks_the_gateway_or_its_contract() -> None:
    """Whatever is sent, the answer is one that the document promises, and never a server error."""
    status, words = fuzz(30, "--seed=20261126")
    assert status == 0, words
