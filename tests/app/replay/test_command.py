"""`make replay FILE=…`: on any machine, also one without a network; a file that is no bundle is refused in words."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.replay.__main__ import main
from app.replay.performing import perform
from app.replay.testing import write_test
from services.diagnostics import write
from tests.support.bundles import example

ROOT = Path(__file__).parents[3]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "HT-4K7P-29.zip"
    path.write_bytes(write(example()))
    return path


def test_a_replay_runs_where_there_is_no_network_at_all(file: Path) -> None:
    """A process of its own in a network namespace without even a loopback: two seconds, the proof of the promise."""
    command = ["unshare", "--map-root-user", "--net"]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*command, "true"], check=False).returncode
    ):
        pytest.skip("this machine gives no network namespace")
    ran = subprocess.run(
        [*command, sys.executable, "-m", "app.replay", "--check", str(file)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert "Gặp lỗi 503" in ran.stdout, ran.stderr
    assert ran.returncode == 1, "the example by hand differs from what the app does"


def test_a_replay_opens_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where there is a network, nothing asks for it."""

    def never(*_given: object, **_named: object) -> None:
        raise AssertionError("a socket was asked for")

    for name in ("socket", "socketpair", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, never)
    assert len(perform(example()).scenes) == len(example().steps)


def test_the_terminal_names_the_first_step_that_differs(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An engineer reads at a glance where this version leaves the recording."""
    assert main(["--check", str(file)]) == 1
    said = capsys.readouterr().out
    assert "The first step that differs is 3" in said
    assert "recorded with app 0.1.0" in said


@pytest.mark.parametrize(
    ("content", "code"), [(b"PK no", "bundle_damaged"), (b"a letter", "bundle_foreign")]
)
def test_a_file_that_is_no_bundle_is_refused_in_words(
    content: bytes, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence and not a traceback."""
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    assert main(["--check", str(path)]) == 2
    assert code in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typing error in FILE=… is told as one."""
    assert main([str(tmp_path / "none.zip")]) == 2
    assert "none.zip cannot be read" in capsys.readouterr().err


def test_a_test_is_written_with_its_bundle_beside_it(file: Path, tmp_path: Path) -> None:
    """The story says what was met; the name is a sentence about the resident."""
    path = write_test(file.read_bytes(), "HT-4K7P-29", tmp_path / "replayed")
    text = path.read_text("utf-8")
    assert path.name == "test_ht_4k7p_29.py"
    assert "test_the_resident_no_longer_meets_gateway_unavailable" in text
    assert "Step 6 ended in GatewayUnavailable (gateway_unavailable, 503)" in text
    assert path.with_name("ht_4k7p_29.zip").read_bytes() == file.read_bytes()
    compile(text, str(path), "exec")
