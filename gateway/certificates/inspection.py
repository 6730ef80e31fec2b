"""What cryptography alone says about a PDF: is it signed, whole, and by whom.

Accepted is one signature over every byte of the file, or that file with exactly one more
revision: an archive timestamp over everything, which adds nothing else (decision 10).
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from gateway.certificates.asn1 import as_asn1
from gateway.certificates.coverage import Detail, covers, uncovered

log = logging.getLogger(__name__)

# One changed byte can break one of these traces of a signature, never all of them.
TRACES = (b"/ByteRange", b"/ETSI.CAdES.detached", b"/Adobe.PPKLite", b"/adbe.pkcs7.detached")


class Finding(StrEnum):
    """What the file's own signature says. `expired`: it was right, and can no longer be proved."""

    WHOLE = "whole"
    BROKEN = "broken"
    EXPIRED = "expired"
    OTHER_AUTHORITY = "other_authority"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Inspection:
    """A finding and its detail; for a readable signature also who signed, when, and the covered
    bytes' digest. `archived`: an archive timestamp covers it.
    """

    finding: Finding
    signer: str = ""
    signed_datetime: datetime | None = None
    covered_digest: str = ""
    detail: Detail | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class _Trust:
    """The roots of signer and timestamps, and the moment at which today's keys are judged."""

    root: x509.Certificate
    stamp_root: x509.Certificate | None
    at: datetime

    def now(self) -> ValidationContext:
        """Judges the key of a timestamp as of `at`."""
        roots = [self.root, *([self.stamp_root] if self.stamp_root else [])]
        return ValidationContext(
            trust_roots=[as_asn1(root) for root in roots],
            allow_fetching=False,
            moment=self.at,
            revocation_mode="soft-fail",
        )

    def long_term(self, reader: PdfFileReader, moment: datetime) -> ValidationContext:
        """Judges the signer as of `moment`; revocation is read from the file itself."""
        settings: dict[str, Any] = {
            "trust_roots": [as_asn1(self.root)],
            "allow_fetching": False,
            "moment": moment,
            "revocation_mode": "require",
        }
        try:
            return DocumentSecurityStore.read_dss(reader).as_validation_context(settings)
        except NoDSSFoundError:
            return ValidationContext(**settings, crls=[], ocsps=[])


def inspect(
    document: bytes,
    root: x509.Certificate,
    at: datetime,
    stamp_root: x509.Certificate | None = None,
) -> Inspection:
    """Check the one signature of `document` against `root` as of the aware time `at`; timestamps
    may also end at `stamp_root`.

    Anything that bears the trace of a signature and cannot be checked is `broken`; no file raises
    anything but MemoryError.
    """
    try:
        return asyncio.run(_inspect(document, _Trust(root, stamp_root, at)))
    except MemoryError:
        raise
    except Exception as error:  # A stranger's file can break a parser in any way.
        log.info("certificate_unreadable %s", type(error).__name__)
        return _broken_or_unsigned(document)


async def _inspect(document: bytes, trust: _Trust) -> Inspection:
    reader = PdfFileReader(BytesIO(document))
    signatures, stamps = reader.embedded_regular_signatures, reader.embedded_timestamp_signatures
    if not signatures:
        return _broken_or_unsigned(document)
    signature = signatures[0]
    signature.compute_integrity_info(skip_diff=True)
    digest = signature.compute_digest().hex()
    if len(signatures) > 1 or len(stamps) > 1:
        return Inspection(Finding.BROKEN, covered_digest=digest, detail=Detail.SECOND_SIGNATURE)
    if stamps:
        return await _inspect_archived(document, signature, stamps[0], trust)
    if not covers(document, signature):
        detail = uncovered(document, reader, signature)
        return Inspection(Finding.BROKEN, covered_digest=digest, detail=detail)
    return await _inspect_signature(reader, signature, trust, digest)


async def _inspect_signature(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, trust: _Trust, digest: str
) -> Inspection:
    """The signer is judged at the moment of its timestamp, the timestamp's own key today."""
    moment = _claimed_time(signature) or trust.at
    status = await async_validate_pdf_signature(
        signature,
        signer_validation_context=trust.long_term(reader, moment),
        ts_validation_context=trust.now(),
        skip_diff=True,
    )
    finding, detail = _finding(status)
    found = Inspection(finding, _signer(status), _time(status), digest, detail)
    if finding is not Finding.OTHER_AUTHORITY or trust.at == moment:
        return found
    then = await _inspect_signature(reader, signature, replace(trust, at=moment), digest)
    if then.finding is Finding.WHOLE:
        return replace(found, finding=Finding.EXPIRED, detail=Detail.EXPIRED_CHAIN)
    return replace(found, detail=then.detail)


async def _inspect_archived(
    document: bytes, signature: EmbeddedPdfSignature, stamp: EmbeddedPdfSignature, trust: _Trust
) -> Inspection:
    """The archive timestamp is judged today, everything below it at the archive's own moment."""
    digest = signature.compute_digest().hex()
    broken = Inspection(Finding.BROKEN, covered_digest=digest, detail=Detail.INCREMENTAL_UPDATE)
    signed = document[: signature.byte_range[2] + signature.byte_range[3]]
    signature.compute_integrity_info()  # type: ignore[no-untyped-call]
    change: Any = signature.diff_result
    level = getattr(change, "modification_level", None)
    if level is not ModificationLevel.LTA_UPDATES or not covers(document, stamp):
        return broken
    judged = await async_validate_pdf_timestamp(stamp, trust.now(), skip_diff=True)
    if not (judged.intact and judged.valid):
        return replace(broken, detail=Detail.DIGEST)
    if not judged.trusted:
        return replace(broken, detail=Detail.SECOND_SIGNATURE)
    below = await _inspect(signed, replace(trust, at=judged.timestamp))
    return replace(below, archived=True)


def _claimed_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """The time inside the timestamp token, which `async_validate_pdf_signature` then proves."""
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]["content"]
            claimed: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
            return claimed
    return None


def _finding(status: PdfSignatureStatus) -> tuple[Finding, Detail | None]:
    stamp = status.timestamp_validity
    if not (status.intact and status.valid):
        return Finding.BROKEN, Detail.DIGEST
    if stamp is not None and not (stamp.intact and stamp.valid):
        return Finding.BROKEN, Detail.DIGEST
    if not status.trusted:
        return Finding.OTHER_AUTHORITY, _why_untrusted(status)
    if stamp is None or not stamp.trusted:
        return Finding.OTHER_AUTHORITY, Detail.UNTRUSTED_CHAIN
    return Finding.WHOLE, None


def _why_untrusted(status: PdfSignatureStatus) -> Detail:
    """A chain that is right but for its dates, a key that may not sign, or a chain of others."""
    problem = str(status.trust_problem_indic or "").upper()
    if "OUT_OF_BOUNDS" in problem or "EXPIRED" in problem or "NOT_YET" in problem:
        return Detail.EXPIRED_CHAIN
    return Detail.OTHER_SIGNER if "CONSTRAINTS" in problem else Detail.UNTRUSTED_CHAIN


def _signer(status: PdfSignatureStatus) -> str:
    return str(status.signing_cert.subject.native.get("common_name", ""))


def _time(status: PdfSignatureStatus) -> datetime | None:
    return status.timestamp_validity.timestamp if status.timestamp_validity else None


def _broken_or_unsigned(document: bytes) -> Inspection:
    if any(trace in document for trace in TRACES):
        return Inspection(Finding.BROKEN, detail=Detail.UNREADABLE)
    return Inspection(Finding.UNSIGNED)
