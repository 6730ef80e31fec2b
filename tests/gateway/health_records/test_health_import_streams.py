"""Large imports: read piece by piece, gone on with after a break, and no larger in memory."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.database import Database
from gateway.health_records import import_health
from gateway.health_records.arrivals import Kept
from gateway.health_records.bundles import read_bundle
from gateway.health_records.keeping import batches, head_of, keep_batch
from gateway.health_records.streaming import BundleStream, survey
from gateway.health_records.tables import current, resources
from gateway.settings import Settings
from tests.gateway.conftest import on_sqlite
from tests.gateway.health_records.imported import SUBJECT, text_of
from tests.gateway.health_records.samples import document


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bundle counts as a large one, and is read in steps of seven bytes."""
    monkeypatch.setattr("gateway.health_records.importing.LARGE", 0)
    monkeypatch.setattr("gateway.health_records.streaming._CHUNK", 7)


@on_sqlite
def test_a_bundle_read_piece_by_piece_is_the_one_read_whole(
    shared_bundles: list[Path], settings: Settings, database: Database, streamed: None
) -> None:
    """The same resources, heads and texts, wherever a chunk ends."""
    for place, file in enumerate(shared_bundles):
        stream = BundleStream(file, lambda count: None)
        pieces = list(stream.pieces())
        whole = read_bundle(file.read_bytes())
        assert [piece.entry for piece in pieces] == list(whole.entries)
        text = "".join(piece.before + piece.entry.raw for piece in pieces) + stream.tail
        assert (text, stream.digest) == (file.read_text(encoding="utf-8-sig"), whole.digest)
        assert survey(file, lambda count: None).head == head_of(whole)
        assert import_health([str(file), "--subject", f"test-{place}"], settings) == 0
        assert text_of(database, f"test-{place}") == text


@on_sqlite
@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"resourceType": "Bundle"',
        '{"resourceType": "Bundle", }',
        '{"resourceType": "Bundle"} x',
        '{"resourceType": "Patient"}',
        '{"resourceType": "Bundle", "entry": {}}',
        '{"resourceType": "Bundle", "entry": [{"resource": {"a": NaN}}]}',
        '{"resourceType": "Bundle", "entry": [{},]}',
        '{"resourceType": "Bundle", "entry": [{"a": "\ud800"]}',
        '{"resourceType": "Bundle", "entry": [' + "[" * 100_000,
    ],
)
def test_a_large_broken_file_is_refused_as_a_small_one_is(
    content: str, settings: Settings, tmp_path: Path, streamed: None, capsys: Any, monkeypatch: Any
) -> None:
    """A download of a gigabyte that broke off must say so, and not be half a record."""
    monkeypatch.setattr("gateway.health_records.streaming._CHUNK", 1 << 16)
    file = tmp_path / "broken.json"
    file.write_bytes(content.encode("utf-8", "surrogatepass"))
    assert import_health([str(file), "--subject", SUBJECT], settings) == 1
    assert capsys.readouterr().err.startswith(f"{file}: could not be read: ")


@pytest.mark.postgresql
def test_an_import_that_was_broken_off_goes_on_where_it_was(
    settings: Settings, write_file: Any, database: Database, streamed: None, monkeypatch: Any
) -> None:
    """A cable pulled after half a million resources costs nothing but time."""
    monkeypatch.setattr("gateway.health_records.keeping.BATCH", 2)
    bundle = document()
    bundle["entry"] += [
        {"resource": {"resourceType": "Observation", "id": f"o{n}", "status": "final"}}
        for n in range(6)
    ]
    file = write_file(bundle)
    stored: list[int] = []

    def break_off(*asked: Any) -> Kept:
        stored.append(1)
        if len(stored) == 3:
            raise KeyboardInterrupt
        return keep_batch(*asked)

    monkeypatch.setattr("gateway.health_records.importing.keep_batch", break_off)
    with pytest.raises(KeyboardInterrupt):
        import_health([file, "--subject", SUBJECT], settings)
    monkeypatch.setattr("gateway.health_records.importing.keep_batch", keep_batch)
    assert import_health([file, "--subject", SUBJECT], settings) == 0
    rows = database.run_here(lambda c: c.execute(resources.select()).all())
    assert len(rows) == 9
    assert text_of(database, SUBJECT) == Path(file).read_text(encoding="utf-8")


