"""Bundles from anywhere come in whole, once, and the command says what became of each."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from gateway.database import Database
from gateway.health_records import import_health
from gateway.health_records.arrivals import Kept
from gateway.health_records.bundles import BrokenBundleError, read_bundle, rebuild
from gateway.health_records.keeping import batches, head_of, keep_batch
from gateway.health_records.store import find_patient, stored_bundles
from gateway.health_records.streaming import BundleStream, survey
from gateway.health_records.summary import summarize
from gateway.health_records.tables import current, patients, resources
from gateway.settings import Settings
from tests.gateway.conftest import on_sqlite
from tests.gateway.health_records.samples import document

SUBJECT = "test-minh-anh"


def text_of(database: Database, subject: str) -> str:
    def work(connection: Connection) -> str:
        patient_id = find_patient(connection, subject)
        assert patient_id is not None
        return summarize(patient_id, stored_bundles(connection, patient_id))

    return database.run_here(work)


def summary_of(database: Database, subject: str = SUBJECT) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text_of(database, subject))
    return found


def titles_of(summary: dict[str, Any]) -> dict[str, int]:
    sections = summary["entry"][0]["resource"]["section"]
    return {s["code"]["coding"][0]["code"]: len(s.get("entry", [])) for s in sections}


def references_of(value: object) -> set[str]:
    if isinstance(value, list):
        return {found for item in value for found in references_of(item)}
    if not isinstance(value, dict):
        return set()
    own = {value["reference"]} if isinstance(value.get("reference"), str) else set()
    return own | references_of(list(value.values()))


def test_all_shared_bundles_load_and_show(
    shared_bundles: list[Path],
    settings: Settings,
    database: Database,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Real summaries of real countries: Hong Kong, the Netherlands, New Zealand, HL7's own."""
    assert import_health([*map(str, shared_bundles), "--subject", SUBJECT], settings) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(shared_bundles) == 5
    assert all(": kept " in line for line in lines)
    summary = summary_of(database)
    addresses = {entry["fullUrl"] for entry in summary["entry"]}
    assert len(addresses) == len(summary["entry"])
    assert titles_of(summary)["48765-2"] >= 5
    words = json.dumps(summary, ensure_ascii=False)
    for expected in ("Seafood", "METFORMINE 1000MG TABLET", "Menopausal flushing", "B52b"):
        assert expected in words


def test_every_shared_bundle_alone_comes_back_word_for_word(
    shared_bundles: list[Path], settings: Settings, database: Database
) -> None:
    """Nothing is lost: not a digit of a number, not an extension no view knows."""
    for place, file in enumerate(shared_bundles):
        assert import_health([str(file), "--subject", f"test-{place}"], settings) == 0
        text = text_of(database, f"test-{place}")
        assert text == file.read_text(encoding="utf-8-sig")


