"""The file itself: its page, its signature, and what other people's tools say of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from gateway.certificates import pdf
from gateway.certificates.authority import Authority, open_authority
from gateway.certificates.inspection import Finding, inspect
from gateway.certificates.signing import FileSigner
from tests.gateway.certificates.conftest import CONTENT, WITH_CONVICTIONS
from tests.gateway.conftest import PUBLIC_URL


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def run(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def text_of(document: bytes) -> str:
    with pypdfium2.PdfDocument(document) as opened:
        return str(opened[0].get_textpage().get_text_range())


@needs("pdfsig", "certutil")
def test_poppler_trusts_the_signature_with_the_sandbox_root(
    tmp_path: Path, authority: Authority, signed: bytes
) -> None:
    """An employer's own tool must come to the same answer as ours."""
    answer = poppler(tmp_path, authority, signed)
    assert "Signature is Valid." in answer
    assert "Certificate is Trusted." in answer
    assert "- Total document signed" in answer


@needs("pdfsig", "certutil")
def test_poppler_says_valid_of_a_grown_file_and_we_do_not(
    tmp_path: Path, authority: Authority, signed: bytes
) -> None:
    """Why the documents tell people to read the line about the total document."""
    grown = signed + b"\n% more\n"
    answer = poppler(tmp_path, authority, grown)
    assert "Signature is Valid." in answer
    assert "Not total document signed" in answer
    assert inspect(grown, authority.root.certificate, datetime.now(UTC)).finding is Finding.BROKEN


def poppler(folder: Path, authority: Authority, document: bytes) -> str:
    """What pdfsig says of the document when it trusts the sandbox's root."""
    root, file, trust = folder / "root.pem", folder / "certificate.pdf", folder / "nss"
    root.write_bytes(authority.root_pem)
    file.write_bytes(document)
    trust.mkdir()
    run("certutil", "-N", "-d", f"sql:{trust}", "--empty-password")
    run("certutil", "-A", "-d", f"sql:{trust}", "-n", "sandbox", "-t", "C,C,C", "-a", "-i", root)
    return run("pdfsig", "-nssdir", f"sql:{trust}", file)


@needs("qpdf")
def test_qpdf_finds_no_fault_in_the_file(tmp_path: Path, signed: bytes) -> None:
    """A file that only forgiving readers open is no certificate."""
    file = tmp_path / "certificate.pdf"
    file.write_bytes(signed)
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", file)


def test_the_file_says_that_it_is_tagged_archival_and_vietnamese(signed: bytes) -> None:
    """A screen reader needs the tags and the language, an archive the promise of PDF/A-3b."""
    root = PdfFileReader(BytesIO(signed)).root
    assert str(root["/Lang"]).startswith("vi")
    assert bool(root["/MarkInfo"]["/Marked"])
    metadata = root["/Metadata"].data.decode()
    assert re.search(r'pdfaid:part(="|>)3', metadata)
    assert re.search(r'pdfaid:conformance(="|>)B', metadata)


@pytest.mark.parametrize("content", [CONTENT, WITH_CONVICTIONS], ids=["clear", "with entries"])
def test_the_form_fits_one_page_in_one_font(content: pdf.Content) -> None:
    """A second page can get lost; a missing letter can change a name."""
    drawn = pdf.draw(content, PUBLIC_URL)
    assert pdf.page_count(drawn) == 1
    fonts = set(re.findall(rb"/FontName ?/([A-Z]{6}\+)?([A-Za-z0-9-]+)", drawn))
    assert all(name.startswith(b"BeVietnamPro") for _, name in fonts)


def test_the_form_says_what_it_must_and_that_it_is_a_sandbox_one() -> None:
    """Name, number, dates, purpose, result and code; and nobody may take it for a real one."""
    text = text_of(pdf.draw(WITH_CONVICTIONS, PUBLIC_URL))
    local = WITH_CONVICTIONS.issued_datetime
    assert f"{local:%Y}" in text
    for part in (
        "Phiếu lý lịch tư pháp số 1",
        WITH_CONVICTIONS.number,
        WITH_CONVICTIONS.name,
        "08/03/1988",
        WITH_CONVICTIONS.identity_number,
        WITH_CONVICTIONS.purpose,
        WITH_CONVICTIONS.convictions[0].offence,
        WITH_CONVICTIONS.code,
        "không có giá trị pháp lý",
    ):
        assert part in text


def test_the_qr_leads_to_the_checking_page(signed: bytes) -> None:
    """Whoever holds a paper copy points a camera at it."""
    picture = Image.open(BytesIO(pdf.page_image(signed, 1)))
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == f"{PUBLIC_URL}/verify/?code={CONTENT.code}"


def test_one_revision_holds_signature_timestamp_and_revocation(signed: bytes) -> None:
    """PAdES B-LT in one piece: checking needs no network, and nothing lies outside the signature."""
    reader = PdfFileReader(BytesIO(signed))
    (signature,) = reader.embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    kinds = {attribute["type"].native for attribute in signature.signer_info["unsigned_attrs"]}
    assert "signature_time_stamp_token" in kinds
    store = DocumentSecurityStore.read_dss(reader)
    assert len(store.crls) == 1
    assert len(store.certs) == 3


def test_the_signature_says_who_and_when(authority: Authority, signed: bytes) -> None:
    """The time on the form is the time of the timestamp."""
    found = inspect(signed, authority.root.certificate, datetime.now(UTC))
    assert found.finding is Finding.WHOLE
    assert found.signer == "Công an TP. Hà Nội (bản thử)"
    assert found.signed_datetime == CONTENT.issued_datetime


def test_keys_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    """A second start must not orphan every certificate issued; a key others can read is no key."""
    folder = tmp_path / "keys" / "certificates"
    first = open_authority(folder, datetime.now(UTC))
    assert open_authority(folder, datetime.now(UTC)).root_pem == first.root_pem
    assert {path.stat().st_mode & 0o077 for path in folder.glob("*.key.pem")} == {0}
    assert [path.name for path in folder.parent.iterdir()] == ["certificates"]


def test_keys_are_not_printed(authority: Authority) -> None:
    """A traceback with a private key in it is the end of the sandbox's trust."""
    assert "RSAPrivateKey" not in repr(authority)


def test_a_certificate_outlives_its_signers_key(authority: Authority, signed: bytes) -> None:
    """The timestamp proves that it was signed while the key was good: so for ten years, not more."""
    root, now = authority.root.certificate, datetime.now(UTC)
    assert inspect(signed, root, now + timedelta(days=9 * 365)).finding is Finding.WHOLE
    after = inspect(signed, root, now + timedelta(days=11 * 365)).finding
    assert after is Finding.EXPIRED


def test_an_archive_timestamp_proves_it_for_longer(authority: Authority, signed: bytes) -> None:
    """B-LTA: with the clock eleven years ahead the file is still proved, and without it is not."""
    root, now = authority.root.certificate, datetime.now(UTC)
    archived = signed + FileSigner(authority).archive(signed, now.replace(microsecond=0))
    for years in (0, 9, 11, 17):
        found = inspect(archived, root, now + timedelta(days=years * 365))
        assert (found.finding, found.archived) == (Finding.WHOLE, True), years
    assert inspect(signed, root, now + timedelta(days=11 * 365)).detail == "expired_chain"
