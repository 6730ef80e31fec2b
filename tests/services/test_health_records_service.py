"""The record is read from the server, from the copy where there is one, and never copied on the web."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.client import GatewayClient
from services.clock import ServerClock
from services.errors import NotFound, Offline
from services.health_records import HealthRecords
from services.keeping import Keep, always, never
from services.vault import Vault

KEY = bytes(32)
OWN, CHILD = "0a1b", "0c2d"
BUNDLE: dict[str, Any] = {
    "resourceType": "Bundle",
    "type": "document",
    "entry": [
        {"resource": {"resourceType": "Patient", "name": [{"text": "Nguyễn Minh Anh"}]}},
        {"resource": {"resourceType": "AllergyIntolerance", "code": {"text": "Penicillin"}}},
    ],
}
OF_A_CHILD: dict[str, Any] = {
    "resourceType": "Bundle",
    "entry": [{"resource": {"resourceType": "Patient", "name": [{"text": "Bé Khôi"}]}}],
}


class Server:
    """A FHIR server with one patient, or none; it can be out of reach."""

    def __init__(self) -> None:
        self.patient: str | None = OWN
        self.child = True
        self.withdrawn = False
        self.reachable = True
        self.asked: list[str] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        if not self.reachable:
            raise httpx.ConnectError("no route")
        self.asked.append(request.url.path)
        assert request.headers["accept"] == "application/fhir+json"
        if request.url.path == f"/api/fhir/R4/Patient/{OWN}/$summary" and not self.withdrawn:
            return httpx.Response(200, json=BUNDLE)
        if request.url.path == f"/api/fhir/R4/Patient/{CHILD}/$summary" and self.child:
            return httpx.Response(200, json=OF_A_CHILD)
        if request.url.path == "/api/fhir/R4/Patient":
            found = [{"resource": {"resourceType": "Patient", "id": self.patient}}]
            entries = found if self.patient else []
            return httpx.Response(200, json={"resourceType": "Bundle", "entry": entries})
        return httpx.Response(404, json={"resourceType": "OperationOutcome"})


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault.sqlite3", KEY)


def records(
    server: Server, vault: Vault, subject: str, *, keep_copies: Keep = always
) -> HealthRecords:
    clock = ServerClock()
    http = httpx.AsyncClient(transport=httpx.MockTransport(server.answer))
    gateway = GatewayClient("http://city.test/api", http, clock, backoff=lambda attempt: 0)
    return HealthRecords(gateway, vault.for_subject(subject), clock, keep_copies=keep_copies)


async def test_a_resident_reads_their_record(server: Server, vault: Vault) -> None:
    """The client finds its own id first: a token says who, not which record."""
    found = await records(server, vault, "minh-anh").summary()
    assert found.as_of is None
    assert [item.title for item in found.value.allergies.items] == ["Penicillin"]
    assert server.asked == ["/api/fhir/R4/Patient", f"/api/fhir/R4/Patient/{OWN}/$summary"]


async def test_without_a_network_the_copy_is_read_with_its_time(
    server: Server, vault: Vault
) -> None:
    """In an ambulance there is often no network, and yesterday's allergy is still true."""
    own = records(server, vault, "minh-anh")
    await own.summary()
    server.reachable = False
    saved = await own.summary()
    assert saved.value.patient.name == "Nguyễn Minh Anh"
    assert saved.as_of is not None
    assert abs((datetime.now(UTC) - saved.as_of).total_seconds()) < 60


async def test_another_resident_of_the_device_gets_no_copy(server: Server, vault: Vault) -> None:
    """A shared phone must not show one resident's illness to the next."""
    await records(server, vault, "minh-anh").summary()
    server.reachable = False
    with pytest.raises(Offline):
        await records(server, vault, "gia-huy").summary()


async def test_on_the_web_no_copy_is_kept(server: Server, vault: Vault) -> None:
    """There the copy would lie on the server, beside everybody else's."""
    web = records(server, vault, "minh-anh", keep_copies=never)
    await web.summary()
    assert await vault.for_subject("minh-anh").list("saved") == {}
    server.reachable = False
    with pytest.raises(Offline):
        await web.summary()


async def test_a_forgotten_copy_is_gone(server: Server, vault: Vault) -> None:
    """The resident can take the record off the device."""
    own = records(server, vault, "minh-anh")
    await own.summary()
    await own.forget()
    server.reachable = False
    with pytest.raises(Offline):
        await own.summary()


async def test_a_resident_without_a_record_reads_an_empty_one(server: Server, vault: Vault) -> None:
    """Nothing known is an answer, not an error."""
    server.patient = None
    found = await records(server, vault, "minh-anh").summary()
    assert found.value.is_empty
    assert found.value.allergies.state == "no_information"


async def test_a_record_that_was_withdrawn_is_not_read_from_the_copy(
    server: Server, vault: Vault
) -> None:
    """What the server says is gone must not live on in the pocket."""
    own = records(server, vault, "minh-anh")
    await own.summary()
    server.withdrawn = True
    with pytest.raises(NotFound):
        await own.summary()
    assert await vault.for_subject("minh-anh").list("saved") == {}


async def test_another_record_has_a_copy_of_its_own_until_it_may_not_be_read(
    server: Server, vault: Vault
) -> None:
    """A mother reads her child's record in the waiting room; at sixteen it leaves her phone."""
    own = records(server, vault, "minh-anh")
    assert (await own.summary()).value.patient.name == "Nguyễn Minh Anh"
    assert (await own.summary(CHILD)).value.patient.name == "Bé Khôi"
    server.reachable = False
    assert (await own.summary(CHILD)).value.patient.name == "Bé Khôi"
    assert (await own.summary()).value.patient.name == "Nguyễn Minh Anh"
    server.reachable, server.child = True, False
    with pytest.raises(NotFound):
        await own.summary(CHILD)
    server.reachable = False
    with pytest.raises(Offline):
        await own.summary(CHILD)
    await own.forget()
    assert await vault.for_subject("minh-anh").list("saved") == {}
