"""The resident's card on this device: enrolment, grants ahead, and the code with no network."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from services.card_code import (
    SLOT_SECONDS,
    STEP_SECONDS,
    Header,
    anchor_of,
    day_at,
    encode_base45,
    link_at,
    payload,
    slot_at,
    step_at,
)
from services.card_inspection import StaffAct
from services.card_states import (
    Blocked,
    Card,
    CardCode,
    CardState,
    ClockUntrusted,
    Expired,
    MovedAway,
    NoCard,
    NotYetValid,
    OfflineWindowOver,
)
from services.card_wallet import CardWallet, Enrolment, GrantedSlot, Window
from services.client import GatewayClient
from services.clock import ServerClock
from services.errors import GatewayUnavailable, NotFound
from services.offline import read_or_saved
from services.saved import Saved
from services.vault import SubjectVault

PATH = "/cards/v1"
HOURS_AHEAD = 72
RENEWED_BELOW = 48
_ANCHORS_A_REQUEST = 72
_CLOCK_TOLERANCE = 60.0  # Seconds a device clock may lag and still be worth trying.


class Cards:
    """The resident's own card. `code_at` and `renew_due` never use the network; the rest does.

    What needs the network raises a ServiceError when it fails.
    """

    def __init__(self, gateway: GatewayClient, vault: SubjectVault, clock: ServerClock) -> None:
        self._gateway = gateway
        self._vault = vault
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    @property
    def reachable(self) -> bool:
        """Whether the last thing known is that the gateway answers; asks nothing."""
        return self._gateway.reachable

    async def card(self) -> Saved[Card | None]:
        """Return the card as the gateway has it, or the saved copy; None when there is no pass."""
        vault = self._vault.pinned()
        wallet = CardWallet(vault)
        before = await wallet.enrolment()
        try:
            found = await read_or_saved(vault, self._clock, f"{PATH}/card", self._fetch_card)
        except NotFound:
            await self._forget(wallet)
            return Saved(None)
        if found.as_of is None and before is not None:
            await self._learn(wallet, before.card_id, found.value)
        return Saved(Card.from_json(found.value), found.as_of)

    async def enrol(self, device_name: str, platform: str) -> None:
        """Put the card on this device and fetch its first grants; another device's card ends.

        `device_name` is 1 to 60 characters; `platform` is android, ios, linux, macos, windows or
        web. Raises NotFound(`no_card`) when the resident has no pass.
        """
        async with self._one_at_a_time:
            wallet = CardWallet(self._vault.pinned())
            body = {"device_name": device_name, "platform": platform}
            key = await wallet.enrolling_key(body)
            answer = await self._gateway.post(f"{PATH}/enrolments", json=body, idempotency_key=key)
            await self._forget(wallet)
            enrolment = _enrolment(answer["card_id"], answer["card"])
            await wallet.keep(enrolment)
            await wallet.enrolled()
            await self._fetch_grants(wallet, enrolment)

    async def renew(self) -> None:
        """Fetch the grants of the coming 72 hours when fewer than 48 remain; learn what changed.

        Raises Rejected(`anchor_taken`) when this device lost the seed of a granted hour: then the
        card has to be enrolled again.
        """
        async with self._one_at_a_time:
            if not await self.renew_due():
                return
            wallet = CardWallet(self._vault.pinned())
            await self.card()
            enrolment = await wallet.enrolment()
            if enrolment and enrolment.moved_to is None and not enrolment.blocked:
                await self._fetch_grants(wallet, enrolment)

    async def renew_due(self) -> bool:
        """Whether this device holds the card and fewer than 48 granted hours remain."""
        wallet = CardWallet(self._vault.pinned())
        enrolment = await wallet.enrolment()
        if enrolment is None or enrolment.moved_to is not None:
            return False
        return (await wallet.window()).through - slot_at(self._now()) < RENEWED_BELOW

    async def block(self) -> Card:
        """Block the card, as for a lost phone: gates refuse it from their next deny list on."""
        return await self._change("block")

    async def unblock(self) -> Card:
        """Let the card work again on the device that held it."""
        return await self._change("unblock")

    async def staff_acts(self) -> list[StaffAct]:
        """Return what staff did to the resident's card, the newest first."""
        found = await self._gateway.get(f"{PATH}/staff-acts")
        return [StaffAct.from_json(item) for item in found["acts"]]

    async def code_at(self, now: float) -> CardState:
        """Return what the card shows at `now` (UTC seconds), from the vault alone."""
        wallet = CardWallet(self._vault.pinned())
        enrolment = await wallet.enrolment()
        if enrolment is None:
            return NoCard()
        if enrolment.moved_to is not None:
            return MovedAway(enrolment.moved_to)
        if enrolment.blocked:
            return Blocked()
        window = await wallet.window()
        if not self._clock.measured and now < window.fetched_at - _CLOCK_TOLERANCE:
            return ClockUntrusted(None)
        granted = await wallet.slot(enrolment.card_id, slot_at(now))
        if granted is None or granted.valid_until < day_at(now):
            return _why_not(enrolment, day_at(now))
        code = _code(enrolment, window, granted, now)
        return code if self._clock.measured else ClockUntrusted(code)

    async def _change(self, verb: str) -> Card:
        wallet = CardWallet(self._vault.pinned())
        before = await wallet.enrolment()
        found = await self._gateway.post(f"{PATH}/{verb}")
        if before is not None:
            await self._learn(wallet, before.card_id, found)
        return Card.from_json(found)

    async def _fetch_card(self) -> Any:
        return await self._gateway.get(f"{PATH}/card")

    async def _forget(self, wallet: CardWallet) -> None:
        if (enrolment := await wallet.enrolment()) is not None:
            await wallet.forget(enrolment)

    async def _learn(self, wallet: CardWallet, card_id: str, card: Mapping[str, Any]) -> None:
        """Take over what the gateway says of the card that this device held when it asked."""
        enrolment = await wallet.enrolment()
        if enrolment is None or enrolment.card_id != card_id:
            return
        news = _enrolment(card_id, card)
        await wallet.keep(news)
        if news.moved_to is not None:
            await wallet.forget_seeds(card_id)
            await wallet.forget_slots(card_id)

    async def _fetch_grants(self, wallet: CardWallet, enrolment: Enrolment) -> None:
        """Ask for every valid hour from this one to 72 ahead that is not granted yet."""
        card_id, now = enrolment.card_id, self._now()
        hours = range(slot_at(now), slot_at(now) + HOURS_AHEAD + 1)
        await wallet.forget_slots(card_id, before=hours.start - 1)
        kept = await wallet.slots(card_id)
        missing = [slot for slot in hours if slot not in kept and _covers(enrolment, slot)]
        seeds = await wallet.seeds(card_id, missing)
        for start in range(0, len(missing), _ANCHORS_A_REQUEST):
            asked = missing[start : start + _ANCHORS_A_REQUEST]
            await self._fetch_some(wallet, card_id, {slot: seeds[slot] for slot in asked})
        await wallet.forget_seeds(card_id)
        through = _unbroken(await wallet.slots(card_id), hours)
        await wallet.keep_window(Window(through, now))

    async def _fetch_some(
        self, wallet: CardWallet, card_id: str, seeds: Mapping[int, bytes]
    ) -> None:
        """Ask for some hours' grants and keep them; asked twice, the same seeds get the same."""
        card = bytes.fromhex(card_id)
        anchors = [
            {"slot": slot, "anchor": anchor_of(card, slot, seed).hex()}
            for slot, seed in seeds.items()
        ]
        body = {"card_id": card_id, "anchors": anchors}
        answer = await self._gateway.post(f"{PATH}/grants", json=body)
        for slot, granted in _granted(answer, card, seeds):
            await wallet.keep_slot(card_id, slot, granted)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _enrolment(card_id: str, card: Mapping[str, Any]) -> Enrolment:
    """What to keep of the card when this device's card id is `card_id`."""
    device = card["device"] or {"card_id": None, "name": ""}
    return Enrolment(
        card_id=card_id,
        valid_from=card["valid_from"],
        valid_until=card["valid_until"],
        blocked=card["state"] == "blocked",
        moved_to=None if device["card_id"] == card_id else device["name"],
    )


