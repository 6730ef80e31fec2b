"""The resident's certificates on the device: drafts, copies, and answers that go wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.certificates import CertificateDraft, Certificates, FormerAddress
from services.errors import GatewayUnavailable, NotFound, Offline, Rejected
from services.outbox import Outbox
from services.vault import Vault
from tests.services.twins import Time, gateway, problem

DRAFT = CertificateDraft(purpose="employment", contact_phone="0900 000 216", step=3)
IDENTITY = {
    "name": "Nguyễn Minh Anh",
    "birthdate": "1988-03-08",
    "gender": "female",
    "identity_number": "•••••••••001",
    "address": "phường Hoàn Kiếm, Hà Nội",
}
APPLICATION = {
    "application_id": "LL-2611-00001",
    "certificate_type": 1,
    "purpose": {"code": "employment", "vi": "Bổ sung hồ sơ xin việc", "en": "Job application"},
    "delivery": "electronic",
    "contact_phone": "•••••••216",
    "fee": {"amount": 0, "currency": "VND"},
    "status": "checking",
    "note": "needs_look",
    "reason": None,
    "agency_responsible": "Công an TP. Hà Nội (bản thử)",
    "submitted_datetime": "2026-11-20T08:20:00+07:00",
    "expected_datetime": "2026-11-27T17:00:00+07:00",
    "working_days": ["2026-11-23", "2026-11-24"],
    "identity": IDENTITY,
    "history": [
        {"status": "submitted", "datetime": "2026-11-20T08:20:00+07:00", "actor": "resident"}
    ],
    "certificate": None,
    "something_new": True,
}


class Office:
    """Applies by idempotency key; can be cut off, refuse, and answer nonsense."""

    def __init__(self) -> None:
        self.sent: dict[str, Any] = {}
        self.requests: list[httpx.Request] = []
        self.down = False
        self.lose_answers = 0
        self.answer: httpx.Response | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("cut")
        self.requests.append(request)
        if request.url.path.endswith("/applications") and request.method == "POST":
            self.sent.setdefault(request.headers["Idempotency-Key"], json.loads(request.content))
        if self.lose_answers:
            self.lose_answers -= 1
            raise httpx.ReadError("lost")
        if self.answer is not None:
            return self.answer
        is_list = request.method == "GET" and request.url.path.endswith("/applications")
        return httpx.Response(200, json=[APPLICATION] if is_list else APPLICATION)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault.sqlite3", b"k" * 32)


@pytest.fixture
def certificates_of(office: Office, vault: Vault) -> Callable[[str], Certificates]:
    def made(subject: str) -> Certificates:
        mine, clock = vault.for_subject(subject), Time().clock()
        return Certificates(gateway(office), mine, Outbox(mine, clock), clock)

    return made


@pytest.fixture
def certificates(certificates_of: Callable[[str], Certificates]) -> Certificates:
    return certificates_of("minh-anh")


async def test_a_draft_is_there_again_at_the_next_start(
    certificates: Certificates, certificates_of: Callable[[str], Certificates]
) -> None:
    """Four steps on a bus: whoever is interrupted goes on where they were."""
    assert await certificates.draft() is None
    await certificates.save_draft(DRAFT)
    assert await certificates_of("minh-anh").draft() == DRAFT
    await certificates.delete_draft()
    assert await certificates.draft() is None


async def test_a_draft_is_its_writers(certificates_of: Callable[[str], Certificates]) -> None:
    """Two residents on one device: neither sees what the other began."""
    await certificates_of("minh-anh").save_draft(DRAFT)
    assert await certificates_of("gia-huy").draft() is None


async def test_an_application_is_sent_once_though_the_answer_was_lost(
    certificates: Certificates, office: Office
) -> None:
    """A tunnel at the wrong moment must not make two applications."""
    await certificates.save_draft(DRAFT)
    office.lose_answers = 5
    assert await certificates.apply(DRAFT) is None
    assert await certificates.draft() is None
    [waiting] = await certificates.waiting()
    assert replace(certificates.draft_of(waiting), step=DRAFT.step) == DRAFT
    office.lose_answers = 0
    application = await certificates.apply(DRAFT)
    assert application is not None
    assert application.application_id == "LL-2611-00001"
    assert list(office.sent) == [DRAFT.draft_id]
    sent = office.sent[DRAFT.draft_id]
    assert set(sent.pop("holder_key")) == {"kty", "crv", "x", "y"}
    assert sent == {
        "certificate_type": 1,
        "purpose": "employment",
        "contact_phone": "0900 000 216",
        "delivery": "electronic",
    }
    assert await certificates.waiting() == []


async def test_all_that_was_filled_in_is_sent(certificates: Certificates, office: Office) -> None:
    """Empty rows are left out; a passcode goes with form No. 2 and with no other."""
    rows = (FormerAddress("12 Hàng Trống", "2001", ""), FormerAddress())
    full = replace(DRAFT, former_names=("Nguyễn Ba", " "), former_addresses=rows, child_id="9f")
    await certificates.apply(replace(full, certificate_type=2, passcode="482615"))
    [sent] = office.sent.values()
    assert sent["former_names"] == ["Nguyễn Ba"]
    expected = {"address": "12 Hàng Trống", "from_year": 2001, "to_year": None}
    assert sent["former_addresses"] == [expected]
    assert (sent["passcode"], sent["child_id"]) == ("482615", "9f")
    assert "passcode" not in replace(full, passcode="482615").body()


async def test_a_refusal_keeps_the_draft(certificates: Certificates, office: Office) -> None:
    """Never lose work, also when the answer is no."""
    await certificates.save_draft(DRAFT)
    office.answer = problem(409, "application-in-process", application_id="LL-2611-00009")
    with pytest.raises(Rejected) as caught:
        await certificates.apply(DRAFT)
    assert caught.value.code == "application_in_process"
    assert await certificates.draft() == DRAFT
    assert await certificates.waiting() == []


async def test_an_application_is_read_as_values(certificates: Certificates) -> None:
    """Views draw dates and words, not JSON; a newer gateway may say more."""
    application = (await certificates.get("LL-2611-00001")).value
    assert application.in_process
    assert (application.status, application.note) == ("checking", "needs_look")
    assert application.working_days == (date(2026, 11, 23), date(2026, 11, 24))
    assert application.identity.birthdate == date(1988, 3, 8)
    assert application.history[0].actor == "resident"
    assert application.purpose.vi == "Bổ sung hồ sơ xin việc"


async def test_out_of_reach_the_saved_copy_is_shown_with_its_time(
    certificates: Certificates, office: Office
) -> None:
    """Where things stood this morning is better than an empty screen."""
    fresh = await certificates.list_mine()
    office.down = True
    copy = await certificates.list_mine()
    assert copy.value == fresh.value
    assert (fresh.as_of, copy.as_of is None) == (None, False)
    with pytest.raises(Offline):
        await certificates.get("LL-2611-00001")


async def test_a_saved_copy_is_its_owners(
    certificates_of: Callable[[str], Certificates], office: Office
) -> None:
    """The next resident on the same server finds nothing of the last one."""
    await certificates_of("minh-anh").list_mine()
    office.down = True
    with pytest.raises(Offline):
        await certificates_of("gia-huy").list_mine()


async def test_a_certificates_content_is_not_kept(
    certificates: Certificates, office: Office
) -> None:
    """Hidden until asked for, each time, and each opening stands in the log."""
    office.answer = httpx.Response(200, content=b"%PDF-1.7")
    assert await certificates.certificate("LL-2611-00001") == b"%PDF-1.7"
    assert await certificates.page("LL-2611-00001", 1) == b"%PDF-1.7"
    assert [request.url.path for request in office.requests] == [
        "/api/certificates/v1/applications/LL-2611-00001/certificate",
        "/api/certificates/v1/applications/LL-2611-00001/pages/1.png",
    ]
    office.down = True
    with pytest.raises(Offline):
        await certificates.certificate("LL-2611-00001")


@pytest.mark.parametrize("answer", [[], {}, {"application_id": 1}, "x", None, [{}]])
async def test_an_answer_that_makes_no_sense_is_the_gateways_fault(
    certificates: Certificates, office: Office, answer: Any
) -> None:
    """The resident is told to come back, not shown a crash; no copy is made of nonsense."""
    office.answer = httpx.Response(200, json=answer)
    with pytest.raises(GatewayUnavailable):
        await certificates.get("LL-2611-00001")
    with pytest.raises(GatewayUnavailable):
        await certificates.verify("7HC4-K2QD")
    with pytest.raises(GatewayUnavailable):
        await certificates.form()


async def test_an_id_cannot_reach_another_path(certificates: Certificates, office: Office) -> None:
    """An address pasted into the browser holds whatever somebody wrote there."""
    office.answer = problem(404, "not-found")
    with pytest.raises(NotFound):
        await certificates.certificate("../../cards/v1/card?x=")
    assert office.requests[0].url.raw_path.count(b"/") == 6


async def test_a_check_carries_no_token(certificates: Certificates, office: Office) -> None:
    """Who checks is nobody's business."""
    office.answer = httpx.Response(
        200,
        json={
            "verdict": "altered",
            "reason": "content_changed",
            "signer": None,
            "checks": {"signature": "failed", "content": "failed", "status": "not_checked"},
            "certificate": None,
            "checked_datetime": "2026-11-22T15:22:41+07:00",
        },
    )
    found = await certificates.verify(b"%PDF-")
    assert not found.is_valid
    assert (found.content, found.certificate) == ("failed", None)
    assert "Authorization" not in office.requests[0].headers


async def test_what_identifies_somebody_is_not_printed(certificates: Certificates) -> None:
    """A log line with a name and a criminal record certificate in it is a breach."""
    application = (await certificates.get("LL-2611-00001")).value
    for printed in (repr(application), repr(application.identity), repr(DRAFT)):
        assert "Minh Anh" not in printed
        assert "216" not in printed
