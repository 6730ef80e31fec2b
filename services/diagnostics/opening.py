"""Reads a support bundle and refuses whatever is none, in codes that `app.explaining` puts in words."""

from __future__ import annotations

import json
import re
import struct
import zipfile
import zlib
from datetime import datetime
from io import BytesIO
from typing import Any

from services.diagnostics.bundle import (
    FORMAT,
    MADE_BY,
    MANIFEST,
    Bundle,
    Manifest,
    Screen,
    Step,
    item_of,
)
from services.errors import Rejected

LARGEST = 20 * 1024 * 1024
"""Bytes of a bundle file; the recorder's 5 MB and the photos of one report fit well."""
LARGEST_OPENED = 64 * 1024 * 1024
"""Bytes of all its files together, unpacked."""
MOST_FILES = 40
OLDEST = 1
"""The lowest format that is still read."""

_PHOTO = re.compile(r"photos/[a-z0-9-]{1,40}\.(jpg|png|webp)")
_NOT_A_BUNDLE = (KeyError, TypeError, ValueError, RecursionError, AttributeError, OverflowError)
_BROKEN = (
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


def read(data: bytes, now: datetime | None = None) -> Bundle:
    """Read a bundle file; `now` (the gateway's time) says whether it is still to be opened.

    Raises Rejected: `bundle_too_large` (or a zip bomb), `bundle_foreign` (another kind of file),
    `bundle_damaged`, `bundle_newer`, `bundle_older`, `bundle_expired`.
    """
    if len(data) > LARGEST:
        raise Rejected("bundle_too_large")
    files = _unpacked(data)
    manifest = _manifest(files)
    if now is not None and now >= manifest.expires:
        raise Rejected("bundle_expired")
    try:
        return _bundle(manifest, files)
    except _NOT_A_BUNDLE:
        raise Rejected("bundle_damaged") from None


def _unpacked(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check(entries)
            return _contents(archive, entries)
    except zipfile.BadZipFile:
        # A file that begins as a zip file was one once.
        raise Rejected("bundle_damaged" if data[:2] == b"PK" else "bundle_foreign") from None
    except _BROKEN:
        raise Rejected("bundle_damaged") from None


def _check(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if MANIFEST not in names or any(not _ours(name) for name in names):
        raise Rejected("bundle_foreign")
    if len(set(names)) != len(names):
        raise Rejected("bundle_damaged")
    # What an entry says of its size may be a lie, so `_contents` counts as well.
    if len(names) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST_OPENED:
        raise Rejected("bundle_too_large")


def _ours(name: str) -> bool:
    if name.startswith("photos/"):
        return _PHOTO.fullmatch(name) is not None
    return name == MANIFEST or item_of(name) is not None


def _contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    left, found = LARGEST_OPENED, {}
    for entry in entries:
        with archive.open(entry) as packed:
            content = packed.read(left + 1)
        left -= len(content)
        if left < 0:
            raise Rejected("bundle_too_large")
        found[entry.filename] = content
    return found


def _manifest(files: dict[str, bytes]) -> Manifest:
    written = _parsed(files[MANIFEST])
    if not isinstance(written, dict) or written.get("made_by") != MADE_BY:
        raise Rejected("bundle_foreign")
    number = written.get("format")
    if not isinstance(number, int) or isinstance(number, bool):
        raise Rejected("bundle_damaged")
    if number > FORMAT:
        raise Rejected("bundle_newer")
    if number < OLDEST:
        raise Rejected("bundle_older")
    try:
        return Manifest.from_json(written)
    except _NOT_A_BUNDLE:
        raise Rejected("bundle_damaged") from None


def _bundle(manifest: Manifest, files: dict[str, bytes]) -> Bundle:
    def table(name: str) -> dict[str, Any]:
        value = _parsed(files.get(name, b"{}"))
        if not isinstance(value, dict):
            raise TypeError(name)
        return value

    def lines(name: str) -> list[dict[str, Any]]:
        return [_parsed(line) for line in files.get(name, b"").splitlines()]

    photos = {
        name.removeprefix("photos/"): content
        for name, content in files.items()
        if name.startswith("photos/")
    }
    bundle = Bundle(
        manifest,
        table("preferences.json"),
        tuple(Step.from_json(line) for line in lines("acts.jsonl")),
        tuple(Screen.from_json(line) for line in lines("screens.jsonl")),
        table("har.json"),
        {str(value): str(name) for value, name in table("stand_ins.json").items()},
        table("state.json"),
        photos,
    )
    _check_requests(bundle)
    return bundle


def _check_requests(bundle: Bundle) -> None:
    for entry in bundle.requests:
        entry["request"]["method"].upper(), entry["request"]["url"].lower()
        int(entry["response"]["status"])


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise Rejected("bundle_damaged") from None
