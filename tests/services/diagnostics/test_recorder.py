"""The recorder keeps the last minutes, forgets the rest, survives a crash, and harms nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from haralyzer import HarParser

from services.clock import ServerClock
from services.diagnostics import Recorder, read, write
from services.diagnostics.digest import UNKNOWN, Messages, digest
from services.diagnostics.har import challenge_of
from services.diagnostics.ring import LARGEST, LASTS, TABLE, Ring
from services.diagnostics.transport import recorded
from services.errors import GatewayUnavailable, Rejected
from services.identity import Person
from services.vault import SubjectVault, Vault

BASE = "http://gateway/api"
KEY = b"k" * 32
LAN = Person("subject-of-lan", "Nguyễn Thị Lan", "Lan", "1990-05-17")
NAM = Person("subject-of-nam", "Lê Hoàng Nam", "Nam")


class Hours:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = datetime(2026, 11, 26, 2, 0, tzinfo=UTC).timestamp()

    def clock(self) -> ServerClock:
        return ServerClock(lambda: self.seconds, lambda: self.seconds)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def pass_(self, time: timedelta) -> None:
        self.seconds += time.total_seconds()


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault.sqlite3", KEY)


def recorder_of(vault: Vault, hours: Hours, subject: str | None = "lan") -> Recorder:
    return Recorder(hours.clock(), vault.for_subject(lambda: subject), BASE)


async def test_what_happened_before_a_crash_is_in_the_bundle_after_it(
    vault: Vault, hours: Hours, tmp_path: Path
) -> None:
    """The fault that ended the app is the one support has to see."""
    before = recorder_of(vault, hours)
    before.step("start", route="/reports/new")
    before.error(GatewayUnavailable("busy", "ref-1", status=503))
    await before.flush()
    hours.pass_(timedelta(minutes=2))
    after = recorder_of(Vault(tmp_path / "vault.sqlite3", KEY), hours)
    after.step("start", route="/")
    bundle = await after.bundle()
    assert [step.kind for step in bundle.steps] == ["start", "error", "start"]
    assert [step.number for step in bundle.steps] == [1, 2, 3]
    assert bundle.steps[2].at == pytest.approx(120)
    assert bundle.manifest.started == hours.now() - timedelta(minutes=2)


async def test_what_is_older_than_a_quarter_of_an_hour_is_gone(vault: Vault, hours: Hours) -> None:
    """The resident is told fifteen minutes, and it is fifteen minutes."""
    recorder = recorder_of(vault, hours)
    recorder.step("start", route="/")
    await recorder.flush()
    hours.pass_(LASTS + timedelta(seconds=1))
    recorder.step("back")
    bundle = await recorder.bundle()
    assert [step.kind for step in bundle.steps] == ["back"]


async def test_the_ring_never_grows_beyond_five_megabytes(vault: Vault, hours: Hours) -> None:
    """A phone's store is small, and a web server's serves many."""
    ring = Ring(vault.for_subject("lan"), hours.now, "r")
    for number in range(14):
        ring.add({"moment": hours.now().isoformat(), "n": number, "text": "x" * 500_000})
        await ring.flush()
    kept = await ring.events()
    assert ring.size <= LARGEST
    assert [event["n"] for event in kept] == list(range(14 - len(kept), 14))
    assert len(kept) == 10


async def test_what_an_earlier_start_left_goes_after_fifteen_minutes(
    vault: Vault, hours: Hours
) -> None:
    """An app that is opened every day must not gather its days in the vault."""
    rows = vault.for_subject("lan")
    for name in ("yesterday", "today"):
        ring = Ring(rows, hours.now, name)
        ring.add({"moment": hours.now().isoformat()})
        await ring.flush()
        hours.pass_(LASTS + timedelta(seconds=1))
    assert [key.partition(".")[0] for key in await rows.list(TABLE)] == ["today"]


async def test_a_full_device_still_records_a_little_and_hinders_nothing(
    hours: Hours, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be stored, the report about just that must be possible."""
    recorder = recorder_of(vault, hours)

    async def full(*_given: object, **_named: object) -> None:
        raise Rejected("storage_full")

    monkeypatch.setattr(SubjectVault, "change", full)
    recorder.step("start", route="/")
    recorder.error(Rejected("storage_full"))
    assert [step.kind for step in (await recorder.bundle()).steps] == ["start", "error"]