def export(tmp_path: Path, folder: str, name: str) -> list[str]:
    """An NDJSON export: two patients, a result of each, in two files, results first."""
    here = tmp_path / folder
    here.mkdir()
    patients = [
        {"resourceType": "Patient", "id": str(n),
         "identifier": [{"system": "urn:bhyt", "value": f"{name}{n}"}]} for n in (1, 2)
    ]  # fmt: skip
    results = [
        {"resourceType": "Observation", "id": str(n), "status": "final",
         "subject": {"reference": f"Patient/{n}"}} for n in (1, 2, 3)
    ]  # fmt: skip
    results.append({"resourceType": "Practitioner", "id": "9"})
    files = []
    for file, lines in (("Observation.ndjson", results), ("Patient.ndjson", patients)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (here / file).write_text(text + ("{broken\n" if lines is results else ""))
        files.append(str(here / file))
    return files


@pytest.mark.postgresql
def test_an_ndjson_export_goes_to_its_patients_and_twice_changes_nothing(
    settings: Settings, tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two systems both number their patients 1: their results must never meet in one record."""
    files = export(tmp_path, "a", "A") + export(tmp_path, "b", "B")
    assert import_health(files, settings) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    for reason in ("1: a line that is not JSON", "1: about no patient", "1: about a patient who"):
        assert f"left {reason}" in lines[0]
    rows = database.run_here(lambda c: c.execute(current.select()).all())
    assert len({row.patient_id for row in rows}) == 4
    for patient_id in {row.patient_id for row in rows}:
        assert sorted(r.type for r in rows if r.patient_id == patient_id) == [
            "Observation",
            "Patient",
        ]
    assert import_health(files, settings) == 0
    assert "kept 0 of 5 resources; left 1: a line" in capsys.readouterr().out
    again = database.run_here(lambda c: c.execute(current.select()).all())
    assert again == rows


def test_memory_stays_the_same_however_large_the_bundle(tmp_path: Path, monkeypatch: Any) -> None:
    """`make bench-import` does it with a million; here the tenfold must not cost the double."""
    monkeypatch.setattr("gateway.health_records.streaming._CHUNK", 1 << 14)
    peaks = []
    for count in (1000, 8000):
        file = tmp_path / f"{count}.json"
        made = {"resourceType": "Observation", "status": "final", "note": [{"text": "x" * 300}]}
        inside = ",".join(json.dumps({"resource": {**made, "id": f"{n}"}}) for n in range(count))
        file.write_text(f'{{"resourceType":"Bundle","type":"collection","entry":[{inside}]}}')
        found = survey(file, lambda read: None)
        tracemalloc.start()
        for _batch in batches(BundleStream(file, lambda read: None).pieces()):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found.count == count
    assert peaks[1] < 1.5 * peaks[0], peaks


@pytest.mark.postgresql
async def test_a_resource_of_unstorable_characters_costs_nobody_else(
    gateway: httpx.AsyncClient, settings: Settings, write_file: Any, headers_for: Any
) -> None:
    """A NUL or half a letter somewhere in a record must not hide the allergies beside it."""
    bundle = json.dumps(document())
    for broken in ("\\u0000", "\\ud800"):
        words = bundle.replace("Penicillin", f"Peni{broken}cillin")
        words = words.replace('"title": "Allergies"', f'"title": "A{broken}"')
        words = words.replace("clinic.test", f"clinic{broken}.test").replace("urn:test:", broken)
        assert import_health([write_file(words), "--subject", SUBJECT], settings) == 0
    headers = headers_for(SUBJECT, "health")
    found = (await gateway.get("/fhir/R4/AllergyIntolerance", headers=headers)).json()
    assert {"Peni?cillin", "Peni\0cillin", "Peni\ud800cillin"} & {
        entry["resource"]["code"]["text"] for entry in found["entry"]
    }
    own = (await gateway.get("/fhir/R4/Patient", headers=headers)).json()["entry"][0]["resource"]
    summary = await gateway.get(f"/fhir/R4/Patient/{own['id']}/$summary", headers=headers)
    assert summary.status_code == 200
    printed = await gateway.post("/health/v1/summary.pdf", json={}, headers=headers)
    assert printed.status_code == 200
