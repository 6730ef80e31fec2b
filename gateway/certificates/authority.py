"""The sandbox certification authority: a root, a signer, two timestamp keys and a credential key,
made at first start.

It stands in for the authority's own keys. Every name it writes says that it is a sandbox.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NAMES = {
    "root": "Sandbox root · không có giá trị pháp lý",
    "signer": "Công an TP. Hà Nội (bản thử)",
    "timestamp": "Sandbox timestamp · không có giá trị pháp lý",
    "archive": "Sandbox archive timestamp · không có giá trị pháp lý",
    "credential": "Công an TP. Hà Nội, SD-JWT (bản thử)",
}
LIFETIMES = {
    "root": 20 * 365,
    "signer": 3 * 365,
    "timestamp": 10 * 365,
    "archive": 18 * 365,
    "credential": 3 * 365,
}
CRL_DAYS = 7
# RSA: the sandbox timestamp service signs with nothing else, and every poppler reads it.
KEY_BITS = {"root": 3072, "signer": 3072, "timestamp": 2048, "archive": 3072}
# Made later than the first three, in a folder of their own, which appears in one rename as well.
SECOND = "archive-and-credential"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An X.509 certificate with its private key."""

    certificate: x509.Certificate
    key: RSAPrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class CredentialKeyPair:
    """The X.509 certificate and private key (P-256) that sign credentials and status lists."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey = field(repr=False)


AnyKey = RSAPrivateKey | EllipticCurvePrivateKey
AnyPair = KeyPair | CredentialKeyPair


@dataclass(frozen=True, slots=True)
class Authority:
    """The key pairs that a certificate's signatures rest on."""

    root: KeyPair
    signer: KeyPair
    timestamp: KeyPair
    archive: KeyPair
    credential: CredentialKeyPair

    @property
    def root_pem(self) -> bytes:
        """The root certificate as PEM, for whoever checks a file on their own machine."""
        return self.root.certificate.public_bytes(serialization.Encoding.PEM)


def open_authority(folder: Path, at: datetime) -> Authority:
    """Read the authority kept in `folder`, or make it there at the first start (`at` is aware).

    Two processes that start at once end up with the same keys: the folder appears in one rename.
    """
    _appear(folder, lambda: _make(at))
    _appear(folder / SECOND, lambda: _make_second(_rsa_pair(folder, "root"), at))
    return read_authority(folder)


def read_authority(folder: Path) -> Authority:
    """Read the authority in `folder`. Raises FileNotFoundError, or ValueError for other keys."""
    root, signer, stamp = (_rsa_pair(folder, role) for role in ("root", "signer", "timestamp"))
    certificate, key = _read(folder / SECOND, "credential")
    if not isinstance(key, EllipticCurvePrivateKey):
        raise ValueError(f"{folder / SECOND / 'credential'}.key.pem holds no P-256 key")
    archive = _rsa_pair(folder / SECOND, "archive")
    return Authority(root, signer, stamp, archive, CredentialKeyPair(certificate, key))


def revocation_list(authority: Authority, at: datetime) -> x509.CertificateRevocationList:
    """The root's own list of revoked keys, fresh at `at`; the sandbox has revoked none."""
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.root.certificate.subject)
        .last_update(at - timedelta(minutes=5))
        .next_update(at + timedelta(days=CRL_DAYS))
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        .add_extension(_issuer_key(authority.root), critical=False)
        .sign(authority.root.key, hashes.SHA256())
    )


def _appear(folder: Path, make: Callable[[], Mapping[str, AnyPair]]) -> None:
    """Write what `make` gives into `folder`, unless another process was first."""
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="new-", dir=folder.parent))
    for role, pair in make().items():
        _write(draft, role, pair)
    try:
        os.rename(draft, folder)
    except OSError:
        shutil.rmtree(draft)


def _make(at: datetime) -> dict[str, KeyPair]:
    root_key = generate_private_key(65537, KEY_BITS["root"])
    draft = _builder("root", root_key, NAMES["root"], at)
    draft = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    draft = draft.add_extension(_key_usage("root"), critical=True)
    root = KeyPair(draft.sign(root_key, hashes.SHA256()), root_key)
    return {"root": root} | {role: _rsa(role, root, at) for role in ("signer", "timestamp")}


def _make_second(root: KeyPair, at: datetime) -> dict[str, AnyPair]:
    key = ec.generate_private_key(ec.SECP256R1())
    credential = CredentialKeyPair(_issue("credential", key, root, at), key)
    return {"archive": _rsa("archive", root, at), "credential": credential}


def _rsa(role: str, root: KeyPair, at: datetime) -> KeyPair:
    key = generate_private_key(65537, KEY_BITS[role])
    return KeyPair(_issue(role, key, root, at), key)


def _issue(role: str, key: AnyKey, root: KeyPair, at: datetime) -> x509.Certificate:
    draft = _builder(role, key, NAMES["root"], at)
    draft = draft.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    draft = draft.add_extension(_key_usage(role), critical=True)
    draft = draft.add_extension(_issuer_key(root), critical=False)
    if role in {"timestamp", "archive"}:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        draft = draft.add_extension(purpose, critical=True)
    return draft.sign(root.key, hashes.SHA256())


def _builder(role: str, key: AnyKey, issuer: str, at: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(NAMES[role]))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=LIFETIMES[role]))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "iHaNoi open build (sandbox)"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _issuer_key(root: KeyPair) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())


def _key_usage(role: str) -> x509.KeyUsage:
    """Only the signer may commit to a content: a timestamp key cannot sign a certificate."""
    signs_certificates = role == "root"
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=role == "signer",
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write(folder: Path, role: str, pair: AnyPair) -> None:
    encoded = pair.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / f"{role}.key.pem"
    path.touch(mode=0o600)
    path.write_bytes(encoded)
    certificate = pair.certificate.public_bytes(serialization.Encoding.PEM)
    (folder / f"{role}.crt.pem").write_bytes(certificate)


def _rsa_pair(folder: Path, role: str) -> KeyPair:
    certificate, key = _read(folder, role)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"{folder / role}.key.pem holds no RSA key")
    return KeyPair(certificate, key)


def _read(folder: Path, role: str) -> tuple[x509.Certificate, object]:
    certificate = x509.load_pem_x509_certificate((folder / f"{role}.crt.pem").read_bytes())
    return certificate, _checked((folder / f"{role}.key.pem").read_bytes())


@lru_cache(maxsize=16)
def _checked(pem: bytes) -> object:
    """The key in these bytes. Whether an RSA key is one takes a tenth of a second to find out: the
    parts of a process that open the same keys ask once.
    """
    return serialization.load_pem_private_key(pem, None)
