"""Writes an export: a zip of JSON, photos and papers with a readable page, row by row, so that no
record is ever whole in memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import Connection, select

from gateway.media_store import MediaStore
from gateway.privacy import export_page as page
from gateway.privacy.inventory import AREAS
from gateway.privacy.lines import Exported, Line
from gateway.privacy.owned import owned, present, table_of
from gateway.privacy.words import Language

Row = dict[str, Any]
_WHEN = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Order:
    """Whose export, in which language, as of which moment. `person` is what the population register
    says of them, by words of that language.
    """

    subject: str = field(repr=False)
    language: Language
    made: datetime
    sandbox: bool
    person: Mapping[str, str] = field(repr=False)


def lines_to_export() -> list[tuple[str, Line]]:
    """The lines that leave with an export, with their areas."""
    known = {line.table for line in present()}
    return [
        (area, line)
        for area, lines in AREAS.items()
        for line in lines
        if line.table in known and isinstance(line.export, Exported)
    ]


class Writer:
    """Writes one order into the zip at `path`; `progress` is told of each part that is done."""

    def __init__(
        self,
        connection: Connection,
        store: MediaStore,
        order: Order,
        path: Path,
        progress: Callable[[int], None],
    ) -> None:
        self._connection, self._store, self._order = connection, store, order
        self._path, self._progress = path, progress

    def write(self) -> None:
        """Write everything. Raises OSError when the disk is full."""
        language = self._order.language
        # The page grows in a file of its own: a zip takes one entry after another.
        beside = self._path.with_suffix(".html")
        with (
            ZipFile(self._path, "w", ZIP_DEFLATED) as file,
            beside.open("w", encoding="utf-8") as to,
        ):
            to.writelines(page.head(language, self._order.made, self._order.sandbox))
            to.writelines(page.person(language, self._order.person))
            self._json(file, "data/person.json", [dict(self._order.person)])
            before = ""
            for number, (area, line) in enumerate(lines_to_export()):
                to.write(page.area_heading(area, language) if area != before else "")
                to.writelines(self._table(file, area, line))
                before = area
                self._progress(number + 1)
            to.write(page.tail(language))
            to.flush()
            file.write(beside, "index.html")
        beside.unlink()

    def _table(self, file: ZipFile, area: str, line: Line) -> Iterator[str]:
        """Write the table's files and its JSON; what the page shows of it."""
        path, files = f"data/{area}/{line.table}.json", self._files(file, line)
        shown: list[tuple[Row, dict[str, str]]] = []
        number = 0
        with file.open(path, "w") as entry:
            for row in self._rows(line):
                its = files.get(_key(line, row), {})
                entry.write(b",\n" if number else b"[\n")
                entry.write(_json(line, row, its))
                number += 1
                if number <= page.SHOWN:
                    shown.append((row, its))
            entry.write(b"\n]" if number else b"[]")
        return page.table(line.table, path, shown, number - page.SHOWN, self._order.language)

    def _rows(self, line: Line) -> Iterator[Row]:
        mine = owned(line, self._order.subject)
        columns = [c for c in table_of(line).columns if c.name not in _blobs(line)]
        order = table_of(line).primary_key.columns
        found = self._connection.execution_options(yield_per=200).execute(
            select(*columns).where(mine).order_by(*order)
        )
        return (dict(row) for row in found.mappings())

    def _files(self, file: ZipFile, line: Line) -> dict[tuple[Any, ...], dict[str, str]]:
        """Write what lies in the media store or in bytes; paths by name, by the row's key."""
        paths: dict[tuple[Any, ...], dict[str, str]] = {}
        if line.objects:
            for row in self._rows(line):
                paths[_key(line, row)] = dict(self._objects(file, line, str(row[line.objects])))
        for name, ending in _blobs(line).items():
            for row, data in self._bytes(line, name):
                path = f"files/{line.table}/{_named(_key(line, row))}-{name}.{ending}"
                _store(file, path, data)
                paths.setdefault(_key(line, row), {})[name] = path
        return paths

    def _objects(self, file: ZipFile, line: Line, name: str) -> Iterator[tuple[str, str]]:
        for ending, data in self._store.everything(name):
            path = f"files/{line.table}/{_named((name,))}.{ending}"
            _store(file, path, data)
            yield ending, path

    def _bytes(self, line: Line, name: str) -> Iterator[tuple[Row, bytes]]:
        mine, column = owned(line, self._order.subject), table_of(line).c[name]
        keys = table_of(line).primary_key.columns
        found = self._connection.execution_options(yield_per=10).execute(
            select(*keys, column).where(mine, column.is_not(None)).order_by(*keys)
        )
        return ((dict(row), bytes(row[name])) for row in found.mappings())

    def _json(self, file: ZipFile, path: str, value: Any) -> None:
        file.writestr(path, json.dumps(value, ensure_ascii=False, indent=1))


def _blobs(line: Line) -> Mapping[str, str]:
    assert isinstance(line.export, Exported)
    return line.export.files


def _key(line: Line, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table_of(line).primary_key.columns)


def _named(key: tuple[Any, ...]) -> str:
    """A file's name of a row's key, with nothing in it that a folder could be."""
    text = "-".join(str(part) for part in key)
    return "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in text)[:80]


def _store(file: ZipFile, path: str, data: bytes) -> None:
    """Photos and PDFs are packed already."""
    file.writestr(ZipInfo(path, _WHEN), data, ZIP_STORED)


def _json(line: Line, row: Row, files: Mapping[str, str]) -> bytes:
    assert isinstance(line.export, Exported)
    hidden = line.export.hides
    shown = {name: value for name, value in row.items() if name not in hidden}
    for name in line.export.parsed:
        with suppress(ValueError):
            shown[name] = json.loads(shown[name] or "null")
    if files:
        shown["files"] = list(files.values())
    return json.dumps(shown, ensure_ascii=False, default=_plain).encode()


def _plain(value: Any) -> str:
    """What JSON has no kind for: moments as ISO 8601, bytes as hex."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
