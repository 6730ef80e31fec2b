"""Codes off pictures: files, and the frames that a camera puts into a folder."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from gate.images import codes_in, frames
from services.card_code import draw_png
from tests.support.card_codes import AT, SampleCard

ROOT = Path(__file__).parents[2]
CARD = SampleCard(card_id=b"\x20" + bytes(7))
"""Its code begins with a space, which no reader may take away."""


def picture(text: str) -> bytes:
    """A photograph of the code, as large as a phone's."""
    with Image.open(io.BytesIO(draw_png(text))) as drawn:
        photo = Image.new("RGB", (900, 700), (120, 130, 110))
        photo.paste(drawn.convert("RGB").rotate(7, expand=True, fillcolor="white"), (150, 80))
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=80)
    return out.getvalue()


def times(count: int) -> Callable[[], bool]:
    """True that many times."""
    left = iter([True] * count)
    return lambda: next(left, False)


def test_a_picture_shows_its_code_with_every_space() -> None:
    """A code may begin with a space; without it an honest card would be malformed."""
    text = CARD.code(AT)
    assert text[0] == " "
    assert codes_in(picture(text)) == [text]


@pytest.mark.parametrize("content", [b"", b"no picture", draw_png(CARD.code(AT))[:200]])
def test_what_is_no_picture_shows_no_code(content: bytes) -> None:
    """A broken frame is not the end of the gate."""
    assert codes_in(content) == []


def test_a_picture_too_large_to_be_a_frame_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture made to fill the memory when it is unpacked must not stop the gate."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert codes_in(draw_png(CARD.code(AT))) == []


def test_the_command_reads_pictures(tmp_path: Path) -> None:
    """An inspector's photographs are checked as lines are."""
    text = CARD.code(AT)
    (tmp_path / "code.jpg").write_bytes(picture(text))
    Image.new("L", (50, 50)).save(tmp_path / "black.png")
    files = [str(tmp_path / name) for name in ("code.jpg", "black.png", "code.jpg")]
    command = [sys.executable, "-m", "gate", "check", "--at", str(AT), *files]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    card = CARD.card_id.hex()
    assert done.stdout == f"unknown_key\t{card}\nunread\t-\nunknown_key\t{card}\n"
    command = [sys.executable, "-m", "gate", "check", str(tmp_path / "none.png")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert "none.png cannot be read" in done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a camera puts its frames."""
    (tmp_path / "frames").mkdir()
    return tmp_path / "frames"


def seen(folder: Path, looks: int = 1) -> Iterator[str]:
    """The codes of that many looks into the folder."""
    return frames(folder, times(looks))


def test_a_camera_that_sees_one_code_many_times_counts_it_once(folder: Path) -> None:
    """A code is before the camera for a second; its holder must not be told `replayed` at once."""
    first, second = CARD.code(AT), CARD.code(AT + 15)
    for number, text in enumerate([first, first, first, second, second]):
        (folder / f"{number:04}.png").write_bytes(draw_png(text))
    assert list(seen(folder)) == [first, second]


def test_frames_are_gone_after_they_were_read(folder: Path) -> None:
    """They show people's phones and faces; what no camera made is not touched."""
    (folder / "0.png").write_bytes(draw_png(CARD.code(AT)))
    Image.new("L", (50, 50)).save(folder / "1.png")
    (folder / "notes.txt").write_text("kept")
    assert len(list(seen(folder))) == 1
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_frame_that_is_still_being_written_is_read_when_it_is_whole(folder: Path) -> None:
    """A camera's program writes while the gate looks."""
    whole = draw_png(CARD.code(AT))
    file = folder / "0.png"
    file.write_bytes(whole[: len(whole) // 2])
    assert list(seen(folder)) == []
    assert file.exists()
    file.write_bytes(whole)
    assert list(seen(folder)) == [CARD.code(AT)]


def test_a_frame_that_never_becomes_whole_is_thrown_away(folder: Path) -> None:
    """A camera that was unplugged must not leave the folder full."""
    import os

    file = folder / "0.png"
    file.write_bytes(b"half")
    os.utime(file, (time.time() - 60,) * 2)
    assert list(seen(folder)) == []
    assert not file.exists()
