"""What the device kept comes along as far as screens need it, and nothing of it opens anything."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from services.card_code import Header
from services.card_wallet import CardWallet, Enrolment, GrantedSlot, Window
from services.clock import ServerClock
from services.diagnostics import Recorder
from services.diagnostics.classes.stored import PAYLOADS
from services.diagnostics.reducing import Reducer
from services.diagnostics.stand_ins import StandIns
from services.diagnostics.state import again
from services.outbox import Outbox
from services.outbox_items import OutboxItem
from services.reach import Reach
from services.vault import SubjectVault, Vault
from tests.services.test_connect import House

BASE = "http://gateway/api"
SEED, GRANT, CARD = bytes(range(32)), bytes(range(100, 164)), "0a1b2c3d4e5f6071"
PERSONAL = ("Lan", "30K-012.34", "5 ngõ 12", "HN-2611", "21.0285", "Mẫu", "session-17", CARD)


def jpeg(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def rows(tmp_path: Path) -> SubjectVault:
    return Vault(tmp_path / "vault.sqlite3", b"k" * 32).for_subject("lan")


async def filled(rows: SubjectVault) -> Outbox:
    """A device of somebody who did much without a network, and has a card."""

    async def away(*_given: Any) -> Any:
        raise AssertionError("nothing is sent here")

    outbox = Outbox(rows, ServerClock(), Reach(), away)
    photo = {
        "jpeg": "",
        "width": 640,
        "height": 480,
        "place": [21.0285, 105.8],
        "description": "Lan",
    }
    report = {
        "description": "Đèn nhà Lan hỏng",
        "address": "5 ngõ 12",
        "photos": [photo],
        "lat": 21.0285,
    }
    items: list[tuple[str, str, dict[str, Any], str]] = [
        ("service_request", "draft-1", report | {"draft_id": "draft-1"}, ""),
        (
            "answer",
            "act-1",
            {"description": "Lan đây", "photos": [], "rating": "", "comment": "", "correction": {}},
            "HN-2611",
        ),
        (
            "parking_start",
            "stay-1",
            {
                "plate": "30K-012.34",
                "vehicle": "car_up_to_9",
                "place_id": "HK-014",
                "minutes": 60,
                "start_id": "stay-1",
            },
            "",
        ),
        (
            "parking_stop",
            "parking-stop-session-17",
            {"session_id": "session-17", "requested_at": 1},
            "",
        ),
    ]
    for kind, name, payload, about in items:
        photos = [(jpeg(640, 480), "Cổng nhà Lan")] if kind == "service_request" else []
        parts = [f"{name}.{n}" for n in range(len(photos))]
        item = OutboxItem(name, kind, payload, datetime.now(UTC), about=about, last_error="offline")
        row = item.to_row() | {
            "parts": [
                {"key": key, "size": len(shot), "media_id": "", "generation": 0, "caption": words}
                for key, (shot, words) in zip(parts, photos, strict=True)
            ]
        }
        await rows.put("outbox", name, row)
        for key, (shot, _words) in zip(parts, photos, strict=True):
            await rows.put("outbox_photos", key, b64encode(shot).decode())
    wallet = CardWallet(rows)
    await wallet.keep(Enrolment(CARD, "2026-01-01", "2027-01-01", moved_to="Máy của Lan"))
    await wallet.keep_window(Window(490_000, 1.0))
    header = Header(1, bytes.fromhex(CARD), 490_000, 3, 2, 20_800).to_bytes()
    await wallet.keep_slot(CARD, 490_000, GrantedSlot(SEED, header, GRANT))
    await wallet.seeds(CARD, [490_001])
    await wallet.enrolling_key({"device": "Máy của Lan"})
    for table in ("certificate_keys", "certificate_links", "health_links", "lock", "tokens"):
        await rows.put(table, "any", {"secret": SEED.hex(), "name": "Lan"})
    return outbox


async def state_of(rows: SubjectVault) -> dict[str, Any]:
    recorder = Recorder(ServerClock(), rows, BASE)
    await recorder.remember()
    return dict((await recorder.bundle()).state)


async def test_what_waits_and_the_card_come_along_with_stand_ins(rows: SubjectVault) -> None:
    """A queue that replays as empty is not what the resident saw."""
    await filled(rows)
    state = await state_of(rows)
    items = [OutboxItem.from_row(row) for row in state["outbox"].values()]
    assert [item.kind for item in items] == [
        "service_request",
        "answer",
        "parking_start",
        "parking_stop",
    ]
    assert {item.last_error for item in items} == {"offline"}
    report, _answer, start, stop = items
    assert len(report.payload["description"]) == len("Đèn nhà Lan hỏng")
    assert start.payload["minutes"] == 60
    assert stop.id == f"parking-stop-{stop.payload['session_id']}"
    [part] = report.parts
    with Image.open(BytesIO(b64decode(state["outbox_photos"][part.key]))) as picture:
        assert picture.size == (640, 480)
        assert len(picture.convert("RGB").getcolors() or ()) == 1
    card = Enrolment(**state["card"]["enrolment"])
    assert card.valid_until == "2027-01-01"
    assert list(state["card_slots"]) == [f"{card.card_id}:490000"]
    written = json.dumps(state, ensure_ascii=False)
    assert [word for word in PERSONAL if word in written] == []


async def test_nothing_that_opens_something_is_ever_recorded(rows: SubjectVault) -> None:
    """A bundle with a seed in it would be a card; not even the ring may hold one."""
    await filled(rows)
    state = await state_of(rows)
    assert set(state) == {"person", "outbox", "outbox_photos", "card", "card_slots"}
    assert set(state["card"]) == {"enrolment", "window"}
    held = json.dumps([state, list((await rows.list("recording")).values())])
    secrets = (SEED.hex(), GRANT.hex(), SEED.hex()[:16], GRANT.hex()[:16], CARD)
    assert [one for one in secrets if one in held] == []
    [[seed, header, grant]] = state["card_slots"].values()
    assert {*bytes.fromhex(seed), *bytes.fromhex(grant)} == {0}
    assert Header.from_bytes(bytes.fromhex(header)).card_id == bytes(8)


async def test_a_second_secret_keeps_what_belongs_together(rows: SubjectVault) -> None:
    """An item names its photos, a card its hours: also after the stand-ins have stand-ins."""
    await filled(rows)
    first = await state_of(rows)
    second = again(first, Reducer(StandIns(), "https://gateway.invalid"))
    assert not set(first["outbox"]) & set(second["outbox"])
    parts = [part["key"] for row in second["outbox"].values() for part in row["parts"]]
    assert parts == list(second["outbox_photos"])
    assert next(iter(second["card_slots"])).startswith(second["card"]["enrolment"]["card_id"])


async def test_every_kind_that_can_wait_is_classified(tmp_path: Path) -> None:
    """A new kind of thing to send says what of it a bundle may tell, or its queue replays as empty."""
    assert set(House(tmp_path).services.outbox._ways) == set(PAYLOADS)
