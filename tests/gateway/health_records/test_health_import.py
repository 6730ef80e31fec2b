"""Bundles from anywhere come in whole, once, and the command says what became of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.database import Database
from gateway.health_records import import_health
from gateway.health_records.tables import patients
from gateway.settings import Settings
from tests.gateway.health_records.imported import SUBJECT, summary_of, text_of, titles_of
from tests.gateway.health_records.samples import document


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


def test_an_import_into_an_unreachable_database_says_so(
    tmp_path: Path, write_file: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """One clear sentence and a non-zero exit, also when it is not the file's fault."""
    settings = Settings(
        data_folder=tmp_path, database_url=f"sqlite:///{tmp_path}/no/such/folder.db"
    )
    assert import_health([write_file(document())], settings) == 1
    assert capsys.readouterr().err.startswith("The database cannot be opened")
