"""Showing chosen claims of a certificate by a link that ends, and who looked at them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from services.certificates.checking import Presentation, Shown
from services.certificates.holding import claims_of, holder_key, present
from services.certificates.parsing import reading
from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.vault import SubjectVault

PATH = "/certificates/v1"
LINKS = "certificate_links"
"""The vault's table of links by presentation: the gateway shows each of them once only."""
OPENING = "Certificate-Opening"


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate's machine-readable twin bound to this device, and what it can show."""

    text: str = field(repr=False)
    claims: dict[str, Any] = field(repr=False)


class Presentations:
    """The signed-in resident's presentations; `check` is for everybody.

    `opening` is what opening form No. 2 by its passcode gave, empty for form No. 1. Every method
    raises a ServiceError when it fails.
    """

    def __init__(self, gateway: GatewayClient, vault: SubjectVault, clock: ServerClock) -> None:
        self._gateway = gateway
        self._vault = vault
        self._clock = clock

    async def credential(self, application_id: str, *, opening: str = "") -> Credential:
        """Return the twin, bound to this device's key; its content is never kept."""
        answer = await self._gateway.post(
            f"{PATH}/applications/{segment(application_id)}/credential",
            json={"holder_key": await holder_key(self._vault)},
            retry=True,
            headers=opened_by(opening),
        )
        text = reading(lambda body: str(body["credential"]), answer)
        return Credential(text, claims_of(text))

    async def show(
        self,
        application_id: str,
        credential: Credential,
        claims: Collection[str],
        seconds: int,
        *,
        key: str,
        opening: str = "",
    ) -> str:
        """Show `claims` and nothing else for so many seconds; returns the link, kept in the vault.

        `key` names the wish: asked again with it, nothing is shown twice.
        """
        vault = self._vault.pinned()
        begun = await self._gateway.post(
            f"{PATH}/applications/{segment(application_id)}/presentations",
            json={"expires_in": seconds},
            idempotency_key=key,
        )
        made, aud, nonce = reading(
            lambda body: (str(body["presentation_id"]), str(body["aud"]), str(body["nonce"])), begun
        )
        iat = int(self._clock.now().timestamp())
        text = await present(vault, credential.text, claims, aud=aud, nonce=nonce, iat=iat)
        answer = await self._gateway.put(
            f"{PATH}/presentations/{segment(made)}",
            json={"presentation": text},
            headers=opened_by(opening),
        )
        link = reading(lambda body: str(body["link"]), answer)
        await vault.put(LINKS, made, link)
        return link

    async def list(self, application_id: str) -> list[Presentation]:
        """Return what was shown of a certificate, newest first, with who looked."""
        path = f"{PATH}/applications/{segment(application_id)}/presentations"
        answer = await self._gateway.get(path)
        found = reading(lambda body: [Presentation.from_json(one) for one in body], answer)
        return sorted(found, key=lambda one: one.created_datetime, reverse=True)

    async def link(self, presentation_id: str) -> str:
        """Return the link of a presentation made on this device; empty for another device's."""
        return str(await self._vault.get(LINKS, presentation_id) or "")

    async def stop(self, presentation_id: str) -> None:
        """Stop a presentation at once; its link then shows nothing."""
        vault = self._vault.pinned()
        await self._gateway.delete(f"{PATH}/presentations/{segment(presentation_id)}")
        await vault.delete(LINKS, presentation_id)

    async def check(self, secret: str, name: str) -> Shown:
        """Look at what a link shows; `name` is what whoever looks calls themselves."""
        sent = {"secret": secret, "name": name}
        path = f"{PATH}/presentations/check"
        answer = await self._gateway.post(path, json=sent, public=True)
        return reading(Shown.from_json, answer)


def opened_by(opening: str) -> dict[str, str]:
    """The header that says that the passcode was given."""
    return {OPENING: opening} if opening else {}
