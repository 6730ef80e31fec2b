"""Personal values turn up in no log and no error; `make canaries` uses ten thousand of them."""

from __future__ import annotations

import asyncio
import base64
import logging
import unicodedata
from pathlib import Path
from urllib.parse import quote

import pytest

from gateway.logs import WithoutWords
from tests.campaigns.canaries import campaign
from tests.support.canaries import KINDS, canary, found


@pytest.mark.parametrize("kind", KINDS)
def test_a_canary_is_found_in_every_encoding(kind: str) -> None:
    """A search that misses one would call every leak of that form clean."""
    value = canary(kind, 4_217)
    raw = value.encode()
    forms = [
        value.upper(),
        unicodedata.normalize("NFD", value),
        raw.hex(),
        quote(value),
        value.encode("unicode_escape").decode("ascii"),
        *(base64.b64encode(b"x" * before + raw + b"yz").decode() for before in range(4)),
    ]
    for form in forms:
        assert found([value], f"before {form} after") == [value], form
    assert found([value], "before " + canary(kind, 4_218)) == []


async def test_no_operation_tells_a_personal_value_to_a_log_or_an_error(tmp_path: Path) -> None:
    """Whoever keeps the server, and whoever looks over a shoulder, must not read it there."""
    outcome = await campaign(1, tmp_path)
    assert outcome.leaks == []
    assert outcome.requests > 600
    assert outcome.requests > outcome.failures > 400


def test_a_traceback_is_printed_without_its_words() -> None:
    """A library quotes the value it could not read; the log needs the place alone."""
    secret = canary("identity_number", 1)
    printed = WithoutWords("%(name)s %(message)s")

    def told(name: str, message: str) -> str:
        record = logging.makeLogRecord({"name": name, "msg": message, "levelno": logging.ERROR})
        try:
            int(f"n{secret}")
        except ValueError as error:
            record.exc_info = (ValueError, error, error.__traceback__)
        return printed.format(record)

    ours = told("app.hooks", "A service raised something unexpected")
    assert "unexpected" in ours
    assert "ValueError at" in ours
    assert "test_canaries.py:" in ours
    assert found([secret], ours) == []
    assert found([secret], told("flet", f"Receive loop error: {secret}")) == []
    future = f"Task exception was never retrieved\nfuture: {asyncio.Future!r} {secret}"
    assert found([secret], told("asyncio", future)) == []
