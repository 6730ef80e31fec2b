"""The office's commands: gates are added, listed and ended, and flagged taps are listed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from gate.station import Station
from gateway.__main__ import main
from gateway.cards.gate_tables import gates, taps
from gateway.database import Database
from gateway.settings import Settings
from tests.support.card_codes import AT

SLOT = AT // 3600


@pytest.fixture
def office(migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A sandbox's data folder that the commands use."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(migrated_sqlite, folder / "gateway.sqlite3")
    monkeypatch.setenv("IHANOI_DATA", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return Settings(data_folder=folder)


def row_of(settings: Settings, gate_id: str) -> Any:
    """The gate's row."""
    database = Database(settings.database_url)
    found = select(gates).where(gates.c.gate_id == gate_id)
    row = database.run_here(lambda db: db.execute(found).one_or_none(), write=False)
    database.close()
    return row


def test_the_office_adds_a_gate_and_its_file_alone_holds_the_secret(
    office: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One command sets up a gate; the file is its owner's alone and pins the root."""
    argv = ["gates", "add", "cho-mo-1", "--place", "cho-mo", "--kind", "parking", "--product", "2"]
    assert main(argv) == 0
    file = tmp_path / "cho-mo-1.json"
    assert file.stat().st_mode & 0o777 == 0o600
    made = json.loads(file.read_text(encoding="utf-8"))
    assert main(["gates", "root"]) == 0
    said = capsys.readouterr().out
    assert made["root"] in said
    assert made["secret"] not in said
    assert (made["gateway"], made["products"]) == ("http://127.0.0.1:8550/api", [2])
    assert made["groups"] == {"0": "Phổ thông", "1": "Ưu tiên", "2": "Miễn phí"}
    folder = tmp_path / "gate"
    folder.mkdir()
    file.rename(folder / "gate.json")
    assert Station(folder).setup.gate_id == "cho-mo-1"
    row = row_of(office, "cho-mo-1")
    assert (row.kind, row.place_id, row.ended_at) == ("parking", "cho-mo", None)
    assert made["secret"] not in str(row)


def test_the_office_lists_and_ends_gates(
    office: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is stolen is ended by name; a wrong name is said."""
    assert main(["gates", "add", "north", "--place", "stop-1"]) == 0
    assert main(["gates", "end", "north"]) == 0
    assert main(["gates", "end", "south"]) == 1
    capsys.readouterr()
    assert main(["gates", "list"]) == 0
    assert capsys.readouterr().out == "north\ttransit\tstop-1\tended\t-\t0\n"
    assert main(["gates", "flagged"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["gates", "add", "north", "--place", "stop-1"]) == 0
    assert row_of(office, "north").ended_at is None


def test_a_name_that_cannot_be_a_gates_is_refused(
    office: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dot in a name would make two credentials of one."""
    assert main(["gates", "add", "a.b", "--place", "stop", "--out", "x.json"]) == 1
    assert "small letters" in capsys.readouterr().err
    assert not Path("x.json").exists()


def test_outside_the_sandbox_the_root_key_must_be_there(
    office: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A root key made by accident would be pinned in gates that no one can ever change."""
    monkeypatch.setenv("IHANOI_SANDBOX", "0")
    assert main(["gates", "root"]) == 1
    assert "card-root.pem" in capsys.readouterr().err


def test_flagged_taps_are_listed(office: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """The office sees which card was at two gates, and when."""
    assert main(["gates", "add", "north", "--place", "stop-1"]) == 0
    row: dict[str, Any] = {
        "tap_id": "1",
        "gate_id": "north",
        "kind": "transit",
        "place_id": "stop-1",
    }
    row |= {"card_id": "ab" * 8, "slot": SLOT, "step": 1, "direction": "in", "product": 1}
    row |= {"fare_group": 0, "moment": AT, "payload": bytes(99), "received_at": AT}
    database = Database(office.database_url)
    database.run_here(lambda db: db.execute(insert(taps), row | {"flagged": None}))
    capsys.readouterr()
    assert main(["gates", "flagged"]) == 0
    assert capsys.readouterr().out == ""
    database.run_here(lambda db: db.execute(update(taps).values(flagged="two_gates")))
    database.close()
    assert main(["gates", "flagged"]) == 0
    assert capsys.readouterr().out == f"{AT}\t{'ab' * 8}\tnorth\tin\ttwo_gates\n"
