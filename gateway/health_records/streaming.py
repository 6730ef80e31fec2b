"""Reads a Bundle of any size entry by entry, holding one of them at a time, each word for word."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from gateway.health_records.arrivals import Head, Piece
from gateway.health_records.bundles import (
    BrokenBundleError,
    Entry,
    cleaned,
    identifier_of,
    members_of,
    parse_value,
    text,
)
from gateway.health_records.store import names_of, reference_of

LARGE = 4_000_000
"""Bytes: a smaller bundle is read whole, in one transaction."""
_CHUNK = 1 << 20
_LONGEST = 64 << 20
_SPACE = " \t\n\r"

Progress = Callable[[int], None]
"""Told how many bytes were read since the last call."""


class _Text:
    """A window of a file's text that moves on; what it passed is gathered until it is taken."""

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        self._file, self._progress = file, progress
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._window, self._at, self._ended = "", 0, False
        self._passed: list[str] = []
        self.digest = hashlib.sha256()

    def peek(self) -> str:
        """The next character that is no space, or nothing at the end."""
        while True:
            while self._at < len(self._window) and self._window[self._at] in _SPACE:
                self._pass(1)
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._more():
                return ""

    def expect(self, character: str) -> None:
        """Go past this character. Raises BrokenBundleError for another one."""
        if self.peek() != character:
            raise BrokenBundleError("it is not JSON")
        self._pass(1)

    def value(self) -> tuple[Any, str]:
        """The next JSON value, parsed and as text; the window moves past it, nothing is gathered."""
        self.peek()
        while True:
            try:
                found, end = parse_value(self._window, self._at)
            except ValueError as error:
                if len(self._window) - self._at > _LONGEST:
                    raise BrokenBundleError("one entry is larger than 64 MB") from error
                if not self._more():
                    raise BrokenBundleError("it is not JSON") from error
                continue
            # A number at the very end of the window may go on behind it.
            if end == len(self._window) and self._more():
                continue
            raw = self._window[self._at : end]
            self._at = end
            return found, raw

    def gather(self, words: str) -> None:
        """Add to what was passed."""
        self._passed.append(words)

    def take(self) -> str:
        """What was passed since the last call."""
        words = "".join(self._passed)
        self._passed.clear()
        return words

    def _pass(self, count: int) -> None:
        self._passed.append(self._window[self._at : self._at + count])
        self._at += count

    def _more(self) -> bool:
        if self._ended:
            return False
        # A long value is read in ever larger steps, so that it is not parsed over and over.
        chunk = self._file.read(max(_CHUNK, len(self._window) - self._at))
        self._progress(len(chunk))
        self._ended = not chunk
        try:
            words = self._decoder.decode(chunk, final=self._ended)
        except UnicodeDecodeError as error:
            raise BrokenBundleError("it is not UTF-8 text") from error
        self.digest.update(words.encode())
        self._window, self._at = self._window[self._at :] + words, 0
        return bool(words) or not self._ended


@dataclass(slots=True)
class BundleStream:
    """One pass over a Bundle file: its entries in order, and behind the last what it says of itself."""

    path: Path
    progress: Progress = field(repr=False)
    said: dict[str, Any] = field(default_factory=dict, repr=False)
    without_resource: int = 0
    tail: str = field(default="", repr=False)
    digest: str = ""

    def pieces(self) -> Iterator[Piece]:
        """Every entry with a resource. Raises BrokenBundleError and OSError."""
        with self.path.open("rb") as file:
            words = _Text(file, self.progress)
            try:
                yield from self._members(words)
            except RecursionError as error:
                raise BrokenBundleError("it is nested too deeply") from error
            self.tail, self.digest = words.take(), words.digest.hexdigest()

    def _members(self, words: _Text) -> Iterator[Piece]:
        if words.peek() != "{":
            raise BrokenBundleError("it holds something else, not a FHIR Bundle")
        words.expect("{")
        while words.peek() != "}":
            key, raw = words.value()
            words.gather(raw)
            words.expect(":")
            if key == "entry":
                if words.peek() != "[" or "entry" in self.said:
                    raise BrokenBundleError("its entry is not a list")
                self.said["entry"] = True
                yield from self._entries(words)
            else:
                found, raw = words.value()
                words.gather(raw)
                if key in {"resourceType", "type", "identifier", "timestamp"}:
                    self.said[key] = found
            _comma(words, "}")
        words.expect("}")
        if words.peek():
            raise BrokenBundleError("it is not JSON")
        if self.said.get("resourceType") != "Bundle":
            raise BrokenBundleError("it holds something else, not a FHIR Bundle")

    def _entries(self, words: _Text) -> Iterator[Piece]:
        words.expect("[")
        position = 0
        while words.peek() != "]":
            found, raw = words.value()
            resource = found.get("resource") if isinstance(found, dict) else None
            if isinstance(resource, dict):
                start, end = dict(members_of(raw))["resource"]
                words.gather(raw[:start])
                entry = Entry(text(found.get("fullUrl")), cleaned(resource, raw), raw[start:end])
                yield Piece(position, words.take(), entry)
                words.gather(raw[end:])
                position += 1
            else:
                self.without_resource += 1
                words.gather(raw)
            _comma(words, "]")
        words.expect("]")


def _comma(words: _Text, end: str) -> None:
    if words.peek() == ",":
        words.expect(",")
        if words.peek() == end:
            raise BrokenBundleError("it is not JSON")
    elif words.peek() != end:
        raise BrokenBundleError("it is not JSON")


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a first pass learned: the head, the main Patient, and how much there is."""

    head: Head
    patient: Entry | None = field(repr=False)
    count: int
    without_resource: int


def survey(path: Path, progress: Progress) -> Surveyed:
    """Read a Bundle once to learn whose it is. Of its entries only Patients are remembered."""
    stream = BundleStream(path, progress)
    patients: list[tuple[int, Entry]] = []
    subject, count = None, 0
    for piece in stream.pieces():
        count += 1
        if piece.entry.type == "Patient":
            patients.append((piece.position, piece.entry))
        elif piece.entry.type == "Composition" and subject is None:
            subject = reference_of(piece.entry.resource.get("subject"))
    named = [one for one in patients if subject and subject in names_of(one[1])]
    main = next(iter(named + patients), None)
    mine = names_of(main[1]) if main else set()
    others = {n for p, e in patients if main and p != main[0] for n in names_of(e)}
    head = Head(
        type=text(stream.said.get("type")),
        identifier=identifier_of(stream.said.get("identifier")),
        timestamp=text(stream.said.get("timestamp")),
        digest=stream.digest,
        main=main[0] if main else None,
        patient=frozenset(mine),
        others=frozenset(others - mine),
    )
    return Surveyed(head, main[1] if main else None, count, stream.without_resource)


def lines_of(path: Path, progress: Progress) -> Iterator[tuple[int, Entry | None]]:
    """Number and resource of every line of an NDJSON file that is not empty; None for a broken one.

    Raises OSError, and BrokenBundleError for a line of more than 64 MB.
    """
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_LONGEST):
            progress(len(line))
            if len(line) == _LONGEST:
                raise BrokenBundleError("one line is larger than 64 MB")
            if line.strip():
                yield number, _line(line)
            number += 1


def _line(line: bytes) -> Entry | None:
    try:
        raw = line.decode("utf-8-sig").strip()
        found, end = parse_value(raw, 0)
    except (ValueError, RecursionError):
        return None
    return (
        Entry("", cleaned(found, raw), raw) if isinstance(found, dict) and end == len(raw) else None
    )
