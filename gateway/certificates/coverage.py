"""Which bytes a signature covers, and what stands in those it does not."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature

_HEX = frozenset(b"0123456789abcdefABCDEF")


class Detail(StrEnum):
    """Why a signature does not do, by name."""

    INCREMENTAL_UPDATE = "incremental_update"
    SHADOW_CONTENT = "shadow_content"
    WRAPPED_RANGE = "wrapped_range"
    SECOND_SIGNATURE = "second_signature"
    DIGEST = "digest"
    UNREADABLE = "unreadable"
    UNTRUSTED_CHAIN = "untrusted_chain"
    EXPIRED_CHAIN = "expired_chain"
    OTHER_SIGNER = "other_signer"


def covers(document: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the signature covers every byte of the file but its own hexadecimal string."""
    return is_plain(document, signature) and _end(signature) == len(document)


def is_plain(document: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the one hole in the covered range is exactly `<…>`: a wider one can hold anything."""
    numbers = [int(number) for number in signature.byte_range]
    if len(numbers) != 4 or min(numbers) < 0 or numbers[0] != 0:
        return False
    _, hole, after, rest = numbers
    if not hole < after <= after + rest <= len(document):
        return False
    held = document[hole:after]
    return held[:1] == b"<" and held[-1:] == b">" and _HEX.issuperset(held[1:-1])


def uncovered(document: bytes, reader: PdfFileReader, signature: EmbeddedPdfSignature) -> Detail:
    """What is wrong with a file that the signature does not cover whole."""
    if not is_plain(document, signature):
        return Detail.WRAPPED_RANGE
    return Detail.SHADOW_CONTENT if _replaces(reader, signature) else Detail.INCREMENTAL_UPDATE


def _replaces(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> bool:
    """Whether a later revision puts something else in the place of what was signed: of any object
    but the catalogue, the form and the file's own description.
    """
    signed, revisions = signature.signed_revision, reader.xrefs.total_revisions
    before = _objects(reader, range(signed + 1))
    later = _objects(reader, range(signed + 1, revisions))
    trailer, root = reader.trailer, reader.root
    usual = [reader.root_ref]
    usual += [trailer.raw_get("/Info")] if "/Info" in trailer else []
    usual += [root.raw_get(name) for name in ("/AcroForm", "/Metadata") if name in root]
    return bool((later & before) - {getattr(one, "idnum", None) for one in usual})


def _objects(reader: PdfFileReader, revisions: range) -> set[int]:
    """The numbers of the objects that stand in those revisions."""
    found: Any = (reader.xrefs.explicit_refs_in_revision(revision) for revision in revisions)
    return {reference.idnum for references in found for reference in references}


def _end(signature: EmbeddedPdfSignature) -> int:
    return int(signature.byte_range[2]) + int(signature.byte_range[3])
