"""Certificates, keys and lists of revoked keys in the types that pyHanko works with."""

from __future__ import annotations

from datetime import datetime

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko_certvalidator.registry import SimpleCertificateStore

from gateway.certificates.authority import Authority, KeyPair, revocation_list


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate in pyHanko's type."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def private_key(pair: KeyPair) -> asn1_keys.PrivateKeyInfo:
    """The same key in pyHanko's type."""
    encoded = pair.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return asn1_keys.PrivateKeyInfo.load(encoded)


def certificates_of(keys: Authority) -> SimpleCertificateStore:
    """The certificates that a signature carries beside its own."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(
        as_asn1(pair.certificate) for pair in (keys.root, keys.signer, keys.timestamp)
    )
    return store


def revoked(keys: Authority, at: datetime) -> asn1_crl.CertificateList:
    """The root's list of revoked keys, fresh at that moment."""
    encoded = revocation_list(keys, at).public_bytes(serialization.Encoding.DER)
    return asn1_crl.CertificateList.load(encoded)
