"""Health links on the device: files that only their key opens, links as the standard writes them."""

from __future__ import annotations

import json
import os
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import Rejected
from services.health_sharing.jwe import decode, decrypt, encode, encrypt
from services.health_sharing.links import HealthLink, is_link, parse_link
from services.picture_codes import read_code
from views.components.link_code import draw_link

KEY = bytes(range(32))
PUBLISHED = (
    "https://viewer.example.org#shlink:/eyJ1cmwiOiJodHRwczovL2Voci5leGFtcGxlLm9yZy9xci9ZOXh3a1VkdG1OOXd3b0pvTjNmZ"
    "kpJaFgyVUd2Q0wxSm5sUFZOTDNrRFdNL20iLCJmbGFnIjoiTFAiLCJrZXkiOiJyeFRnWWxPYUtKUEZ0Y0VkMHFjY2VOOHdFVTRwOTRTcUF3SV"
    "dRZTZ1WDdRIiwibGFiZWwiOiJCYWNrLXRvLXNjaG9vbCBpbW11bml6YXRpb25zIGZvciBPbGl2ZXIgQnJvd24ifQ"
)
"""The link of the specification's own example (HL7 SMART Health Cards and Links IG, CC0)."""


def test_the_standards_own_example_is_read() -> None:
    """What others' apps make has to open here."""
    link = parse_link(PUBLISHED)
    assert link.url == "https://ehr.example.org/qr/Y9xwkUdtmN9wwoJoN3ffJIhX2UGvCL1JnlPVNL3kDWM/m"
    assert encode(link.key) == "rxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q"
    assert (link.asks_passcode, link.label) == (
        True,
        "Back-to-school immunizations for Oliver Brown",
    )


def test_a_link_comes_back_as_it_was_made_and_its_secrets_are_not_printed() -> None:
    """And the other way round; a log line must not hold the key."""
    ends = datetime(2026, 10, 14, 10, 28, tzinfo=UTC)
    link = HealthLink("https://city.test/api/shl/" + "x" * 43, KEY, "P", "Hồ sơ sức khỏe", ends)
    assert parse_link(link.text("https://city.test/share/")) == link
    assert "xxxx" not in repr(link)
    assert str(KEY) not in repr(link)


async def test_a_camera_reads_the_drawn_code() -> None:
    """A code that no phone reads shares nothing."""
    link = HealthLink("https://ihanoi.example/api/shl/" + encode(os.urandom(32)), KEY, "P", "Hồ sơ")
    text = link.text("https://ihanoi.example/share/")
    assert await read_code(draw_link(text)) == text


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"url": "https://a.test/x"}, "link_unreadable"),
        ({"url": "https://a.test/x", "key": "short"}, "link_unreadable"),
        ({"url": 5, "key": encode(KEY)}, "link_unreadable"),
        ({"url": "https://a.test/x", "key": encode(KEY), "v": 2}, "link_too_new"),
        ([], "link_unreadable"),
    ],
)
def test_a_link_that_is_none_is_refused_with_a_code(payload: Any, code: str) -> None:
    """Never a traceback: anybody can show anything."""
    text = f"shlink:/{encode(json.dumps(payload).encode())}"
    assert is_link(text)
    with pytest.raises(Rejected) as refused:
        parse_link(text)
    assert refused.value.code == code


@given(st.text(max_size=200))
def test_any_text_is_a_link_or_a_named_refusal(text: str) -> None:
    """The field takes whatever is pasted."""
    for tried in (text, f"shlink:/{text}"):
        assert outcome(tried) in {"link", "link_unreadable", "link_too_new"}


def outcome(text: str) -> str:
    try:
        parse_link(text)
    except Rejected as refused:
        return refused.code
    return "link"


def test_a_file_opens_with_its_key_and_is_smaller_than_the_text() -> None:
    """Packed before it is encrypted, as the standard has it."""
    content = json.dumps({"resourceType": "Bundle", "text": "Dị ứng " * 500}).encode()
    file = encrypt(content, KEY, "application/fhir+json")
    assert decrypt(file, KEY) == ("application/fhir+json", content)
    assert len(file) < len(content) / 4
    assert encrypt(content, KEY, "x") != encrypt(content, KEY, "x")


@settings(max_examples=60)
@given(st.data())
def test_any_change_of_a_file_is_noticed(data: st.DataObject) -> None:
    """Whoever keeps the file can neither read nor change it."""
    file = encrypt(b'{"resourceType":"Bundle"}', KEY, "application/fhir+json")
    at = data.draw(st.integers(0, len(file) - 1))
    letter = data.draw(st.sampled_from("ABCxyz012-_."))
    changed = file[:at] + letter + file[at + 1 :]
    parts = [part.rstrip("=") for part in changed.split(".")]
    same = len(parts) == 5 and [_bytes(p) for p in parts] == [_bytes(p) for p in file.split(".")]
    if same and parts[0] == file.split(".")[0]:
        return  # The last letter of base64 holds bits that mean nothing.
    with pytest.raises(Rejected):
        decrypt(changed, KEY)


def _bytes(part: str) -> bytes:
    try:
        return decode(part)
    except ValueError:
        return b"?" + part.encode()


@pytest.mark.parametrize("key", [bytes(32), bytes(range(1, 33))], ids=["zeros", "counted"])
def test_another_key_opens_nothing(key: bytes) -> None:
    """The key of one link is no key for another."""
    with pytest.raises(Rejected):
        decrypt(encrypt(b"{}", KEY, "application/fhir+json"), key)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "enc": "A256GCM"},
        {"alg": "dir", "enc": "A128GCM"},
        {"alg": "dir", "enc": "A256GCM", "zip": "GZ"},
        {"alg": "dir", "enc": "A256GCM", "crit": ["exp"]},
        ["dir"],
    ],
)
def test_a_header_that_asks_for_something_else_is_refused(header: Any) -> None:
    """The file's own header must not choose a weaker way."""
    with pytest.raises(Rejected):
        decrypt(_sealed(header, b"{}"), KEY)


def test_a_packed_bomb_is_refused() -> None:
    """A small file that unpacks to gigabytes would end the app."""
    packing = zlib.compressobj(wbits=-15)
    packed = packing.compress(bytes(40_000_000)) + packing.flush()
    with pytest.raises(Rejected):
        decrypt(_sealed({"alg": "dir", "enc": "A256GCM", "zip": "DEF"}, packed), KEY)


def _sealed(header: Any, content: bytes) -> str:
    protected, iv = encode(json.dumps(header).encode()), bytes(12)
    sealed = AESGCM(KEY).encrypt(iv, content, protected.encode())
    return ".".join((protected, "", encode(iv), encode(sealed[:-16]), encode(sealed[-16:])))
