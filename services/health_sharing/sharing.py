"""The resident's health links: made and encrypted here, listed and stopped at the gateway."""

from __future__ import annotations

import asyncio
from datetime import datetime
from urllib.parse import urlencode

from services.client import GatewayClient, segment
from services.health_sharing.links import HealthLink
from services.health_sharing.shares import (
    FHIR_JSON,
    HealthShare,
    PreparedShare,
    ShareChoice,
    SharedLink,
    prepare,
)
from services.vault import SubjectVault

TABLE = "health_links"
LABEL = "Hồ sơ sức khỏe"
_PATH = "/health/v1/shares"


class HealthSharing:
    """Shares of the signed-in resident's own record.

    `keep_links` is False on the web, where the vault lies on a server: then a link stays in this
    session's memory, and a share made elsewhere can be stopped but not shown again.
    """

    def __init__(self, gateway: GatewayClient, vault: SubjectVault, *, keep_links: bool) -> None:
        self._gateway = gateway
        self._vault = vault
        self._keep_links = keep_links
        self._links: dict[str, SharedLink] = {}

    async def prepare(self, choice: ShareChoice) -> PreparedShare:
        """Fetch exactly what would be shared and encrypt it on this device; nothing is sent.

        Raises ServiceError; NotFound when the resident has no record.
        """
        wanted = [("section", code) for code in choice.sections]
        if choice.since is not None:
            wanted.append(("since", choice.since.isoformat()))
        path = f"{_PATH}/content?{urlencode(wanted)}"
        content = await self._gateway.get_bytes(path, accept=FHIR_JSON)
        return await asyncio.to_thread(prepare, choice, content)

    async def create(self, prepared: PreparedShare) -> HealthShare:
        """Hand the encrypted file over and keep the link here; the same one twice makes one link.

        Raises ServiceError.
        """
        choice = prepared.choice
        body = {
            "token": prepared.token,
            "file": prepared.file,
            "sections": list(choice.sections),
            "since": choice.since.isoformat() if choice.since else None,
            "minutes": choice.minutes,
            "passcode": prepared.passcode,
        }
        made = await self._gateway.post(_PATH, json=body, idempotency_key=prepared.idempotency_key)
        share = HealthShare.from_json(made)
        link = _link(prepared, made["links_url"], share.ends_at)
        await self._keep(
            share.share_id, SharedLink(link.text(made["viewer_url"]), prepared.passcode)
        )
        return share

    async def list_mine(self) -> list[HealthShare]:
        """All shares, running ones first. Links of those that have ended are forgotten."""
        found = [HealthShare.from_json(item) for item in await self._gateway.get(_PATH)]
        for share in found:
            if not share.running:
                await self._forget(share.share_id)
        return found

    async def get(self, share_id: str) -> HealthShare:
        """One share. Raises NotFound."""
        found = await self._gateway.get(f"{_PATH}/{segment(share_id)}")
        return HealthShare.from_json(found)

    async def stop(self, share_id: str) -> HealthShare:
        """End a share at once; twice is once."""
        path = f"{_PATH}/{segment(share_id)}/stop"
        stopped = HealthShare.from_json(await self._gateway.post(path, retry=True))
        await self._forget(share_id)
        return stopped

    async def link_of(self, share_id: str) -> SharedLink | None:
        """The link to show, None where it was made on another device."""
        if not self._keep_links:
            return self._links.get(share_id)
        kept = await self._vault.get(TABLE, share_id)
        return SharedLink(kept["link"], kept["passcode"]) if kept else None

    async def forget(self) -> None:
        """Remove every link from this device; the shares go on and can be stopped from anywhere."""
        self._links.clear()
        if self._keep_links:
            vault = self._vault.pinned()
            for share_id in await vault.list(TABLE):
                await vault.delete(TABLE, share_id)

    async def _keep(self, share_id: str, link: SharedLink) -> None:
        if not self._keep_links:
            self._links[share_id] = link
            return
        await self._vault.put(TABLE, share_id, {"link": link.link, "passcode": link.passcode})

    async def _forget(self, share_id: str) -> None:
        self._links.pop(share_id, None)
        if self._keep_links:
            await self._vault.delete(TABLE, share_id)


def _link(prepared: PreparedShare, links_url: str, ends_at: datetime | None) -> HealthLink:
    flags = "P" if prepared.passcode else ""
    return HealthLink(f"{links_url}{prepared.token}", prepared.key, flags, LABEL, ends_at)
