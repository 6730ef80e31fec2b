"""What is in an export: everything of one resident, readable, and nobody else's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

import gateway.asgi
import gateway.identity  # noqa: F401  (its tables count too)
from gateway.database import Database
from gateway.media_store import MediaStore
from gateway.photos import Photo
from gateway.privacy.export_file import Order, Writer, lines_to_export
from gateway.privacy.inventory import AREAS
from gateway.privacy.lines import Exported, Line
from gateway.privacy.owned import table_of
from gateway.privacy.words import AREAS as AREA_WORDS
from gateway.privacy.words import COLUMNS, TITLES
from gateway.settings import Settings
from tests.gateway.conftest import RESIDENT, STRANGER, on_sqlite
from tests.gateway.privacy import full_residents

WHEN = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)
each_line = pytest.mark.parametrize(
    "line", [line for _, line in lines_to_export()], ids=lambda line: line.table
)


@pytest.fixture
def written(database: Database, settings: Settings, tmp_path: Path) -> Iterator[ZipFile]:
    """The export of a resident of a city where two have something everywhere."""
    store = MediaStore(settings.media_url)
    database.run_here(full_residents.fill)
    for subject in (RESIDENT, STRANGER):
        for kind in full_residents.KINDS:
            media_id = full_residents.key_in("media", "media_id", subject, kind)
            store.put(media_id, Photo(f"photo of {subject}".encode(), b"small"))
    order = Order(RESIDENT, "vi", WHEN, True, {"Họ và tên": "Trần <b>Minh</b> Anh"})
    path, told = tmp_path / "export.zip", list[int]()
    with database.transaction(write=False) as connection:
        Writer(connection, store, order, path, told.append).write()
    assert told == list(range(1, len(lines_to_export()) + 1))
    with ZipFile(path) as file:
        yield file


@on_sqlite
def test_every_table_is_in_it_with_ones_own_rows_alone(written: ZipFile) -> None:
    """A table that is left out is a right that is left out; a neighbour's row is a leak."""
    for area, line in lines_to_export():
        rows = json.loads(written.read(f"data/{area}/{line.table}.json"))
        assert rows, line.table
        assert isinstance(line.export, Exported)
        assert not set(line.export.hides) & set(rows[0]), line.table
    for name in written.namelist():
        assert STRANGER.encode() not in written.read(name), name


@on_sqlite
def test_no_secret_leaves_with_it(written: ZipFile) -> None:
    """A file on a lost stick must open nothing: not even the hash of a passcode is in it."""
    columns = {c.name for _, line in lines_to_export() for c in table_of(line).columns}
    secret = {name for name in columns if re.search(r"hash|passcode$|secret|nonce|anchor", name)}
    assert secret >= {"code_hash", "passcode", "passcode_hash", "token_hash"}
    for area, line in lines_to_export():
        for row in json.loads(written.read(f"data/{area}/{line.table}.json")):
            assert not secret & set(row), line.table


@on_sqlite
def test_photos_and_papers_lie_beside_and_are_named(written: ZipFile) -> None:
    """A resident gets their photos back, and finds which report each belongs to."""
    photos = json.loads(written.read("data/reports/media.json"))
    paths = [path for photo in photos for path in photo["files"]]
    assert paths
    assert all(written.read(path) == f"photo of {RESIDENT}".encode() for path in paths)
    [certificate] = json.loads(written.read("data/certificates/certificates.json"))
    assert {path.rsplit(".", 1)[1] for path in certificate["files"]} == {"pdf", "tsr"}


@on_sqlite
def test_the_page_reads_without_any_network(written: ZipFile) -> None:
    """It is opened years later on somebody's computer: it may ask nobody for anything."""
    page = written.read("index.html").decode()
    assert not re.search(r"(src|href)=\"(https?:|//)", page)
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "Trần &lt;b&gt;Minh" in page
    linked = set(re.findall(r'(?:src|href)="([^"#]+)"', page))
    assert linked <= set(written.namelist())


@each_line
def test_every_table_of_an_export_has_a_title_and_words(line: Line) -> None:
    """`certificate_presentation_checks` is no heading for a person."""
    assert line.table in TITLES, f"add {line.table!r} to TITLES in gateway/privacy/words.py"
    names = {column.name for column in table_of(line).columns}
    assert names & set(COLUMNS), f"add a column of {line.table} to COLUMNS"


def test_every_area_has_a_name() -> None:
    """As every table does."""
    assert set(AREA_WORDS) == set(AREAS)
