"""The thin API client and what must work on the device without a network. No Flet.

In a REPL: `services = connect(url, identity, http=…, clock=…, vault=…, wards=…)`, then
`await services.service_requests.list_mine()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from services.cards import Cards
from services.client import GatewayClient
from services.clock import ServerClock
from services.identity import BearerAuth, Identity
from services.outbox import Outbox
from services.service_requests import ServiceRequests
from services.vault import SubjectVault, Vault
from services.wards import Wards


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a view may call, for one session. `vault` holds the rows of who is signed in."""

    identity: Identity
    service_requests: ServiceRequests
    wards: Wards
    cards: Cards
    vault: SubjectVault
    outbox: Outbox
    clock: ServerClock
    gateway: GatewayClient


def connect(
    gateway_url: str,
    identity: Identity,
    *,
    http: httpx.AsyncClient,
    clock: ServerClock,
    vault: Vault,
    wards: Wards,
    aliases: Sequence[str] = (),
) -> Services:
    """Put the services together for one session; nothing is sent yet.

    `http`, `clock`, `vault` and `wards` may serve many sessions at once; `identity` is one
    resident's, shared by their windows, and made with the same clock. `aliases` are other
    addresses by which the gateway names itself in links. Who gave `http` and `vault` closes them.
    """
    gateway = GatewayClient(gateway_url, http, clock, BearerAuth(identity), aliases=aliases)
    mine = vault.for_subject(identity.subject)
    outbox = Outbox(mine, clock)
    city = vault.for_everyone()
    return Services(
        identity=identity,
        service_requests=ServiceRequests(gateway, mine, city, outbox, clock),
        wards=wards,
        cards=Cards(gateway, mine, clock),
        vault=mine,
        outbox=outbox,
        clock=clock,
        gateway=gateway,
    )
