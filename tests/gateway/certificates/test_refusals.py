"""What is refused is refused by name; hostile files cost no more than they may."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyhanko.sign.signers.pdf_signer import DSSContentSettings

from gateway.certificates import signing
from gateway.certificates.authority import Authority, open_authority
from gateway.certificates.bounded import BoundedInspector
from gateway.certificates.inspection import Finding, inspect
from gateway.certificates.signing import FileSigner
from tests.campaigns.certificates import run
from tests.support.certificate_mutants import KINDS

NOW = datetime.now(UTC).replace(microsecond=0)
BY_NAME = {
    "incremental update": "incremental_update",
    "shadow content": "shadow_content",
    "wider hole": "wrapped_range",
    "later beginning": "wrapped_range",
    "second signature": "second_signature",
    "another's archive timestamp": "second_signature",
    "another authority": "untrusted_chain",
    "bytes behind the end": "incremental_update",
}


@pytest.mark.parametrize("kind", BY_NAME)
def test_each_trick_has_its_name(authority: Authority, signed: bytes, kind: str) -> None:
    """Whoever is told "altered" can be told how, and an expert can check it."""
    mutant = KINDS[kind](signed, random.Random(1))
    found = inspect(mutant, authority.root.certificate, NOW)
    assert found.finding is not Finding.WHOLE
    assert found.detail == BY_NAME[kind]


def careless(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Sign without asking whether the key may."""
    usual = signing._metadata
    made = lambda *given: replace(usual(*given), **changes)  # noqa: E731
    monkeypatch.setattr(signing, "_metadata", made)


def test_a_key_that_had_expired_when_it_signed_is_named(
    drawn: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A retired key in the wrong hands signs nothing that counts."""
    old = open_authority(tmp_path / "keys", NOW - timedelta(days=4 * 365))
    plain = DSSContentSettings()
    careless(monkeypatch, embed_validation_info=False, validation_context=None, dss_settings=plain)
    found = inspect(FileSigner(old).sign(drawn, NOW), old.root.certificate, NOW)
    assert (found.finding, found.detail) == (Finding.OTHER_AUTHORITY, "expired_chain")


def test_a_key_for_something_else_is_named(
    authority: Authority, drawn: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key that tells the time certifies nobody."""
    careless(monkeypatch, signer_key_usage={"digital_signature"})
    misused = FileSigner(replace(authority, signer=authority.timestamp)).sign(drawn, NOW)
    found = inspect(misused, authority.root.certificate, NOW)
    assert (found.finding, found.detail) == (Finding.OTHER_AUTHORITY, "other_signer")


@pytest.mark.parametrize(
    "change", [lambda added: added[:-1], lambda added: added + b"\n", lambda added: added * 2]
)
def test_an_archive_timestamp_that_is_not_the_whole_last_revision_is_refused(
    authority: Authority, signed: bytes, change: Any
) -> None:
    """The one revision that may follow the signature is exactly that one."""
    added = change(FileSigner(authority).archive(signed, NOW))
    assert inspect(signed + added, authority.root.certificate, NOW).finding is Finding.BROKEN


def test_an_update_below_an_archive_timestamp_is_refused(
    authority: Authority, signed: bytes
) -> None:
    """A genuine timestamp over a changed page is still over a changed page."""
    for kind in ("incremental update", "shadow content"):
        changed = KINDS[kind](signed, random.Random(2))
        stamped = changed + FileSigner(authority).archive(changed, NOW)
        found = inspect(stamped, authority.root.certificate, NOW)
        assert (found.finding, found.detail) == (Finding.BROKEN, "incremental_update")


# Bounds


@pytest.fixture(scope="module")
def bounded() -> Iterator[BoundedInspector]:
    inspector = BoundedInspector(memory=420_000_000)
    yield inspector
    inspector.close()


def bomb(size: int) -> bytes:
    """A PDF whose cross-reference stream unpacks to `size` bytes."""
    packed = zlib.compress(bytes(size), 1)
    head = b"%PDF-1.7\n% /ByteRange\n"
    stream = (
        b"1 0 obj\n<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>\n"
        b"stream\n" % len(packed)
    )
    return head + stream + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


def test_a_file_that_unpacks_to_far_too_much_has_no_answer(
    bounded: BoundedInspector, authority: Authority, signed: bytes
) -> None:
    """One visitor's bomb must not end everybody's check; the next file is checked as ever."""
    root = authority.root.certificate
    found = bounded(bomb(300_000_000), root, NOW)
    assert found is None or found.finding is Finding.BROKEN
    assert bounded(signed, root, NOW) == inspect(signed, root, NOW)


def test_a_file_that_takes_for_ever_is_given_up(authority: Authority, signed: bytes) -> None:
    """Time is bounded by the one who waits, not by the file."""
    impatient = BoundedInspector(seconds=0.0)
    assert impatient(signed, authority.root.certificate, NOW) is None
    impatient.close()


def test_what_the_other_process_knows_is_the_file_alone(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parser that is taken over finds no key and no database's address in its surroundings."""
    from gateway.certificates import bounded as module

    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    assert "DATABASE_URL" not in module._surroundings()


async def test_the_campaign_in_small(tmp_path: Path) -> None:
    """Three certificates before other people's tools, thirty mutants before /verify."""
    result = await run(3, 30, tmp_path)
    assert result.wrong == []
    assert result.counts["/verify says valid"] == 3
    assert result.counts["mutants refused by /verify"] >= 29
    if result.skipped:
        pytest.skip(", ".join(result.skipped))
    assert result.counts["pdfsig: whole, valid, trusted"] == 3
