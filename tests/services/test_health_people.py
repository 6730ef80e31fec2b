"""Own lines and corrections on the device: what is typed, what waits, what is sent once."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gateway.health_people.observations import KINDS
from services.errors import Offline, Rejected
from services.health_people import Corrections, EmergencyCards, Measurement, Measurements
from services.health_people.accesses import page_of
from services.health_people.corrections import NewCorrection
from services.health_people.emergency import PARTS, EmergencyCard
from services.health_people.emergency_picture import SIZE, draw_card
from services.health_people.measurements import (
    BOUNDS,
    FIELDS,
    OPTIONAL,
    UNITS,
    check,
    typed_number,
)
from services.health_people.people import ALPHABET, People, new_code, plain_code
from services.keeping import Keep, always, never
from services.outbox import Outbox
from services.photos import Photo
from services.vault import Vault
from tests.services.twins import Time, gateway, problem

CHILD = "child-1"


@dataclass
class City:
    """A gateway that keeps lines and corrections; tests cut the line and lose answers."""

    cut: bool = False
    lose: int = 0
    lines: dict[str, Any] = field(default_factory=dict)
    corrections: dict[str, Any] = field(default_factory=dict)
    proofs: dict[str, str] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("no network")
        answer = self.answer(request)
        if request.method != "GET" and self.lose:
            self.lose -= 1
            raise httpx.ReadError("the answer was lost")
        return answer

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/health/v1/")
        kind, _slash, name = path.partition("/")
        key = request.headers.get("idempotency-key", "")
        self.sent.append((request.method, path))
        if kind == "proofs":
            media_id = self.proofs.setdefault(key, f"{len(self.proofs):032x}")
            return httpx.Response(201, json={"media_id": media_id})
        if kind == "corrections" and request.method == "POST":
            body = json.loads(request.content)
            if body["title"] == "refused":
                return problem(409, "too-many-corrections")
            kept = {**body, "correction_id": key, "state": "received"}
            return httpx.Response(201, json=self.corrections.setdefault(key, kept))
        if kind == "corrections":
            return httpx.Response(200, json={"corrections": list(self.corrections.values())})
        if request.method == "PUT":
            self.lines[name] = {**json.loads(request.content), "observation_id": name}
            return httpx.Response(200, json=self.lines[name])
        if request.method == "DELETE":
            self.lines.pop(name, None)
            return httpx.Response(204)
        return httpx.Response(200, json={"observations": list(self.lines.values())})


@dataclass
class Device:
    """One resident's services over that city."""

    city: City
    time: Time
    vault: Vault
    subject: str = "minh-anh"
    keep_copies: Keep = always

    def __post_init__(self) -> None:
        self.clock = self.time.clock()
        mine = self.vault.for_subject(self.subject)
        wire = gateway(self.city, clock=self.clock)
        self.outbox = Outbox(mine, self.clock)
        keep = self.keep_copies
        self.measurements = Measurements(wire, mine, self.outbox, self.clock, keep_copies=keep)
        self.corrections = Corrections(wire, mine, self.outbox, self.clock, keep_copies=keep)

    def line(self, **other: Any) -> Measurement:
        """A weight of a minute ago."""
        when = self.clock.now() - timedelta(minutes=1)
        return replace(Measurement("weight", {"weight": "55.5"}, when), **other)

    async def shown(self, patient_id: str | None = None) -> list[tuple[Any, bool]]:
        """Values and waiting of every line."""
        found = (await self.measurements.list_of(patient_id)).value
        return [(dict(line.values), line.waiting) for line in found]


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(City(), Time(), Vault(tmp_path / "vault.sqlite3", bytes(32)))


async def test_a_line_waits_for_a_network_and_arrives_once(device: Device) -> None:
    """In a lift: it stands in the list as waiting, then as sent, and a lost answer doubles nothing."""
    await device.measurements.write(device.line())
    await device.shown()
    device.city.cut = True
    offline = device.line(values={"weight": "56"})
    assert not await device.measurements.write(offline)
    assert sorted(await device.shown(), key=str) == [
        ({"weight": "55.5"}, False),
        ({"weight": "56"}, True),
    ]
    device.city.cut, device.city.lose = False, 1
    await device.outbox.drain()
    await device.outbox.drain()
    assert len(device.city.lines) == 2
    assert not any(waiting for _values, waiting in await device.shown())
    assert await device.outbox.list() == []


