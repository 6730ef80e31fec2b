"""The gateway's own look into a bundle before it is kept: a whole zip of bounded size that says of
itself what it holds. What is in it is for the app's replay to read (docs/support-bundles.md).
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from typing import Any

MANIFEST = "manifest.json"
MADE_BY = "ihanoi-open"
MOST_ENTRIES = 40
MOST_MANIFEST = 200_000
_CHUNK = 65_536
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}\.jsonl?|photos/[a-z0-9-]{1,40}\.(?:jpg|png|webp)")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    OverflowError,
)
"""A directory of a zip file may say anything, such as that a file begins before the first byte."""


class UnusableBundle(Exception):
    """The file is not kept; `code` says why: bundle_foreign, bundle_damaged or bundle_too_large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_manifest(data: bytes, most_unpacked: int) -> dict[str, Any]:
    """What the bundle says of itself, after every entry was unpacked once and thrown away.

    Raises `UnusableBundle`. Never holds more than one entry's chunk and the manifest.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, most_unpacked)
            _unpack(archive, entries, most_unpacked)
            return _manifest(archive)
    except _DAMAGED as error:
        raise UnusableBundle("bundle_damaged" if data[:2] == b"PK" else "bundle_foreign") from error


def _check_entries(entries: list[zipfile.ZipInfo], most_unpacked: int) -> None:
    names = [entry.filename for entry in entries]
    if MANIFEST not in names or not all(map(_NAME.fullmatch, names)):
        raise UnusableBundle("bundle_foreign")
    if len(set(names)) != len(names) or any(entry.flag_bits & 0x1 for entry in entries):
        raise UnusableBundle("bundle_foreign")
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or declared > most_unpacked:
        raise UnusableBundle("bundle_too_large")


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], most_unpacked: int) -> None:
    """Read every entry to its end: its checksum must hold, whatever its header declares."""
    left = most_unpacked
    for entry in entries:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise UnusableBundle("bundle_too_large")


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    if archive.getinfo(MANIFEST).file_size > MOST_MANIFEST:
        raise UnusableBundle("bundle_foreign")
    try:
        found = json.loads(archive.read(MANIFEST).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnusableBundle("bundle_damaged") from error
    if not isinstance(found, dict) or found.get("made_by") != MADE_BY:
        raise UnusableBundle("bundle_foreign")
    return found
