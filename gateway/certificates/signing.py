"""PAdES signatures: one revision holds the signature, its timestamp and its revocation data."""

import asyncio
import logging
from datetime import datetime
from io import BytesIO
from typing import Protocol

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from gateway.certificates.authority import Authority, KeyPair, revocation_list

FIELD = "Signature"

# pyHanko logs names out of whatever certificate it is shown; strangers show theirs, too.
for library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(library).setLevel(logging.CRITICAL)


class Signer(Protocol):
    """Whoever signs certificates for the authority: files here, a security module elsewhere."""

    def sign(self, document: bytes, at: datetime) -> bytes:
        """Return the PDF `document` signed at the aware time `at`. Raises OSError."""


class FileSigner:
    """Signs with keys from files: PAdES B-LT, the signature covering every byte of the file."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority

    def sign(self, document: bytes, at: datetime) -> bytes:
        """Return `document` signed and timestamped at `at`, with revocation data embedded."""
        return asyncio.run(self._sign(document, at))

    async def _sign(self, document: bytes, at: datetime) -> bytes:
        keys = self._authority
        signer = _LoadedKeySigner(keys)
        # The sandbox's own timestamp authority: the time is the gateway's clock.
        timestamper = DummyTimeStamper(
            as_asn1(keys.timestamp.certificate),
            private_key(keys.timestamp),
            certs_to_embed=_certificates(keys),
            fixed_dt=at,
        )
        pdf_signer = PdfSigner(_metadata(keys, at), signer, timestamper=timestamper)
        signed = BytesIO()
        await pdf_signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(document)), output=signed)
        return signed.getvalue()


class _LoadedKeySigner(SimpleSigner):
    """Signs with the key as it was loaded: reading it anew costs ten times the signature."""

    def __init__(self, keys: Authority) -> None:
        self._key = keys.signer.key
        super().__init__(
            signing_cert=as_asn1(keys.signer.certificate),
            signing_key=private_key(keys.signer),
            cert_registry=_certificates(keys),
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
        )

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """Sign with RSA (PKCS #1 v1.5) and SHA-256, as the signature mechanism says."""
        return self._key.sign(data, PKCS1v15(), SHA256())


def _metadata(keys: Authority, at: datetime) -> PdfSignatureMetadata:
    revoked = asn1_crl.CertificateList.load(
        revocation_list(keys, at).public_bytes(serialization.Encoding.DER)
    )
    trust = ValidationContext(
        trust_roots=[as_asn1(keys.root.certificate)],
        crls=[revoked],
        allow_fetching=False,
        revocation_mode="require",
        moment=at,
    )
    return PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        location="Hà Nội",
        reason="Phiếu lý lịch tư pháp số 1 (bản thử)",
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


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate in pyHanko's type."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _certificates(keys: Authority) -> SimpleCertificateStore:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(
        as_asn1(pair.certificate) for pair in (keys.root, keys.signer, keys.timestamp)
    )
    return store


def private_key(pair: KeyPair) -> asn1_keys.PrivateKeyInfo:
    """The same key in pyHanko's type."""
    encoded = pair.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return asn1_keys.PrivateKeyInfo.load(encoded)