async def test_changes_of_one_line_go_in_their_order(device: Device) -> None:
    """Written, changed, deleted and brought back without a network: the last act holds."""
    device.city.cut = True
    line = device.line()
    await device.measurements.write(line)
    await device.measurements.write(replace(line, values={"weight": "56"}))
    await device.measurements.remove(line)
    await device.measurements.write(replace(line, values={"weight": "57"}))
    device.city.cut = False
    await device.outbox.drain()
    assert [one["values"] for one in device.city.lines.values()] == [{"weight": "57"}]
    assert [method for method, _path in device.city.sent] == ["PUT", "PUT", "DELETE", "PUT"]


async def test_a_childs_lines_do_not_stand_among_ones_own(device: Device) -> None:
    """What a mother writes down for her child waits in the child's list only."""
    await device.shown()
    await device.shown(CHILD)
    device.city.cut = True
    await device.measurements.write(device.line(), CHILD)
    assert await device.shown() == []
    assert await device.shown(CHILD) == [({"weight": "55.5"}, True)]


async def test_on_the_web_no_copy_is_kept(device: Device) -> None:
    """The vault lies on a server there."""
    web = replace(device, keep_copies=never)
    await web.measurements.write(web.line())
    await web.shown()
    device.city.cut = True
    with pytest.raises(Offline):
        await web.shown()


async def test_a_slip_is_named_before_anything_is_sent(device: Device) -> None:
    """Offline, too, the form says what is wrong."""
    with pytest.raises(Rejected) as refused:
        await device.measurements.write(device.line(values={"weight": "555"}))
    [error] = refused.value.field_errors
    assert (error.field, error.code) == ("weight", "not_plausible")
    assert device.city.sent == []
    assert await device.outbox.list() == []


@given(typed=st.text(max_size=12))
def test_whatever_is_typed_is_a_number_or_refused(typed: str) -> None:
    """No text crashes the form or slips through as a weight."""
    now = Time().clock().now()
    line = Measurement("weight", {"weight": typed_number(typed)}, now)
    fields = refusals_of(line, now)
    if not fields:
        assert 0.5 <= float(line.values["weight"]) <= 400
        assert line.values["weight"].isascii()
    assert fields in ([], ["weight"])


def refusals_of(line: Measurement, now: datetime) -> list[str]:
    """The fields that are refused."""
    try:
        check(line, now)
    except Rejected as refused:
        return [one.field for one in refused.field_errors]
    return []


def test_the_form_and_the_gateway_take_the_same_for_plausible() -> None:
    """A number the form lets through must not be refused when it leaves the outbox next week."""
    assert {kind: tuple(m.name for m in found) for kind, found in KINDS.items()} == dict(FIELDS)
    for kind, measures in KINDS.items():
        for measure in measures:
            assert measure.optional == ((kind, measure.name) in OPTIONAL)
            for unit, (low, high) in measure.units.items():
                here = BOUNDS.get((measure.name, "")) or BOUNDS[(measure.name, unit)]
                assert here == (str(low), str(high))
            if len(measure.units) > 1:
                assert tuple(measure.units) == UNITS[kind]


async def test_a_correction_with_a_proof_is_sent_once(device: Device) -> None:
    """The photo first, then the request; a lost answer to either doubles nothing."""
    await device.corrections.list_of()
    device.city.cut = True
    photo = Photo(b"jpeg", 1, 1)
    wanted = NewCorrection("Condition", "c-1", "Tăng huyết áp", "Không phải tôi.", (photo,))
    assert not await device.corrections.send(wanted)
    [waiting] = (await device.corrections.list_of()).value
    assert (waiting.state, waiting.open, waiting.title) == ("waiting", True, "Tăng huyết áp")
    device.city.cut, device.city.lose = False, 2
    for _try in range(3):
        await device.outbox.drain()
    [sent] = (await device.corrections.list_of()).value
    assert (sent.state, sent.resource_id, sent.photos) == ("received", "c-1", 1)
    assert len(device.city.proofs) == len(device.city.corrections) == 1


async def test_a_refused_correction_leaves_nothing_behind(device: Device) -> None:
    """The screen says why; the outbox holds no dead request."""
    with pytest.raises(Rejected):
        await device.corrections.send(NewCorrection("Condition", "c-1", "refused", "Sai rồi."))
    assert await device.outbox.list() == []


