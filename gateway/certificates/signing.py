"""PAdES signatures: one revision holds the signature, its timestamp and its revocation data.

An archive timestamp (B-LTA) is one more revision, kept beside the file: see decision 10.
"""

import asyncio
import logging
from datetime import datetime
from io import BytesIO
from typing import Protocol

from asn1crypto.algos import SignedDigestAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfTimeStamper,
    SigDSSPlacementPreference,
)
from pyhanko_certvalidator import ValidationContext

from gateway.certificates.asn1 import as_asn1, certificates_of, private_key, revoked
from gateway.certificates.authority import Authority
from gateway.certificates.timestamps import Stampers, sandbox_stampers

__all__ = ["ARCHIVE_FIELD", "FIELD", "FileSigner", "Signer", "as_asn1", "private_key"]

FIELD, ARCHIVE_FIELD = "Signature", "ArchiveTimestamp"

# pyHanko logs names out of whatever certificate it is shown; strangers show theirs, too.
for library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(library).setLevel(logging.CRITICAL)


class Signer(Protocol):
    """Whoever signs certificates for the authority: files here, a security module elsewhere."""

    def sign(self, document: bytes, at: datetime) -> bytes:
        """Return the PDF `document` signed at the aware time `at`. Raises OSError."""
        ...

    def archive(self, document: bytes, at: datetime) -> bytes:
        """Return what an archive timestamp of the signed `document` adds to it. Raises OSError."""
        ...


class FileSigner:
    """Signs with keys from files: PAdES B-LT, the signature covering every byte of the file.

    `stampers` is a timestamp service of others whose certificates end at `stamp_root`: its
    revocation data is not ours to embed, so the level is then B-T with the signer's own.
    """

    def __init__(
        self,
        authority: Authority,
        stampers: Stampers | None = None,
        stamp_root: x509.Certificate | None = None,
    ) -> None:
        self._authority, self._stamp_root = authority, stamp_root
        self._stampers = stampers or sandbox_stampers(authority, authority.timestamp)
        self._archive_stampers = stampers or sandbox_stampers(authority, authority.archive)
        self._signer = _LoadedKeySigner(authority)

    def sign(self, document: bytes, at: datetime) -> bytes:
        """Return `document` signed and timestamped at `at`, with revocation data embedded."""
        return asyncio.run(self._sign(document, at))

    def archive(self, document: bytes, at: datetime) -> bytes:
        """Return the bytes that the archive timestamp appends, made with the key kept for it."""
        return asyncio.run(self._archive(document, at))

    async def _sign(self, document: bytes, at: datetime) -> bytes:
        metadata = _metadata(self._authority, at, self._stamp_root)
        pdf_signer = PdfSigner(metadata, self._signer, timestamper=self._stampers(at))
        signed = BytesIO()
        await pdf_signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(document)), output=signed)
        return signed.getvalue()

    async def _archive(self, document: bytes, at: datetime) -> bytes:
        stamper = PdfTimeStamper(self._archive_stampers(at), field_name=ARCHIVE_FIELD)
        stamped = BytesIO()
        writer = IncrementalPdfFileWriter(BytesIO(document))
        await stamper.async_timestamp_pdf(writer, "sha256", output=stamped)
        whole = stamped.getvalue()
        if not whole.startswith(document):
            raise ValueError("an archive timestamp changed what it should only add to")
        return whole[len(document) :]


class _LoadedKeySigner(SimpleSigner):
    """Signs with the key as it was loaded: reading it anew costs ten times the signature."""

    def __init__(self, keys: Authority) -> None:
        self._key = keys.signer.key
        super().__init__(
            signing_cert=as_asn1(keys.signer.certificate),
            signing_key=private_key(keys.signer),
            cert_registry=certificates_of(keys),
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
        )

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """Sign with RSA (PKCS #1 v1.5) and SHA-256, as the signature mechanism says."""
        return self._key.sign(data, PKCS1v15(), SHA256())


def _metadata(
    keys: Authority, at: datetime, stamp_root: x509.Certificate | None = None
) -> PdfSignatureMetadata:
    roots = [keys.root.certificate, *([stamp_root] if stamp_root else [])]
    trust = ValidationContext(
        trust_roots=[as_asn1(root) for root in roots],
        crls=[revoked(keys, at)],
        allow_fetching=False,
        revocation_mode="soft-fail" if stamp_root else "require",
        moment=at,
    )
    return PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        location="Hà Nội",
        reason="Lý lịch tư pháp (bản thử)",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=True,
        validation_context=trust,
        # A second revision would leave the signature covering only part of the file.
        dss_settings=DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        ),
    )
