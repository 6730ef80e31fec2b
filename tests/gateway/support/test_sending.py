"""A resident sends a bundle and gets a code; whatever is no bundle is refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.support.bundle_file import UnusableBundle, read_manifest
from gateway.support.codes import PATTERN, SIGNS, new_code, read_code
from tests.gateway.clocked_city import Call, CityClock
from tests.gateway.conftest import STRANGER, on_sqlite
from tests.gateway.support.conftest import MANIFEST, Send, bundle


def files_of(folder: Path) -> list[Path]:
    """The bundles that lie in the media store."""
    return sorted((folder / "media").glob("*.zip"))


async def test_a_sent_bundle_has_a_code_a_deadline_and_an_end(send: Send, call: Call) -> None:
    """The resident reads the code over the phone and knows when it is answered and when it is gone."""
    sent = (await send(description="Bấm Gửi thì báo lỗi.", error_reference="c1f7-9a20")).json()
    assert PATTERN.fullmatch(sent["code"])
    assert (sent["state"], sent["bundle"], sent["awaits"]) == ("open", "kept", "support")
    assert sent["manifest"] == MANIFEST
    assert sent["answer_by"] == "2026-11-25T17:00:00+07:00"
    assert sent["expires"] == "2026-12-01T10:00:00+07:00"
    assert [one["text"] for one in sent["messages"]] == ["Bấm Gửi thì báo lỗi."]
    [listed] = (await call("GET", "/cases")).json()["cases"]
    assert (listed["code"], listed["error_reference"]) == (sent["code"], "c1f7-9a20")


async def test_a_bundle_sent_twice_is_one(send: Send, tmp_path: Path) -> None:
    """The answer got lost on a bad network; the outbox sends again under the same key."""
    first, second = await send(key="k-1"), await send(key="k-1")
    assert first.json()["code"] == second.json()["code"]
    assert second.headers["idempotency-replayed"] == "true"
    assert len(files_of(tmp_path)) == 1
    other = await send(bundle(preferences=b"{}"), key="k-1")
    assert (other.status_code, len(files_of(tmp_path))) == (422, 1)


async def test_bundles_of_two_residents_stay_apart(send: Send, call: Call) -> None:
    """A code read aloud on a bus opens nothing for a neighbour."""
    code = (await send()).json()["code"]
    assert (await call("GET", "/cases", by=STRANGER)).json() == {"cases": []}
    for method, path, body in (
        ("GET", f"/cases/{code}", None),
        ("DELETE", f"/cases/{code}/bundle", None),
        ("POST", f"/cases/{code}/messages", {"text": "Tôi là ai?"}),
        ("POST", f"/cases/{code}/close", {}),
    ):
        theirs = await call(method, path, body, by=STRANGER)
        nobodys = await call(method, path.replace(code, "HT-2222-22"), body, by=STRANGER)
        assert (theirs.status_code, nobodys.status_code) == (404, 404), path
    mine = (await call("GET", f"/cases/{code}")).json()
    assert (mine["bundle"], mine["state"], mine["messages"]) == ("kept", "open", [])


async def test_a_deleted_bundle_is_gone_at_once(send: Send, call: Call, tmp_path: Path) -> None:
    """Whoever thinks better of it takes the file back; the thread stays."""
    code = (await send(description="Giúp tôi với.")).json()["code"]
    for _again in range(2):
        assert (await call("DELETE", f"/cases/{code}/bundle")).status_code == 204
    assert files_of(tmp_path) == []
    left = (await call("GET", f"/cases/{code}")).json()
    assert (left["bundle"], left["manifest"], left["size"]) == ("deleted", {}, 0)
    assert len(left["messages"]) == 1


async def test_a_thread_closed_by_its_resident_takes_no_more_words(send: Send, call: Call) -> None:
    """Closed is closed, and closing twice is closing once."""
    code = (await send()).json()["code"]
    for _again in range(2):
        closed = await call("POST", f"/cases/{code}/close", {})
        assert (closed.json()["state"], closed.json()["awaits"]) == ("closed", "nobody")
    refused = await call("POST", f"/cases/{code}/messages", {"text": "À, còn nữa."})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/support-closed")


async def test_a_message_sent_twice_stands_there_once(send: Send, call: Call) -> None:
    """A second tap, a lost answer: one sentence."""
    code = (await send()).json()["code"]
    for _again in range(2):
        await call("POST", f"/cases/{code}/messages", {"text": "Vẫn lỗi."}, key="m-1")
    said = (await call("GET", f"/cases/{code}")).json()["messages"]
    assert [(one["author"], one["text"]) for one in said] == [("resident", "Vẫn lỗi.")]


@on_sqlite
async def test_nobody_fills_the_store(send: Send, call: Call, clock: CityClock) -> None:
    """Ten bundles a day, thirty messages an hour, and a moment when it goes on."""
    codes = [(await send()).json()["code"] for _n in range(10)]
    refused = await send()
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-bundles")
    assert refused.headers["retry-after"] == "86400"
    assert (await send(by=STRANGER)).status_code == 201
    for n in range(30):
        written = await call("POST", f"/cases/{codes[n % 10]}/messages", {"text": f"Lần {n}"})
        assert written.status_code == 201
    refused = await call("POST", f"/cases/{codes[0]}/messages", {"text": "Nữa"})
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-messages")
    clock.pass_by(days=1, seconds=1)
    assert (await send()).status_code == 201


def encrypted() -> bytes:
    """A zip whose first entry says that it is encrypted."""
    data = bytearray(bundle())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + at] |= 1
    return bytes(data)


def twice_named() -> bytes:
    """A zip with two manifests."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", "{}")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("manifest.json", "{}")
    return out.getvalue()