def test_a_code_is_easy_to_read_aloud_and_hard_to_guess() -> None:
    """No 0, O, 1 or I; how it is typed does not matter."""
    codes = {new_code() for _one in range(50)}
    assert len(codes) == 50
    assert all(sign in ALPHABET for code in codes for sign in plain_code(code))
    assert not set(ALPHABET) & set("01OI")
    assert plain_code(" 7kq4m x2p9d ") == "7KQ4MX2P9D"


def test_a_broken_answer_reads_as_nobody() -> None:
    """A city of another make answers oddly: no crash, no name out of thin air."""
    people = People.of({"dependants": [1, {"name": None}], "carers": "x", "cared_for": [None]})
    assert [child.name for child in people.dependants] == [""]
    assert people.carers == people.cared_for == ()


def test_looks_are_read_from_any_audit_event() -> None:
    """Ours, and one that says next to nothing."""
    event = {
        "resourceType": "AuditEvent",
        "id": "look-7",
        "recorded": "2026-11-26T02:36:00Z",
        "subtype": [{"code": "operation", "display": "$summary"}],
        "agent": [
            {
                "who": {"display": "Phạm Quốc Bảo"},
                "requestor": True,
                "policy": ["urn:ihanoi:right:consent"],
            },
            {"who": {"identifier": {"value": "app"}}, "requestor": False},
        ],
        "entity": [
            {"what": {"reference": "Patient/1"}, "role": {"code": "1"}},
            {"name": "$summary"},
        ],
    }
    entries = [{"resource": event}, {"resource": {"resourceType": "AuditEvent"}}, 7]
    link = [{"relation": "next", "url": "http://x/AuditEvent?_page=2"}]
    page = page_of({"entry": entries, "link": link})
    first, second = page.looks
    assert (first.who, first.basis, first.parts) == ("Phạm Quốc Bảo", "consent", ("$summary",))
    assert (second.who, second.basis, second.parts, second.at) == ("", "", (), None)
    assert page.following.endswith("_page=2")


async def test_the_emergency_card_holds_only_what_was_chosen(tmp_path: Path) -> None:
    """Whoever finds the phone reads the file, too: nothing else may lie in it."""
    whole = EmergencyCard(
        name="Phạm Thị Lan",
        birth_year="1948",
        blood_group="O+",
        allergies=("Penicillin",),
        conditions=("Tăng huyết áp",),
        medicines=("Amlodipin 5 mg",),
        contact_name="Bảo",
        contact_phone="0900000004",
    )
    assert whole.parts == frozenset(PARTS)
    path = tmp_path / "emergency-card.json"
    cards = EmergencyCards(path)
    assert await cards.read() is None
    await cards.keep(whole.chosen(frozenset({"allergies", "contact"})))
    text = path.read_text("utf-8")
    assert "Penicillin" in text
    assert "Lan" not in text
    assert "Amlodipin" not in text
    assert path.stat().st_mode & 0o777 == 0o600
    kept = await EmergencyCards(path).read()
    assert kept is not None
    assert kept.parts == {"allergies", "contact"}
    await cards.remove()
    await cards.remove()
    assert (await cards.read(), path.exists()) == (None, False)


async def test_on_the_web_there_is_no_emergency_card(tmp_path: Path) -> None:
    """A server's disk is nobody's pocket."""
    cards = EmergencyCards(None)
    assert not cards.kept_here
    with pytest.raises(Rejected):
        await cards.keep(EmergencyCard(name="Lan"))
    assert await cards.read() is None
    path = tmp_path / "card.json"
    path.write_text("{broken", "utf-8")
    assert await EmergencyCards(path).read() is None


def test_the_emergency_picture_holds_much_or_says_that_it_is_cut() -> None:
    """A card with twenty allergies is still a card: the letters shrink before anything is left out."""
    fonts = Path(__file__).parents[2] / "assets" / "fonts"
    pictures = [
        draw_card("Thẻ khẩn cấp", [("Dị ứng", words)], "iHaNoi", fonts)
        for words in ("Penicillin", "Penicillin, " * 30, "Dị ứng rất dài " * 200)
    ]
    for png in pictures:
        with Image.open(io.BytesIO(png)) as image:
            assert image.size == SIZE
    assert len(set(pictures)) == 3
