"""The code a device makes: the published vectors, the alphabet, the picture."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from services.card_code import (
    STEPS,
    Header,
    anchor_of,
    day_at,
    draw_png,
    encode_base45,
    link_at,
    payload,
    slot_at,
    step_at,
)

DOCUMENT = json.loads(
    (Path(__file__).parents[2] / "docs/card-code-vectors.json").read_text(encoding="utf-8")
)
TEXTS = [item["text"] for item in DOCUMENT["vectors"]]


@pytest.mark.parametrize("vector", DOCUMENT["vectors"], ids=lambda vector: str(vector["t"]))
def test_the_device_makes_the_published_code(vector: dict[str, Any]) -> None:
    """Any gate that follows the specification must accept this device."""
    card_id, seed = bytes.fromhex(vector["card_id"]), bytes.fromhex(vector["seed"])
    slot, step = slot_at(vector["t"]), step_at(vector["t"])
    number = DOCUMENT["issuer_key_number"]
    header = Header(
        number, card_id, slot, vector["product"], vector["group"], vector["valid_until"]
    ).to_bytes()
    link = link_at(card_id, slot, seed, step)
    text = encode_base45(payload(header, bytes.fromhex(vector["grant"]), step, link))
    assert header.hex() == vector["header"]
    assert anchor_of(card_id, slot, seed).hex() == vector["anchor"]
    assert (step, link.hex()) == (vector["step"], vector["link"])
    assert text == vector["text"]


def test_the_specification_in_docs_is_the_one_we_were_given() -> None:
    """A vector changed to fit the code would hide that no other gate opens."""
    assert len(DOCUMENT["vectors"]) == 6
    assert len(DOCUMENT["checks"]) == 12
    assert {len(text) for text in TEXTS} == {149}


@pytest.mark.parametrize(
    ("raw", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581")]
)
def test_base45_follows_its_standard(raw: bytes, text: str) -> None:
    """The examples of RFC 9285 itself."""
    assert encode_base45(raw) == text


@given(st.binary(min_size=18, max_size=18))
def test_a_header_reads_back_as_it_was_written(raw: bytes) -> None:
    """What the issuer signed is what the device believes of its card."""
    raw = bytes([0x10 | raw[0] & 0x0F]) + raw[1:]
    assert Header.from_bytes(raw).to_bytes() == raw


@pytest.mark.parametrize("raw", [b"", bytes(17), bytes(18), b"\x20" + bytes(17)])
def test_a_header_of_another_version_is_refused(raw: bytes) -> None:
    """A future format must not be shown as if it were understood."""
    with pytest.raises(ValueError, match="version 1"):
        Header.from_bytes(raw)


@given(st.binary(min_size=32, max_size=32), st.integers(0, STEPS - 2))
def test_each_shown_link_gives_away_only_older_ones(seed: bytes, step: int) -> None:
    """Hashing goes one way: from a newer link to an older one."""
    card_id, slot = bytes(8), 497_222
    link, newer = (link_at(card_id, slot, seed, k) for k in (step, step + 1))
    assert link != newer
    assert anchor_of(card_id, slot, seed) not in (link, newer)


def test_the_day_changes_at_midnight_in_hanoi() -> None:
    """A pass ends when the city's day ends."""
    assert day_at(17 * 3600 - 1) == 0
    assert day_at(17 * 3600) == 1


@pytest.mark.parametrize("text", TEXTS)
def test_a_scanner_reads_the_drawn_code(text: str) -> None:
    """The picture is version 5 at level L: 37 modules and a margin of four on each side."""
    picture = Image.open(io.BytesIO(draw_png(text, module=8)))
    assert picture.size == ((37 + 8) * 8, (37 + 8) * 8)
    [found] = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.text == text
    assert found.ec_level == "L"


def test_the_code_is_dark_on_white_with_a_white_margin() -> None:
    """Scanners need the contrast and the quiet margin in every theme."""
    picture = Image.open(io.BytesIO(draw_png(TEXTS[0], module=2))).convert("RGB")
    colours = {colour for _, colour in picture.getcolors() or []}
    assert colours == {(0x10, 0x20, 0x1A), (255, 255, 255)}
    margin = picture.crop((0, 0, picture.width, 8))
    assert margin.getcolors() == [(picture.width * 8, (255, 255, 255))]


@pytest.mark.parametrize("text", ["lower case", "É", "A" * 155])
def test_what_does_not_fit_the_picture_is_refused(text: str) -> None:
    """A code that no gate reads must fail here, not at the gate."""
    with pytest.raises(ValueError, match=r".+"):
        draw_png(text)