def climbing() -> bytes:
    """A zip that wants to be unpacked elsewhere."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", '{"made_by": "ihanoi-open"}')
        archive.writestr("../../etc/passwd", "")
    return out.getvalue()


def altered() -> bytes:
    """A bundle with one byte changed inside its manifest."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("manifest.json", '{"made_by": "ihanoi-open"}')
    return stored.getvalue().replace(b"ihanoi-open", b"ihanoi-Open", 1)


def before_its_file() -> bytes:
    """A bundle whose directory says that its files begin before the first byte."""
    data = bytearray(bundle())
    place = data.rindex(b"PK\x05\x06") + 16
    start = int.from_bytes(data[place : place + 4], "little")
    data[place : place + 4] = (start + 65_536).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "bundle_foreign"),
        (lambda: b"%PDF-1.7 no zip at all", "bundle_foreign"),
        (lambda: bundle()[:-30], "bundle_damaged"),
        (altered, "bundle_damaged"),
        (before_its_file, "bundle_damaged"),
        (lambda: bundle({"made_by": "somebody"}), "bundle_foreign"),
        (lambda: bundle([]), "bundle_foreign"),
        (encrypted, "bundle_foreign"),
        (twice_named, "bundle_foreign"),
        (climbing, "bundle_foreign"),
        (lambda: bundle(har=bytes(65 * 1024 * 1024)), "bundle_too_large"),
    ],
    ids=[
        "empty",
        "pdf",
        "cut",
        "altered",
        "before-its-file",
        "another-maker",
        "no-object",
        "encrypted",
        "twice-named",
        "climbing",
        "bomb",
    ],
)
@on_sqlite
async def test_what_is_no_bundle_is_refused_and_not_kept(
    send: Send, tmp_path: Path, make: Callable[[], bytes], code: str
) -> None:
    """Nothing that staff could open by mistake gets in, and a zip bomb does not go off."""
    refused = await send(make())
    assert refused.status_code == 422, refused.text
    [error] = refused.json()["errors"]
    assert (error["field"], error["code"]) == ("bundle", code)
    assert files_of(tmp_path) == []


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_is_unpacked() -> None:
    """What a zip says of an entry's size is only what it says."""
    data = bytearray(bundle(har=bytes(300_000)))
    declared = (300_000).to_bytes(4, "little")
    lying = bytes(data).replace(declared, (10).to_bytes(4, "little"))
    with pytest.raises(UnusableBundle) as refused:
        read_manifest(lying, most_unpacked=1_000)
    assert refused.value.code in ("bundle_too_large", "bundle_damaged")


def test_a_code_is_read_however_it_is_typed_and_never_guessed() -> None:
    """Small letters, blanks, no dashes, no HT: the same code; a sign that is none is not another's code."""
    for typed in ("HT-4K7P-29", "ht 4k7p 29", "4K7P29", " ht–4k7p–29 ", "HT.4K7P.29"):
        assert read_code(typed) == "HT-4K7P-29"
    assert read_code("HTK729") == "HT-HTK7-29"
    for typed in ("", "HT-4O7P-29", "HT-4K7P-2", "HT-4K7P-299", "HT-4K7P-01", "' OR 1=1 --"):
        assert read_code(typed) is None
    assert {len(new_code()) for _n in range(50)} == {10}
    assert not set("01OILBSZGNDVQJWF") & set(SIGNS)
    assert re.fullmatch(PATTERN, new_code())