async def test_somebody_elses_recording_is_never_in_a_bundle(vault: Vault, hours: Hours) -> None:
    """Two residents use one tablet: what the first did is not the second's to send."""
    present: list[str | None] = ["lan"]
    recorder = Recorder(hours.clock(), vault.for_subject(lambda: present[0]), BASE)
    recorder.person(LAN)
    recorder.step("start", route="/")
    recorder.error(GatewayUnavailable("busy", "ref-of-lan"))
    await recorder.flush()
    present[0] = None
    recorder.person(None)
    present[0] = "nam"
    recorder.person(NAM)
    recorder.step("back")
    bundle = await recorder.bundle()
    assert "ref-of-lan" not in write(bundle).decode("latin-1")
    assert [step.kind for step in bundle.steps] == ["person", "back"]
    other = recorder_of(vault, hours, "nam")
    assert "ref-of-lan" not in json.dumps([s.to_json() for s in (await other.bundle()).steps])


async def test_who_is_signed_in_is_a_stand_in(vault: Vault, hours: Hours) -> None:
    """Support sees that somebody was signed in, and not who."""
    recorder = recorder_of(vault, hours)
    recorder.person(LAN)
    recorder.step("start", route="/")
    await recorder.remember()
    bundle = await recorder.bundle()
    person = bundle.state["person"]
    assert set(person) >= {"subject", "name", "given_name"}
    told = json.dumps(person, ensure_ascii=False)
    assert not [word for word in ("Lan", "Nguyễn", "1990-05-17", "subject-of-lan") if word in told]


async def test_a_replay_begins_as_the_app_was_shown_then(vault: Vault, hours: Hours) -> None:
    """A language that was changed on the way is changed again by its act."""
    recorder = recorder_of(vault, hours)
    recorder.prefer(language="vi")
    recorder.step("start", route="/")
    recorder.prefer(language="en")
    assert (await recorder.bundle()).preferences == {"language": "vi"}
    hours.pass_(LASTS + timedelta(minutes=1))
    recorder.step("back")
    assert (await recorder.bundle()).preferences == {"language": "en"}


async def test_who_signed_in_long_ago_is_still_signed_in(vault: Vault, hours: Hours) -> None:
    """After a quarter of an hour the sign-in is forgotten, and its resident is not."""
    recorder = recorder_of(vault, hours)
    recorder.step("start", route="/")
    recorder.person(LAN)
    await recorder.flush()
    hours.pass_(LASTS + timedelta(minutes=1))
    recorder.step("back")
    bundle = await recorder.bundle()
    assert [step.kind for step in bundle.steps] == ["back"]
    assert bundle.state["person"]["given_name"]


async def test_copies_kept_for_reading_offline_come_along_with_stand_ins(
    vault: Vault, hours: Hours
) -> None:
    """A screen that was read without a network replays without one."""
    rows = vault.for_subject("lan")
    report = {"service_request_id": "HN-2611-00012", "status": "open", "description": "Đèn hỏng"}
    row = {"value": [report], "as_of": hours.now().isoformat(), "etag": "e"}
    await rows.put("saved", "/reports/mine", row)
    await rows.put("card", "seeds:1", {"1": "00ff"})
    recorder = recorder_of(vault, hours)
    await recorder.remember()
    state = (await recorder.bundle()).state
    assert set(state) == {"person", "saved"}
    (kept,) = state["saved"]["/reports/mine"]["value"]
    assert kept["status"] == "open"
    assert kept["description"] != "Đèn hỏng"
    assert len(kept["description"]) == len("Đèn hỏng")


