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
    references: Any = reader.xrefs
    signed: int = signature.signed_revision
    before: set[Any] = set()
    for revision in range(signed + 1):
        before |= set(references.explicit_refs_in_revision(revision))
    usual = {
        reader.root_ref,
        reader.trailer.raw_get("/Info") if "/Info" in reader.trailer else None,
    }
    form = reader.root.raw_get("/AcroForm") if "/AcroForm" in reader.root else None
    usual.add(getattr(form, "reference", form))
    kept = {getattr(one, "reference", one) for one in usual}
    later: set[Any] = set()
    for revision in range(signed + 1, references.total_revisions):
        later |= set(references.explicit_refs_in_revision(revision))
    return bool((later & before) - kept)


def _end(signature: EmbeddedPdfSignature) -> int:
    return int(signature.byte_range[2]) + int(signature.byte_range[3])
