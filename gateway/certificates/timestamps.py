"""Timestamp authorities (RFC 3161): the sandbox's own by default, or a service over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.sign.general import as_signing_certificate, simple_cms_attribute
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from gateway.certificates.asn1 import as_asn1, certificates_of, private_key
from gateway.certificates.authority import Authority, KeyPair

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
SECONDS, LARGEST = 20.0, 100_000

Stampers = Callable[[datetime], TimeStamper]
"""Makes what timestamps a signature of that moment: the sandbox's time is the gateway's clock."""


class HttpTimeStamper(TimeStamper):
    """Asks an RFC 3161 service over HTTP. Raises OSError when it does not answer."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url, self._transport = url, transport

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Send one query (RFC 3161, section 3.4)."""
        try:
            async with httpx.AsyncClient(transport=self._transport, timeout=SECONDS) as client:
                headers = {"Content-Type": QUERY}
                answer = await client.post(self._url, content=req.dump(), headers=headers)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise OSError(f"the timestamp service: {type(error).__name__}") from None
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        if kind != REPLY or len(answer.content) > LARGEST:
            raise OSError("the timestamp service did not answer with a timestamp")
        try:
            return tsp.TimeStampResp.load(answer.content)
        except ValueError:
            raise OSError("the timestamp service's answer cannot be read") from None


class _LoadedKeyStamper(DummyTimeStamper):
    """The sandbox's timestamp authority with its key as it was loaded: pyHanko's reads and tests
    it anew for each token, which costs fifty times the signature.
    """

    key: RSAPrivateKey

    def _sign_tst_info(
        self, tst_info_data: bytes, md_algorithm: str, dt: datetime
    ) -> tuple[bytes, cms.CMSAttributes]:
        said = {
            "content_type": "tst_info",
            "signing_time": cms.Time({"utc_time": core.UTCTime(dt)}),
            "signing_certificate": as_signing_certificate(self.tsa_cert),
            "message_digest": sha256(tst_info_data).digest(),
        }
        attribute: Any = simple_cms_attribute
        signed = cms.CMSAttributes([attribute(name, value) for name, value in said.items()])
        if md_algorithm != "sha256":
            raise ValueError("the sandbox's timestamps are made with SHA-256")
        return self.key.sign(signed.dump(), PKCS1v15(), SHA256()), signed


def sandbox_stampers(keys: Authority, pair: KeyPair) -> Stampers:
    """The sandbox's own timestamp authority with that key."""
    certificate, key, others = as_asn1(pair.certificate), private_key(pair), certificates_of(keys)

    def at(moment: datetime) -> TimeStamper:
        stamper = _LoadedKeyStamper(certificate, key, certs_to_embed=others, fixed_dt=moment)
        stamper.key = pair.key
        return stamper

    return at


def http_stampers(url: str, transport: httpx.AsyncBaseTransport | None = None) -> Stampers:
    """A service's timestamps; its clock is its own."""
    return lambda moment: HttpTimeStamper(url, transport)


def read_root(path: str) -> x509.Certificate | None:
    """The root at which a service's certificates end; None for no path. Raises OSError."""
    return x509.load_pem_x509_certificate(Path(path).read_bytes()) if path else None
