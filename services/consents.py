"""What the resident agreed to: read, decided, and asked about before data is used."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from services.chance import new_id
from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.consent_ledger import Ledger, Purpose, Standing
from services.errors import NotFound, Rejected, ServiceError
from services.offline import TABLE, read_or_saved
from services.outbox import Outbox
from services.reading import objects, one_object
from services.saved import Saved
from services.vault import SubjectVault

__all__ = ["Consents", "Ledger", "Purpose"]

PATH = "/privacy/consents"
PURPOSES = "/privacy/purposes"
DECISION = "consent"
HEALTH_COPIES = "health_copies"
BODY = ("decision", "text_version", "language", "way", "device", "decided", "child")
AGREED, REFUSED, WITHDRAWN = "agreed", "refused", "withdrawn"
ASKED, PRIVACY_PAGE = "asked", "privacy_page"

Stop = Callable[[], Awaitable[None]]


class Consents:
    """The consents of whoever is signed in, and of a guest for as long as this session lasts.

    `web` says that Python runs on a server here, `offered` that this city keeps a ledger: where it
    does not, the device's own questions have to do. A decision goes through the outbox: it holds on
    this device at once and reaches the gateway when there is a network.
    """

    def __init__(
        self,
        gateway: GatewayClient,
        vault: SubjectVault,
        everyone: SubjectVault,
        outbox: Outbox,
        clock: ServerClock,
        *,
        web: bool,
        offered: bool = True,
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._everyone = everyone
        self._outbox = outbox
        self._clock = clock
        self._device = "browser" if web else _device()
        self._offered = offered
        self._guest: dict[str, str] = {}
        self._stops: dict[str, Stop] = {}
        outbox.register(DECISION, self._send)

    def when_stopped(self, purpose: str, stop: Stop) -> None:
        """Say what ends on this device when a consent is not given any more."""
        self._stops[purpose] = stop

    async def ledger(self, child: str = "") -> Saved[Ledger]:
        """Return the ledger, one's own or that of a child's key, with decisions that wait here.

        What was withdrawn on another device ends here too.
        """
        key = f"{PATH}/{child or 'own'}"
        before = await self._kept(child)

        async def fetch() -> Any:
            return await self._gateway.get(PATH, child=child or None)

        found = await read_or_saved(self._vault, self._clock, key, fetch)
        ledger = await self._with_waiting(Ledger.of(one_object(found.value)), child)
        await self._stop_what_ended(before, ledger)
        return Saved(ledger, found.as_of)

    async def purpose(self, code: str, child: str = "") -> Purpose:
        """Return one purpose with its text and how it stands; a guest's is this session's.

        Raises NotFound for one this city does not ask about.
        """
        if self._vault.present:
            return (await self.ledger(child)).value.purpose(code)
        found = await read_or_saved(self._everyone, self._clock, PURPOSES, self._public)
        listed = (Purpose.of(item) for item in objects(found.value))
        known = next((one for one in listed if one.purpose == code), None)
        if known is None:
            raise NotFound
        return replace(known, state=self._guest.get(code, "undecided"), may_decide=True)

    async def is_given(self, code: str, child: str = "") -> bool:
        """Whether it is agreed to, as far as this device knows; asks the gateway only at first."""
        if not self._offered:
            return True
        if not self._vault.present:
            return self._guest.get(code) == AGREED
        kept = await self._kept(child)
        if kept is None:
            with suppress(ServiceError):
                kept = (await self.ledger(child)).value
        return kept is not None and kept.state_of(code) == AGREED

    async def decide(
        self, purpose: Purpose, decision: str, language: str, *, way: str = ASKED, child: str = ""
    ) -> bool:
        """Agree, refuse or withdraw, by the text that was shown; False when it waits for a network.

        Raises what the gateway refuses it with, such as Rejected(`consent_text_changed`).
        """
        if not self._vault.present:
            self._guest[purpose.purpose] = decision
            return True
        payload = {
            "purpose": purpose.purpose,
            "decision": decision,
            "text_version": purpose.version if decision != WITHDRAWN else purpose.shown_version,
            "language": language,
            "way": way,
            "device": self._device,
            "decided": self._clock.now().isoformat(),
            "child": child,
        }
        if decision != AGREED:
            await self._stop(purpose.purpose)
        answer = await self._submit(payload)
        if answer is not None:
            await self._keep(child, answer)
        return answer is not None

    async def keeps_health_copies(self, patient_id: str | None) -> bool:
        """Whether a copy of that record may lie on this device; a child's by the child's ledger."""
        return await self.is_given(HEALTH_COPIES, await self._child_of(patient_id))

    async def copies_to_ask_about(self, patient_id: str | None) -> tuple[Purpose, str] | None:
        """The question about copies of that record, with the child's key; None once it is answered."""
        if not (self._offered and self._vault.present):
            return None
        child = await self._child_of(patient_id)
        found = await self.purpose(HEALTH_COPIES, child)
        open_still = found.state in ("undecided", "outdated") and found.may_decide
        return (found, child) if open_still else None

    async def _child_of(self, patient_id: str | None) -> str:
        """The key of the child whose record it is; empty for one's own, and for another adult's,
        whose copies lie here by one's own consent.
        """
        if patient_id is None:
            return ""
        kept = await self._kept("")
        with suppress(ServiceError):
            kept = kept or (await self.ledger()).value
        children = kept.children if kept else ()
        return next((one.child for one in children if one.patient_id == patient_id), "")

    async def _submit(self, payload: dict[str, Any]) -> Any:
        item_id = new_id()
        about = f"consent-{payload['child']}-{payload['purpose']}"
        try:
            return await self._outbox.submit(DECISION, payload, item_id=item_id, about=about)
        except (Rejected, NotFound):
            await self._outbox.delete(item_id)
            raise

    async def _send(self, payload: Any, idempotency_key: str) -> Any:
        body = {name: payload[name] for name in BODY}
        path = f"{PATH}/{segment(payload['purpose'])}"
        return await self._gateway.post(path, json=body, idempotency_key=idempotency_key)

    async def _public(self) -> Any:
        return await self._gateway.get(PURPOSES, public=True)

    async def _keep(self, child: str, answer: Any) -> None:
        row = {"value": answer, "as_of": self._clock.now().isoformat(), "etag": ""}
        with suppress(Rejected):
            await self._vault.put(TABLE, f"{PATH}/{child or 'own'}", row)

    async def _kept(self, child: str) -> Ledger | None:
        """What this device knows without asking anyone."""
        vault = self._vault.pinned()
        with suppress(NotFound, Rejected):
            row = await vault.get(TABLE, f"{PATH}/{child or 'own'}")
            if row is not None:
                return await self._with_waiting(Ledger.of(one_object(row["value"])), child)
        return None

    async def _with_waiting(self, ledger: Ledger, child: str) -> Ledger:
        for item in await self._outbox.list():
            if item.kind != DECISION or item.state == "failed" or item.payload["child"] != child:
                continue
            standing = Standing(item.payload["decision"], item.created, waiting=True)
            ledger = ledger.decided(item.payload["purpose"], standing)
        return ledger

    async def _stop_what_ended(self, before: Ledger | None, now: Ledger) -> None:
        for code in self._stops:
            was = before is not None and before.state_of(code) == AGREED
            if was and now.state_of(code) != AGREED:
                await self._stop(code)

    async def _stop(self, code: str) -> None:
        if (stop := self._stops.get(code)) is not None:
            await stop()


def _device() -> str:
    return "phone" if sys.platform in ("android", "ios") else "desktop"
