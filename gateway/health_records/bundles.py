"""Reads a Bundle's text without losing a character: numbers keep their digits, keys their order."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

CUT = "\x1e"
"""Stands in an envelope where a resource stood; JSON forbids it, so no bundle can hold it."""

_SPACE = re.compile(r"[ \t\n\r]*")
_UNSTORABLE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


class BrokenBundleError(ValueError):
    """The text is no FHIR Bundle; the message says what it is instead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its fullUrl, its resource parsed (to look at, not to store) and word for word."""

    full_url: str
    resource: Mapping[str, Any] = field(repr=False)
    raw: str = field(repr=False)

    @property
    def type(self) -> str:
        """The resource's type, empty when it has none."""
        return text(self.resource.get("resourceType"))

    @property
    def id(self) -> str:
        """The resource's own id, empty when it has none."""
        return text(self.resource.get("id"))

    @property
    def digest(self) -> str:
        """SHA-256 of the resource's text."""
        return digest(self.raw)


@dataclass(frozen=True, slots=True)
class ReadBundle:
    """A whole Bundle: what it says of itself, its entries in order, and the text around them."""

    type: str
    identifier: str = field(repr=False)
    timestamp: str
    digest: str
    entries: tuple[Entry, ...] = field(repr=False)
    without_resource: int
    envelope: str = field(repr=False)


def read_bundle(content: bytes) -> ReadBundle:
    """Read one Bundle. Raises BrokenBundleError when the content is not JSON, or not a Bundle."""
    words = _decoded(content)
    document = _parsed(words)
    spans = list(_resource_spans(words, document))
    pieces, at = [], 0
    for _, start, end in spans:
        pieces.append(words[at:start])
        at = end
    pieces.append(words[at:])
    return ReadBundle(
        type=text(document.get("type")),
        identifier=identifier_of(document.get("identifier")),
        timestamp=text(document.get("timestamp")),
        digest=digest(words),
        entries=tuple(Entry(*_entry(words, span)) for span in spans),
        without_resource=len(document.get("entry", [])) - len(spans),
        envelope=CUT.join(pieces),
    )


def rebuild(envelope: str, raws: list[str]) -> str:
    """The bundle's text again, character for character."""
    pieces = envelope.split(CUT)
    return "".join(piece + raw for piece, raw in zip(pieces, [*raws, ""], strict=True))


def digest(words: str) -> str:
    """SHA-256 of a text, in hex."""
    return hashlib.sha256(words.encode()).hexdigest()


def text(value: object) -> str:
    """The string, or an empty one for anything else; without what no database can hold."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() and "\0" not in value else _storable(value)


def parsed(raw: str) -> Any:
    """A resource's text as JSON, its strings without what no database or answer can hold.

    A lone surrogate or a NUL is fine in the text, which is kept; it becomes `?` here.
    Raises ValueError and RecursionError.
    """
    return cleaned(json.loads(raw), raw)


def cleaned(value: Any, raw: str) -> Any:
    """The value parsed from `raw`, its strings without lone surrogates and NULs."""
    return _clean(value) if _UNSTORABLE.search(raw) else value


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _clean(item) for name, item in value.items()}
    return value


def _storable(words: str) -> str:
    return words.replace("\0", "?").encode("utf-8", "replace").decode()


def identifier_of(value: object) -> str:
    """`system|value` of the first Identifier that has a value, else an empty text."""
    for found in value if isinstance(value, list) else [value]:
        if isinstance(found, dict) and text(found.get("value")):
            return f"{text(found.get('system'))}|{text(found['value'])}"[:512]
    return ""


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenBundleError("it is not UTF-8 text") from error


def _parsed(words: str) -> dict[str, Any]:
    try:
        document = json.loads(words, parse_constant=_refuse)
    except RecursionError as error:
        raise BrokenBundleError("it is nested too deeply") from error
    except ValueError as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise BrokenBundleError(f"it is not JSON{place}") from error
    if not isinstance(document, dict) or document.get("resourceType") != "Bundle":
        found = document.get("resourceType") if isinstance(document, dict) else None
        named = text(found) if _ID.fullmatch(text(found)) else "something else"
        raise BrokenBundleError(f"it holds {named}, not a FHIR Bundle")
    if not isinstance(document.get("entry", []), list):
        raise BrokenBundleError("its entry is not a list")
    return document


def _entry(words: str, span: tuple[str, int, int]) -> tuple[str, dict[str, Any], str]:
    full_url, start, end = span
    raw = words[start:end]
    return full_url, parsed(raw), raw


def _resource_spans(words: str, document: Mapping[str, Any]) -> Iterator[tuple[str, int, int]]:
    """fullUrl, start and end of every entry's resource, where it is an object."""
    members = dict(_members(words, _skip(words, 0)))
    if "entry" not in members:
        return
    places = _items(words, members["entry"][0])
    for (start, _), entry in zip(places, document["entry"], strict=True):
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            inside = dict(_members(words, start))
            yield (text(entry.get("fullUrl")), *inside["resource"])


def parse_value(words: str, at: int) -> tuple[Any, int]:
    """The JSON value that begins at `at`, and where it ends. Raises ValueError for none."""
    return _DECODER.raw_decode(words, at)


def members_of(words: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Key, start and end of every member of the JSON object that this text is."""
    return _members(words, _skip(words, 0))


def _members(words: str, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Key, start and end of every member of the object that opens at `at`."""
    at = _skip(words, at + 1)
    while words[at] != "}":
        key, at = _DECODER.raw_decode(words, at)
        start = _skip(words, _skip(words, at) + 1)
        _, end = _DECODER.raw_decode(words, start)
        yield key, (start, end)
        at = _skip(words, end)
        if words[at] == ",":
            at = _skip(words, at + 1)


def _items(words: str, at: int) -> Iterator[tuple[int, int]]:
    """Start and end of every item of the list that opens at `at`."""
    at = _skip(words, at + 1)
    while words[at] != "]":
        _, end = _DECODER.raw_decode(words, at)
        yield at, end
        at = _skip(words, end)
        if words[at] == ",":
            at = _skip(words, at + 1)


def _skip(words: str, at: int) -> int:
    found = _SPACE.match(words, at)
    return found.end() if found else at
