"""`python -m gateway verify FILE`."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.certificates import verify_command
from gateway.certificates.authority import Authority
from gateway.database import Database
from gateway.settings import Settings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def keys(settings: Settings, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data folder's keys are those of the test's authority."""
    monkeypatch.setattr("gateway.certificates.command.read_authority", lambda _: authority)


def test_a_genuine_file_ends_with_0(
    tmp_path: Path, settings: Settings, registered: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Scripts read the exit code, people the word."""
    file = tmp_path / "phieu.pdf"
    file.write_bytes(registered)
    assert verify_command([str(file)], settings) == 0
    assert capsys.readouterr().out.startswith("valid: ")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda document: document[:-1] + b"X", "altered"),
        (lambda document: document[:9000] + b"\x00" + document[9001:], "altered"),
        (lambda document: b"garbage", "unknown"),
    ],
)
def test_every_other_file_ends_with_1(
    tmp_path: Path,
    settings: Settings,
    registered: bytes,
    capsys: pytest.CaptureFixture[str],
    change: object,
    word: str,
) -> None:
    """Zero would let it through a script."""
    file = tmp_path / "phieu.pdf"
    file.write_bytes(change(registered))  # type: ignore[operator]
    assert verify_command([str(file)], settings) == 1
    assert capsys.readouterr().out.startswith(f"{word}: ")


def test_what_could_not_be_checked_ends_with_2(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing file or register is no verdict on a certificate."""
    large = tmp_path / "large.pdf"
    large.write_bytes(b"x" * 2_000_001)
    for argv in ([], ["a", "b"], [str(tmp_path / "missing.pdf")], [str(tmp_path)], [str(large)]):
        assert verify_command(argv, settings) == 2
        said = capsys.readouterr()
        assert said.err.startswith("unchecked: ")
        assert said.out == ""


def test_a_register_without_tables_is_not_a_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], drawn: bytes
) -> None:
    """The wrong data folder must not turn every certificate into an unknown one."""
    file = tmp_path / "phieu.pdf"
    file.write_bytes(drawn)
    empty = Settings(data_folder=tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    assert verify_command([str(file)], empty) == 2
    assert "register" in capsys.readouterr().err


def test_the_database_is_given_back(settings: Settings, database: Database, tmp_path: Path) -> None:
    """The command can run beside a serving gateway."""
    file = tmp_path / "phieu.pdf"
    file.write_bytes(b"nothing")
    assert verify_command([str(file)], settings) == 1
    assert database.run_here(lambda db: db.exec_driver_sql("SELECT 1").scalar()) == 1
