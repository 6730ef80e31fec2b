"""Ways to change a signed certificate so that a careless reader still takes it for genuine."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.general import UnacceptableSignerError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from gateway.certificates.asn1 import as_asn1, private_key
from gateway.certificates.authority import Authority, open_authority
from gateway.certificates.signing import FileSigner

Mutate = Callable[[bytes, random.Random], bytes]


def flipped(document: bytes, chance: random.Random) -> bytes:
    """One bit somewhere."""
    changed = bytearray(document)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def in_signature(document: bytes, chance: random.Random) -> bytes:
    """One figure of the signature, its certificates or its padding."""
    start = document.rindex(b"/Contents <") + 11
    end = document.index(b">", start)
    position = chance.randrange(start, end)
    figure = chance.choice([f for f in b"0123456789abcdef" if f != document[position]])
    return document[:position] + bytes([figure]) + document[position + 1 :]


def several(document: bytes, chance: random.Random) -> bytes:
    """A run of bytes overwritten."""
    start = chance.randrange(len(document) - 40)
    return document[:start] + chance.randbytes(40) + document[start + 40 :]


def cut(document: bytes, chance: random.Random) -> bytes:
    """The end is missing."""
    return document[: -chance.randrange(1, len(document) // 2)]


def longer(document: bytes, chance: random.Random) -> bytes:
    """Bytes behind the end."""
    return document + chance.choice([b"\n", b" ", b"%%EOF\n", chance.randbytes(200)])


def updated(document: bytes, chance: random.Random) -> bytes:
    """One more revision that changes the catalogue."""
    writer: Any = IncrementalPdfFileWriter(BytesIO(document))
    writer.root["/Lang"] = generic.TextStringObject(f"en-{chance.randrange(10)}")
    writer.update_root()
    return _written(writer)


def shadowed(document: bytes, chance: random.Random) -> bytes:
    """One more revision in whose pages another text stands."""
    writer: Any = IncrementalPdfFileWriter(BytesIO(document))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    text = b"BT /F1 %d Tf 72 720 Td (Khong co an tich) Tj ET" % chance.randrange(9, 30)
    page[generic.pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=text))
    writer.update_container(page)
    return _written(writer)


def hidden(document: bytes, chance: random.Random) -> bytes:
    """A wider hole in the covered range, so that something can stand in it."""
    return _ranged(document, 10 + chance.randrange(50), 0)


def moved(document: bytes, chance: random.Random) -> bytes:
    """A covered range that begins later."""
    return _ranged(document, 0, 1 + chance.randrange(9))


def wrapped(document: bytes, chance: random.Random) -> bytes:
    """The old content kept in the hole of a range that still has the right length."""
    start = document.rindex(b"/ByteRange [") + 12
    end = document.index(b"]", start)
    numbers = [int(number) for number in document[start:end].split()]
    hole = document[numbers[1] : numbers[2]]
    inside = hole[:-1] + b"00" * chance.randrange(1, 20) + b">"
    grown = len(inside) - len(hole)
    text = b" ".join(b"%d" % n for n in [0, numbers[1], numbers[2] + grown, numbers[3]])
    before = document[:start] + text.ljust(end - start) + document[end : numbers[1]]
    return before + inside + document[numbers[2] :]


def signed_again(document: bytes, chance: random.Random) -> bytes:
    """A second signature, somebody else's, over an update."""
    writer: Any = IncrementalPdfFileWriter(BytesIO(updated(document, chance)))
    keys = _others().signer
    signer = SimpleSigner(
        signing_cert=as_asn1(keys.certificate),
        signing_key=private_key(keys),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    metadata = PdfSignatureMetadata(field_name="Second")
    again, before = BytesIO(), PdfSigner._enforce_certification_constraints
    PdfSigner._enforce_certification_constraints = lambda *_: None  # type: ignore[method-assign]
    try:
        PdfSigner(metadata, signer).sign_pdf(writer, output=again)
    except UnacceptableSignerError:
        return updated(document, chance)
    finally:
        PdfSigner._enforce_certification_constraints = before  # type: ignore[method-assign]
    return again.getvalue()


def by_others(document: bytes, chance: random.Random) -> bytes:
    """The same page, signed by an authority of one's own."""
    return FileSigner(_others()).sign(unsigned(document, chance), _now())


def by_expired(document: bytes, chance: random.Random) -> bytes:
    """The same page, signed by an authority whose keys ended years ago."""
    old = _now() - timedelta(days=30 * 365)
    return FileSigner(_expired()).sign(unsigned(document, chance), old)


def unsigned(document: bytes, chance: random.Random) -> bytes:
    """The page without its signature."""
    reader = PdfFileReader(BytesIO(document))
    writer: Any = copy_into_new_writer(reader)
    for key in ("/AcroForm", "/DSS", "/Perms"):
        if key in writer.root:
            del writer.root[key]
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    if "/Annots" in page:
        del page["/Annots"]
    return _written(writer)


def stamped_by_others(document: bytes, chance: random.Random) -> bytes:
    """An archive timestamp of somebody else's behind it."""
    return document + FileSigner(_others()).archive(document, _now())


KINDS: dict[str, Mutate] = {
    "one bit": flipped,
    "one figure of the signature": in_signature,
    "overwritten bytes": several,
    "cut short": cut,
    "bytes behind the end": longer,
    "incremental update": updated,
    "shadow content": shadowed,
    "wider hole": hidden,
    "later beginning": moved,
    "wrapped range": wrapped,
    "second signature": signed_again,
    "another authority": by_others,
    "expired authority": by_expired,
    "no signature": unsigned,
    "another's archive timestamp": stamped_by_others,
}
CHEAP = tuple(KINDS)[:10]


@cache
def _others() -> Authority:
    return open_authority(Path(mkdtemp(prefix="ihanoi-others-")) / "keys", _now())


@cache
def _expired() -> Authority:
    folder = Path(mkdtemp(prefix="ihanoi-expired-")) / "keys"
    return open_authority(folder, _now() - timedelta(days=30 * 365))


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _ranged(document: bytes, wider: int, later: int) -> bytes:
    start = document.rindex(b"/ByteRange [") + 12
    end = document.index(b"]", start)
    first, before, after, rest = (int(number) for number in document[start:end].split())
    numbers = [first + later, before - later, after + wider, rest - wider]
    text = b" ".join(b"%d" % number for number in numbers).ljust(end - start)
    return document[:start] + text + document[end:]


def _written(writer: Any) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