def test_a_second_import_keeps_nothing_new(
    settings: Settings, write_file: Any, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """An import that was broken off is simply run again."""
    file = write_file(document())
    assert import_health([file, "--subject", SUBJECT], settings) == 0
    before = summary_of(database)
    assert "kept 3 of 3 resources (1 AllergyIntolerance" in capsys.readouterr().out
    assert import_health([file, "--subject", SUBJECT], settings) == 0
    assert "kept 0 of 3 resources; left 3: already stored" in capsys.readouterr().out
    assert summary_of(database) == before


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{not json", "not JSON (line 1)"),
        ('{"resourceType": "Bundle", "entry": [{"resource": {"a": NaN}}]}', "not JSON"),
        ('{"resourceType": "Patient"}', "it holds Patient, not a FHIR Bundle"),
        ("[]", "it holds something else"),
        ('{"resourceType": "Bundle", "entry": {}}', "its entry is not a list"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_broken_file_costs_only_itself(
    content: str, why: str, settings: Settings, write_file: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """One bad file among hundreds must not stop the others, and must not go unseen."""
    broken, good = write_file(content, "broken.json"), write_file(document(), "good.json")
    assert import_health([broken, good, "--subject", SUBJECT], settings) == 1
    printed = capsys.readouterr()
    assert f"{good}: kept 3 of 3" in printed.out
    assert printed.err.startswith(f"{broken}: could not be read: ")
    assert why in printed.err
    assert printed.err.count("\n") == 1


def test_a_missing_file_and_one_that_is_not_text_are_named(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence names the file and the reason, without a traceback."""
    (tmp_path / "picture.json").write_bytes(b"\xff\xd8\xff")
    files = [str(tmp_path / "absent.json"), str(tmp_path / "picture.json"), str(tmp_path)]
    assert import_health(files, settings) == 1
    printed = capsys.readouterr().err.splitlines()
    assert "no such file or directory" in printed[0]
    assert "not UTF-8 text" in printed[1]
    assert "is a directory" in printed[2]


def test_what_is_left_is_counted_with_its_reason(
    settings: Settings, write_file: Any, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """A facility that sends a wrong bundle has to learn what was wrong with it."""
    bundle = document()
    other = {"resourceType": "Patient", "id": "9", "name": [{"text": "Người khác"}]}
    theirs = {"resourceType": "Condition", "subject": {"reference": "Patient/9"}, "code": {}}
    bundle["entry"] += [
        {"fullUrl": "http://clinic.test/Patient/9", "resource": other},
        {"resource": theirs},
        {"resource": {"id": "without a type"}},
        {"request": {"method": "DELETE"}},
    ]
    assert import_health([write_file(bundle), "--subject", SUBJECT], settings) == 0
    line = capsys.readouterr().out
    assert "kept 3 of 6 resources" in line
    for reason in ("2: about another patient", "1: no resourceType", "1: no resource in the entry"):
        assert f"left {reason}" in line
    assert "Người khác" not in json.dumps(summary_of(database), ensure_ascii=False)


def test_without_a_subject_the_bundles_own_patient_waits_unclaimed(
    settings: Settings, write_file: Any, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Facilities send before a resident first signs in; nobody may read it until it is claimed."""
    bundle = document()
    bundle["entry"][1]["resource"]["identifier"] = [{"system": "urn:bhyt", "value": "DN1"}]
    file = write_file(bundle)
    assert import_health([file], settings) == 0
    assert "stored as unclaimed" in capsys.readouterr().out
    assert import_health([file], settings) == 0
    [row] = database.run_here(lambda c: c.execute(patients.select()).mappings().all())
    assert (row["subject"], row["identifier"]) == (None, "urn:bhyt|DN1")


def test_a_bundle_without_a_patient_needs_a_subject(
    settings: Settings, write_file: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """It could be anybody's: guessing would put a disease into a stranger's record."""
    bundle = document()
    bundle["entry"] = bundle["entry"][2:]
    file = write_file(bundle)
    assert import_health([file], settings) == 0
    assert "left 1: no Patient in the bundle, and no --subject given" in capsys.readouterr().out
    assert import_health([file, "--subject", SUBJECT], settings) == 0
    assert "kept 1 of 1" in capsys.readouterr().out


def synthea(kind: str) -> dict[str, Any]:
    """The shape of Synthea's bundles: urn:uuid addresses, a request with each resource, no Composition."""

    def entry(number: int, resource: dict[str, Any]) -> dict[str, Any]:
        name = f"00000000-0000-4000-8000-{number:012}"
        request = {"method": "POST", "url": resource["resourceType"]}
        return {
            "fullUrl": f"urn:uuid:{name}",
            "resource": {**resource, "id": name},
            **({"request": request} if kind == "transaction" else {}),
        }

    subject = {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"}
    concept = {"text": "Từ Synthea"}
    vital = [{"coding": [{"code": "vital-signs"}]}]
    return {
        "resourceType": "Bundle",
        "type": kind,
        "entry": [
            entry(1, {"resourceType": "Patient", "name": [{"family": "Abbott"}]}),
            entry(2, {"resourceType": "Condition", "subject": subject, "code": concept}),
            entry(3, {"resourceType": "Observation", "subject": subject, "code": concept}),
            entry(
                4,
                {"resourceType": "Observation", "subject": subject, "code": concept}
                | {"category": vital},
            ),
            entry(5, {"resourceType": "Claim", "patient": subject}),
        ],
    }


@pytest.mark.parametrize("kind", ["transaction", "collection"])
def test_a_synthea_bundle_becomes_a_summary(
    kind: str, settings: Settings, write_file: Any, database: Database
) -> None:
    """Bundles without a document's table of contents still read as one."""
    assert import_health([write_file(synthea(kind)), "--subject", SUBJECT], settings) == 0
    summary = summary_of(database)
    assert summary["type"] == "document"
    found = titles_of(summary)
    assert (found["11450-4"], found["30954-2"], found["8716-3"]) == (1, 1, 1)
    assert (found["48765-2"], found["10160-0"]) == (0, 0)
    addresses = {entry["fullUrl"] for entry in summary["entry"]}
    assert references_of(summary) <= addresses
    assert "Claim" not in {entry["resource"]["resourceType"] for entry in summary["entry"]}


def test_records_of_two_sources_are_one_summary_with_whole_references(
    settings: Settings, write_file: Any, database: Database
) -> None:
    """Both clinics number their patients 1; each resource keeps its own neighbours."""
    there = json.loads(json.dumps(document(name="B", allergy="Hải sản")).replace("clinic", "other"))
    files = [write_file(document(), "a.json"), write_file(there, "b.json")]
    assert import_health([*files, "--subject", SUBJECT], settings) == 0
    summary = summary_of(database)
    assert titles_of(summary)["48765-2"] == 2
    addresses = [entry["fullUrl"] for entry in summary["entry"]]
    assert len(set(addresses)) == len(addresses)
    assert references_of(summary) <= set(addresses)
    kinds = [entry["resource"]["resourceType"] for entry in summary["entry"]]
    assert kinds.count("Patient") == 1


def test_a_newer_version_of_a_document_takes_the_older_ones_place(
    settings: Settings, write_file: Any, database: Database
) -> None:
    """An allergy that was withdrawn must not live on in an older copy of the same document."""
    newer = document(allergy="Không phải penicillin") | {"timestamp": "2026-11-01T00:00:00Z"}
    files = [write_file(newer, "new.json"), write_file(document(), "old.json")]
    assert import_health([*files, "--subject", SUBJECT], settings) == 0
    words = json.dumps(summary_of(database), ensure_ascii=False)
    assert "Không phải penicillin" in words
    assert '"Penicillin"' not in words


def test_numbers_keep_their_digits() -> None:
    """In FHIR 1.50 says more than 1.5; a laboratory's precision is not ours to round."""
    text = '{ "resourceType":"Bundle", "x": 1.50,\n "entry":[{"resource": {"v": 2.0e1}}, {}] }'
    bundle = read_bundle(text.encode())
    assert bundle.entries[0].raw == '{"v": 2.0e1}'
    assert rebuild(bundle.envelope, [entry.raw for entry in bundle.entries]) == text
    with pytest.raises(BrokenBundleError):
        read_bundle(text[:-1].encode())


def test_an_import_into_an_unreachable_database_says_so(
    tmp_path: Path, write_file: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """One clear sentence and a non-zero exit, also when it is not the file's fault."""
    settings = Settings(
        data_folder=tmp_path, database_url=f"sqlite:///{tmp_path}/no/such/folder.db"
    )
    assert import_health([write_file(document())], settings) == 1
    assert capsys.readouterr().err.startswith("The database cannot be opened")


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
