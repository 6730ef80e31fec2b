"""Checking files and codes: valid only for exactly what was issued."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore
from sqlalchemy import delete, update

from gateway.certificates import signing
from gateway.certificates.authority import Authority
from gateway.certificates.signing import FileSigner, as_asn1, private_key
from gateway.certificates.tables import certificates
from gateway.certificates.verification import Verdict, Verifier
from gateway.database import Database
from tests.gateway.certificates.conftest import CONTENT, get, issue

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def verifier(database: Database, authority: Authority) -> Verifier:
    return Verifier(database, authority.root.certificate, lambda: datetime.now(UTC))


@pytest_asyncio.fixture
async def verdict(verifier: Verifier) -> Any:
    async def of(document: bytes) -> tuple[str, str]:
        found = await verifier.check_file(document)
        return found.verdict.value, found.reason

    return of


async def test_the_file_as_issued_is_valid(verifier: Verifier, registered: bytes) -> None:
    """The one answer that lets a resident start the job; details stay masked."""
    found = await verifier.check_file(registered)
    assert found.verdict is Verdict.VALID
    assert (found.signature, found.content, found.status) == ("passed", "passed", "passed")
    assert found.certificate is not None
    assert (found.certificate.number, found.certificate.name) == (CONTENT.number, "N••••• M••• Anh")


def positions(document: bytes) -> list[int]:
    """Where to change a byte: both ends, every structural landmark, and fifty by chance."""
    marks = (b"/ByteRange", b"/Contents <", b"/SubFilter", b"/AcroForm", b"startxref", b"%%EOF")
    landmarks = [document.rindex(mark) + step for mark in marks for step in (0, 3, len(mark) - 1)]
    contents = document.rindex(b"/Contents <") + 11
    signature = [contents, contents + 9, contents + 4000, document.index(b">", contents) - 1]
    chance = random.Random(7).sample(range(len(document)), 50)
    return [0, 5, len(document) - 1, *landmarks, *signature, *chance]


async def test_one_changed_byte_anywhere_is_altered(verdict: Any, registered: bytes) -> None:
    """Also in the signature's own padding, its certificates and the file's skeleton."""
    chance = random.Random(8)
    for position in positions(registered):
        mutant = bytearray(registered)
        mutant[position] ^= 1 << chance.randrange(8)
        assert await verdict(bytes(mutant)) == ("altered", "content_changed"), position


@pytest.mark.parametrize("cut", [1, 100, 1000, 40_000])
async def test_a_file_cut_short_is_never_valid(verdict: Any, registered: bytes, cut: int) -> None:
    """Half a download is not a certificate."""
    assert (await verdict(registered[:-cut]))[0] in {"altered", "unknown"}


@pytest.mark.parametrize("extra", [b"\n", b" " * 1000, b"%%EOF\n"])
async def test_bytes_after_the_end_are_altered(
    verdict: Any, registered: bytes, extra: bytes
) -> None:
    """What the signature does not cover can say anything."""
    assert await verdict(registered + extra) == ("altered", "content_changed")


async def test_an_update_after_signing_is_altered(verdict: Any, registered: bytes) -> None:
    """The trick that leaves the signature "valid" in some readers while the page says otherwise."""
    changed = updated(registered)
    assert changed.startswith(registered)
    assert await verdict(changed) == ("altered", "content_changed")


async def test_a_second_signature_is_altered(
    verdict: Any, registered: bytes, other_authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody signing after the authority can add pages "with a valid signature"."""
    monkeypatch.setattr(PdfSigner, "_enforce_certification_constraints", lambda *_: None)
    keys = other_authority.signer
    signer = SimpleSigner(
        signing_cert=as_asn1(keys.certificate),
        signing_key=private_key(keys),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    metadata = PdfSignatureMetadata(field_name="Second")
    again = BytesIO()
    writer = IncrementalPdfFileWriter(BytesIO(updated(registered)))
    await PdfSigner(metadata, signer).async_sign_pdf(writer, output=again)
    assert await verdict(again.getvalue()) == ("altered", "content_changed")


def updated(document: bytes) -> bytes:
    """The document with one more revision, which no signature covers."""
    writer: Any = IncrementalPdfFileWriter(BytesIO(document))
    writer.root["/Lang"] = generic.TextStringObject("en")
    writer.update_root()
    changed = BytesIO()
    writer.write(changed)
    return changed.getvalue()


async def test_a_range_that_skips_bytes_is_altered(verdict: Any, registered: bytes) -> None:
    """A byte range with a wider hole hides content from the signature."""
    start = registered.rindex(b"/ByteRange [") + 12
    end = registered.index(b"]", start)
    numbers = [int(number) for number in registered[start:end].split()]
    numbers[2:] = [numbers[2] + 10, numbers[3] - 10]
    text = b" ".join(b"%d" % number for number in numbers).ljust(end - start)
    assert (await verdict(registered[:start] + text + registered[end:]))[0] == "altered"


async def signed_by(authority: Authority, document: bytes) -> bytes:
    """The document signed with those keys."""
    return await asyncio.to_thread(FileSigner(authority).sign, document, CONTENT.issued_datetime)


async def test_another_authoritys_signature_is_unknown(
    verdict: Any, registered: bytes, drawn: bytes, other_authority: Authority
) -> None:
    """A perfect signature by somebody else proves nothing about a criminal record."""
    forged = await signed_by(other_authority, drawn)
    assert await verdict(forged) == ("unknown", "other_authority")


async def test_the_timestamp_key_cannot_sign_a_certificate(
    verdict: Any,
    registered: bytes,
    drawn: bytes,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each key has its purpose: the one that tells the time does not certify people."""
    misused, usual = replace(authority, signer=authority.timestamp), signing._metadata

    def careless(keys: Authority, at: datetime, stamp_root: Any) -> PdfSignatureMetadata:
        return replace(usual(keys, at, stamp_root), signer_key_usage={"digital_signature"})

    monkeypatch.setattr(signing, "_metadata", careless)
    forged = await signed_by(misused, drawn)
    assert await verdict(forged) == ("unknown", "other_authority")


async def test_a_right_signature_outside_the_register_is_unknown(
    verdict: Any, database: Database, registered: bytes
) -> None:
    """The register has the last word on what was issued."""
    database.run_here(lambda db: db.execute(delete(certificates)))
    assert await verdict(registered) == ("unknown", "not_issued_here")


@pytest.mark.parametrize(
    "garbage", [b"", b"hello", b"%PDF-1.7\n%%EOF\n", b"\x00" * 5000, "Phiếu".encode()]
)
async def test_a_garbage_file_is_unknown(verdict: Any, garbage: bytes) -> None:
    """A photo sent by mistake gets an answer, not an error."""
    assert await verdict(garbage) == ("unknown", "no_signature")


async def test_the_form_without_a_signature_is_unknown(verdict: Any, drawn: bytes) -> None:
    """A PDF that only looks right."""
    assert await verdict(drawn) == ("unknown", "no_signature")


@pytest.mark.parametrize("status", ["revoked", "superseded"])
async def test_a_certificate_out_of_force_says_since_when(
    verifier: Verifier, database: Database, registered: bytes, status: str
) -> None:
    """The signature is as good as ever: only the register knows."""
    ended = {"status": status, "ended_on": date(2026, 11, 18)}
    database.run_here(lambda db: db.execute(update(certificates).values(**ended)))
    for found in (
        await verifier.check_file(registered),
        await verifier.check_code(CONTENT.code),
    ):
        assert found.verdict == status
        assert found.status == "failed"
        assert found.certificate is not None
        assert found.certificate.ended_date == date(2026, 11, 18)


async def test_a_code_is_found_however_it_is_typed(verifier: Verifier, registered: bytes) -> None:
    """Typed from paper on a phone: small letters, a space, no dash."""
    for typed in ("7HC4-K2QD", "7hc4k2qd", " 7hc4 k2qd "):
        found = await verifier.check_code(typed)
        assert found.verdict is Verdict.VALID
        assert found.content == "not_checked"


@pytest.mark.parametrize("code", ["", "AAAA-AAAA", "%", "' OR 1=1 --", "7HC4-K2Q_"])
async def test_a_wrong_code_is_unknown(verifier: Verifier, registered: bytes, code: str) -> None:
    """A wrong code gives nothing away, and is no query."""
    found = await verifier.check_code(code)
    assert (found.verdict, found.certificate) == (Verdict.UNKNOWN, None)


async def test_anyone_may_check_over_the_wire(app: FastAPI, gateway: httpx.AsyncClient) -> None:
    """No account, no token: a file or a code, and the same answer."""
    application = await issue(app, gateway)
    path = f"applications/{application['application_id']}/certificate"
    document = (await get(gateway, path)).content
    sent = {"file": ("phieu.pdf", document, "application/pdf")}
    by_file = (await gateway.post("/certificates/v1/verify", files=sent)).json()
    assert by_file["verdict"] == "valid"
    assert by_file["checks"] == {"signature": "passed", "content": "passed", "status": "passed"}
    code = {"code": application["certificate"]["code"]}
    by_code = (await gateway.post("/certificates/v1/verify", json=code)).json()
    assert by_code["verdict"] == "valid"
    assert by_code["certificate"] == by_file["certificate"]
    assert by_code["certificate"]["name"] == "N••••• M••• Anh"


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        ({"json": {"number": 1}}, 422, "validation"),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400, "malformed-body"),
        ({"content": b"x"}, 415, "unsupported-media-type"),
        ({"files": {"other": b"x"}}, 422, "validation"),
        ({"files": {"file": b"x" * 2_100_000}}, 413, "too-large"),
    ],
)
async def test_a_body_that_cannot_be_checked_is_a_problem(
    gateway: httpx.AsyncClient, content: dict[str, Any], status: int, slug: str
) -> None:
    """Never an answer that could be taken for a verdict."""
    answer = await gateway.post("/certificates/v1/verify", **content)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


async def test_the_sandbox_root_is_public(gateway: httpx.AsyncClient, authority: Authority) -> None:
    """Whoever does not trust our page checks with their own tool."""
    answer = await gateway.get("/certificates/v1/sandbox-root.pem")
    assert answer.content == authority.root_pem
    assert b"PRIVATE" not in answer.content