def _granted(answer: Any, card: bytes, seeds: Mapping[int, bytes]) -> list[tuple[int, GrantedSlot]]:
    """The granted hours of an answer; GatewayUnavailable when it grants what nobody asked for."""
    found = []
    try:
        for item in answer["grants"]:
            slot, header = item["slot"], bytes.fromhex(item["header"])
            named = Header.from_bytes(header)
            if (named.card_id, named.slot) != (card, slot):
                raise ValueError("the header is another card's or another hour's")
            found.append((slot, GrantedSlot(seeds[slot], header, bytes.fromhex(item["grant"]))))
    except (KeyError, TypeError, ValueError):
        raise GatewayUnavailable("broken_answer") from None
    return found


def _covers(enrolment: Enrolment, slot: int) -> bool:
    return day_at(slot * SLOT_SECONDS) in enrolment.days


def _unbroken(kept: set[int], hours: range) -> int:
    """The last of the kept hours that follow each other from the first one on; -1 for none."""
    first = next((slot for slot in hours if slot in kept), None)
    if first is None:
        return -1
    return next(slot for slot in range(first, hours.stop + 1) if slot + 1 not in kept)


def _why_not(enrolment: Enrolment, day: int) -> NotYetValid | Expired | OfflineWindowOver:
    if day < enrolment.days.start:
        return NotYetValid(date.fromisoformat(enrolment.valid_from))
    if day >= enrolment.days.stop:
        return Expired(date.fromisoformat(enrolment.valid_until))
    return OfflineWindowOver()


def _code(enrolment: Enrolment, window: Window, granted: GrantedSlot, now: float) -> CardCode:
    card, slot, step = bytes.fromhex(enrolment.card_id), slot_at(now), step_at(now)
    link = link_at(card, slot, granted.seed, step)
    return CardCode(
        text=encode_base45(payload(granted.header, granted.grant, step, link)),
        slot=slot,
        step=step,
        seconds_left=STEP_SECONDS - now % STEP_SECONDS,
        expires=datetime.fromtimestamp((max(window.through, slot) + 1) * SLOT_SECONDS, UTC),
    )
