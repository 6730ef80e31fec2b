"""What cryptography alone says about a PDF: is it signed, whole, and by whom."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from gateway.certificates.signing import as_asn1

log = logging.getLogger(__name__)

# One changed byte can break one of these traces of a signature, never all of them.
TRACES = (b"/ByteRange", b"/ETSI.CAdES.detached", b"/Adobe.PPKLite", b"/adbe.pkcs7.detached")


class Finding(StrEnum):
    """What the file's own signature says."""

    WHOLE = "whole"
    BROKEN = "broken"
    OTHER_AUTHORITY = "other_authority"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Inspection:
    """A finding; for a readable signature also who signed, when, and the covered bytes' digest."""

    finding: Finding
    signer: str = ""
    signed_datetime: datetime | None = None
    covered_digest: str = ""


def inspect(document: bytes, root: x509.Certificate, at: datetime) -> Inspection:
    """Check the one signature of `document` against `root` as of the aware time `at`.

    Anything that bears the trace of a signature and cannot be checked is `broken`; no file raises.
    """
    try:
        return asyncio.run(_inspect(document, root, at))
    except Exception as error:  # A stranger's file can break a parser in any way.
        log.info("certificate_unreadable %s", type(error).__name__)
        return _broken_or_unsigned(document)


async def _inspect(document: bytes, root: x509.Certificate, at: datetime) -> Inspection:
    reader = PdfFileReader(BytesIO(document))
    signatures = reader.embedded_signatures
    if not signatures:
        return _broken_or_unsigned(document)
    if len(signatures) > 1:
        return Inspection(Finding.BROKEN)
    signature = signatures[0]
    signature.compute_integrity_info(skip_diff=True)
    digest = signature.compute_digest().hex()
    if signature.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return Inspection(Finding.BROKEN, covered_digest=digest)
    status = await _validate(reader, signature, root, at)
    return Inspection(_finding(status), _signer(status), _time(status), digest)


async def _validate(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, root: x509.Certificate, at: datetime
) -> PdfSignatureStatus:
    """The signer is judged at the moment of its timestamp, the timestamp's own key today."""
    trusted = [as_asn1(root)]
    return await async_validate_pdf_signature(
        signature,
        signer_validation_context=_long_term(reader, trusted, _claimed_time(signature) or at),
        ts_validation_context=ValidationContext(
            trust_roots=trusted, allow_fetching=False, moment=at, revocation_mode="soft-fail"
        ),
        skip_diff=True,
    )


def _long_term(
    reader: PdfFileReader, trusted: list[asn1_x509.Certificate], moment: datetime
) -> ValidationContext:
    """Revocation is read from the file itself, so that checking needs no network."""
    settings: dict[str, Any] = {
        "trust_roots": trusted,
        "allow_fetching": False,
        "moment": moment,
        "revocation_mode": "require",
    }
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(settings)
    except NoDSSFoundError:
        return ValidationContext(**settings)


def _claimed_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """The time inside the timestamp token, which `async_validate_pdf_signature` then proves."""
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]["content"]
            claimed: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
            return claimed
    return None


def _finding(status: PdfSignatureStatus) -> Finding:
    stamp = status.timestamp_validity
    if not (status.intact and status.valid):
        return Finding.BROKEN
    if stamp is not None and not (stamp.intact and stamp.valid):
        return Finding.BROKEN
    if not status.trusted or stamp is None or not stamp.trusted:
        return Finding.OTHER_AUTHORITY
    return Finding.WHOLE


def _signer(status: PdfSignatureStatus) -> str:
    return str(status.signing_cert.subject.native.get("common_name", ""))


def _time(status: PdfSignatureStatus) -> datetime | None:
    return status.timestamp_validity.timestamp if status.timestamp_validity else None


def _broken_or_unsigned(document: bytes) -> Inspection:
    signed = any(trace in document for trace in TRACES)
    return Inspection(Finding.BROKEN if signed else Finding.UNSIGNED)
