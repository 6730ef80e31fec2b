"""The thin API client and what must work on the device without a network. No Flet.

In a REPL: `services = connect(gateway_url=…, identity=…, http=open_http(), …)`, then
`await services.service_requests.list_mine()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import httpx

from services.access_log import AccessLog
from services.bearer import BearerAuth
from services.boundaries import BoundarySource
from services.card_inspection import CardChecker, CardInspection
from services.cards import Cards
from services.certificates import Certificates
from services.city import City
from services.client import GatewayClient
from services.clock import ServerClock
from services.consents import Consents
from services.desk import Desk
from services.diagnostics import Recorder
from services.diagnostics.transport import recorded
from services.erased import ErasedAccounts
from services.geocoder import Geocoder, Turnstile
from services.health_people import (
    Accesses,
    Corrections,
    EmergencyCards,
    HealthPeople,
    Measurements,
)
from services.health_records import HealthRecords
from services.health_sharing import HealthSharing
from services.health_sharing.outside import Outside
from services.health_sharing.receiving import HealthPapers
from services.identity import Identity
from services.inbox import Inbox
from services.keeping import never
from services.live import Live
from services.lock import Lock, ServerKey, VaultLockStore
from services.lock.sealing import SERVER_COST
from services.outbox import Outbox
from services.parking import Parking
from services.privacy import Privacy
from services.reach import Reach
from services.service_requests import ServiceRequests
from services.sessions import Sessions
from services.support import Support
from services.support_desk import SupportDesk
from services.trips import Trips
from services.vault import SubjectVault, Vault
from services.wards import Wards


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a view may call, for one session. `vault` holds the rows of who is signed in, `everyone` nobody's."""

    identity: Identity
    lock: Lock
    service_requests: ServiceRequests
    inbox: Inbox
    live: Live
    desk: Desk
    wards: Wards
    geocoder: Geocoder
    cards: Cards
    parking: Parking
    trips: Trips
    card_inspection: CardInspection
    health_records: HealthRecords
    health_people: HealthPeople
    accesses: Accesses
    measurements: Measurements
    corrections: Corrections
    emergency: EmergencyCards
    health_sharing: HealthSharing
    health_papers: HealthPapers
    certificates: Certificates
    support: Support
    support_desk: SupportDesk
    sessions: Sessions
    privacy: Privacy
    erased: ErasedAccounts
    vault: SubjectVault
    everyone: SubjectVault
    outbox: Outbox
    clock: ServerClock
    gateway: GatewayClient
    consents: Consents
    recorder: Recorder
    access_log: AccessLog


def connect(
    *,
    gateway_url: str,
    identity: Identity,
    http: httpx.AsyncClient,
    clock: ServerClock,
    vault: Vault,
    assets: Path,
    keep_health_copies: bool,
    aliases: Sequence[str] = (),
    city: City | None = None,
    reach: Reach | None = None,
    boundaries: BoundarySource | None = None,
    geocoder: str = "",
    outside: httpx.AsyncClient | None = None,
    turnstile: Turnstile | None = None,
    checker: CardChecker | None = None,
    emergency: Path | None = None,
    fhir: str = "",
    lock: Lock | None = None,
    user_agent: str = "",
) -> Services:
    """Put the services together for one session; nothing is sent yet.

    `http`, `clock`, `reach`, `boundaries`, `turnstile` and `vault` may serve many sessions at
    once, and who gave them closes them; `geocoder` is an address or nothing,
    asked through `outside`; `city` says how it speaks GeoReport;
    `identity` is one resident's, shared by their windows, and made with the same clock. `assets`
    holds wards.json. `keep_health_copies` is False where the vault lies on a server; `emergency` is the file of this
    device's emergency card, None there. `aliases`
    are other addresses by which the gateway names itself in links. `fhir` is the health record's
    FHIR R4 base when it is another server than the gateway. `lock` is the device's; without one
    the resident's PIN lies in the vault and locks the screen only. `user_agent` tells the gateway
    what kind of device this is.
    """
    city, reach, everyone = city or City(), reach or Reach(), vault.for_everyone()
    mine = vault.for_subject(identity.subject)
    recorder = Recorder(clock, mine, gateway_url)
    # What the recorder itself could not write is nothing that a resident met.
    mine, everyone = mine.telling(recorder.wrote), everyone.telling(recorder.wrote)
    http = recorded(http, clock, recorder)
    auth = BearerAuth(identity)
    gateway = GatewayClient(
        gateway_url, http, clock, auth, aliases=aliases, reach=reach, user_agent=user_agent
    )
    records = GatewayClient(fhir, http, clock, auth) if fhir else None

    async def probe() -> None:
        await gateway.fetch(city.address("services"), public=True, retry=False, query=city.query)

    outbox = Outbox(mine, clock, reach, probe)
    web, asks = not keep_health_copies, city.extended
    consents = Consents(gateway, mine, everyone, outbox, clock, web=web, offered=asks)
    keep = consents.keeps_health_copies if keep_health_copies else never
    services = Services(
        identity=identity,
        lock=lock or _lock_of_the_screen(mine, clock),
        service_requests=ServiceRequests(gateway, mine, everyone, outbox, clock, city),
        inbox=Inbox(gateway, mine, clock, extended=city.extended),
        live=Live(gateway, extended=city.extended),
        desk=Desk(gateway),
        wards=_wards(assets / "wards.json").bounded_by(boundaries),
        geocoder=Geocoder(geocoder, outside or http, clock, turnstile or Turnstile(clock)),
        cards=Cards(gateway, mine, clock),
        parking=Parking(gateway, mine, outbox, clock),
        trips=Trips(gateway, mine, clock),
        card_inspection=CardInspection(gateway, mine, clock, checker),
        health_people=HealthPeople(gateway, mine, clock, keep_copies=keep),
        accesses=Accesses(gateway, mine, clock, keep_copies=keep),
        measurements=Measurements(gateway, mine, outbox, clock, keep_copies=keep),
        corrections=Corrections(gateway, mine, outbox, clock, keep_copies=keep),
        emergency=EmergencyCards(emergency),
        health_sharing=HealthSharing(gateway, mine, keep_links=keep_health_copies),
        health_records=HealthRecords(gateway, mine, clock, keep_copies=keep, fhir=records),
        health_papers=HealthPapers(gateway_url, http, clock, Outside(outside or http, clock)),
        certificates=Certificates(gateway, mine, outbox, clock),
        support=Support(gateway, mine, outbox, clock, recorder.bundle),
        support_desk=SupportDesk(gateway),
        sessions=Sessions(gateway),
        privacy=Privacy(gateway, mine),
        erased=ErasedAccounts(gateway, vault, clock, offered=city.extended),
        vault=mine,
        everyone=everyone,
        outbox=outbox,
        clock=clock,
        gateway=gateway,
        consents=consents,
        recorder=recorder,
        access_log=AccessLog(gateway),
    )
    consents.when_stopped("health_copies", services.health_records.forget)
    consents.when_stopped("card_taps", services.trips.forget)
    return services


def _lock_of_the_screen(vault: SubjectVault, clock: ServerClock) -> Lock:
    return Lock(VaultLockStore(vault), ServerKey(), cost=SERVER_COST, steady=clock.steady)


@lru_cache(maxsize=1)
def _wards(path: Path) -> Wards:
    # Public and unchanging, so every session of the process may share it.
    return Wards.load(path)