async def test_every_try_of_a_request_is_written_as_har_and_haralyzer_reads_it(
    vault: Vault, hours: Hours
) -> None:
    """Engineers have tools for HAR; a file of our own would need ours."""
    answers = iter([503, 200])

    def answer(request: httpx.Request) -> httpx.Response:
        status = next(answers)
        body = [{"service_request_id": "HN-2026-48213", "description": "Đèn hỏng", "lat": 21.03}]
        problem = {"type": "/problems/busy", "reference": "r-1", "detail": "Lan"}
        headers = {"date": "Thu, 26 Nov 2026 02:00:00 GMT", "set-cookie": "a=b"}
        return httpx.Response(status, json=body if status == 200 else problem, headers=headers)

    recorder = recorder_of(vault, hours)
    recorder.step("start", route="/")
    process = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    client = recorded(process, hours.clock(), recorder)
    for _try in range(2):
        headers = {"Authorization": "Bearer secret-token"}
        url = f"{BASE}/reports/nearby?lat=21.028517&long=105.854219"
        await client.get(url, headers=headers)
    bundle = read(write(await recorder.bundle()))
    pages = HarParser(json.loads(json.dumps(bundle.har)))
    assert [entry["response"]["status"] for entry in pages.har_data["entries"]] == [503, 200]
    first, second = bundle.requests
    assert first["_operation"] == "GET /reports/nearby"
    told = json.loads(first["response"]["content"]["text"])
    assert told == {"type": "/problems/busy", "reference": "r-1"}
    written = json.dumps(bundle.har, ensure_ascii=False)
    hidden = (
        "secret-token",
        "21.028517",
        "105.854219",
        "Đèn hỏng",
        "a=b",
        "HN-2026-48213",
        "http://gateway",
    )
    assert [word for word in hidden if word in written] == []
    assert json.loads(second["response"]["content"]["text"])[0]["lat"] == pytest.approx(
        21.03, abs=0.02
    )


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout])
async def test_a_request_without_an_answer_is_recorded_with_its_reason(
    vault: Vault, hours: Hours, error: type[httpx.TransportError]
) -> None:
    """A cut line is half of what goes wrong."""

    def cut(request: httpx.Request) -> httpx.Response:
        raise error("cut", request=request)

    recorder = recorder_of(vault, hours)
    process = httpx.AsyncClient(transport=httpx.MockTransport(cut))
    client = recorded(process, hours.clock(), recorder)
    with pytest.raises(error):
        await client.get(f"{BASE}/reports/mine")
    (entry,) = (await recorder.bundle()).requests
    assert (entry["response"]["status"], entry["_error"]) == (0, error.__name__)


def test_an_unknown_exchange_never_stops_the_request(vault: Vault, hours: Hours) -> None:
    """Whatever comes back from the network, the recorder is not the one to fail."""
    recorder = recorder_of(vault, hours)
    for text in ("Bearer", 'Bearer error="x", realm="Lan"', "", "Ü ä"):
        assert "Lan" not in challenge_of(text)
    assert recorder.route("/nobody/knows/Lan") == "/•"


def said(**texts: str) -> Messages:
    return Messages([(message.replace("_", " "), text) for message, text in texts.items()])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Gửi", ["Send"]),
        ("Chào buổi sáng, Minh Anh", ["Good morning"]),
        ("Nguyễn Thị Lan", [UNKNOWN]),
        ("Gửi · Nguyễn Thị Lan", ["Send", UNKNOWN]),
        ("", []),
    ],
)
def test_a_screen_is_told_by_its_messages_alone(text: str, words: list[str]) -> None:
    """No word of a person can be in a digest, because none is a message."""
    messages = said(Send="Gửi", Good_morning="Chào buổi sáng, {name}", Any="{a} {b}")
    assert messages.find(text) == words


def test_a_digest_hangs_on_address_and_words() -> None:
    """Support must see when a replay shows another screen."""
    assert digest("/", ["Send"]) == digest("/", ("Send",))
    assert len({digest("/", ["Send"]), digest("/me", ["Send"]), digest("/", ["Sent"])}) == 3
