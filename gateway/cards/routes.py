"""The resident's own card under /cards/v1."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Header

from gateway.cards import enrolments, gate_service, gates, models
from gateway.cards.granting import GrantRequest, grant_slots
from gateway.cards.holder import SLOT_SECONDS, Holder, covers, entitlement
from gateway.problems import FieldError, invalid

HOURS_AHEAD = 72

AtTheCounter = Annotated[Holder, Depends()]
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=255)]

router = APIRouter()
router.include_router(gates.router)
router.include_router(gate_service.router)
cards = APIRouter(prefix="/cards/v1", tags=["cards"])


@cards.get("/card")
async def read_card(holder: AtTheCounter) -> models.Card:
    """The resident's own card and the device that holds it; 404 `no-card` when there is none."""
    return await holder.card(await holder.held())


@cards.post("/enrolments", status_code=201)
async def enrol(
    body: models.EnrolmentBody, key: IdempotencyKey, holder: AtTheCounter
) -> models.Enrolled:
    """Put the card on this device; the device that held it before stops at once."""
    held = await holder.held()
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    wanted = enrolments.Enrolment(
        holder.subject, body.device_name, body.platform, key, digest, holder.at
    )
    row = await holder.run(lambda connection: enrolments.enrol(connection, wanted))
    holds = entitlement(held)
    return models.Enrolled(
        card_id=row.card_id,
        key_number=(await holder.signing_key()).number,
        product=holds.product,
        group=holds.group,
        valid_until=holds.valid_until,
        card=await holder.card(held),
    )


@cards.post("/grants")
async def grant(body: models.GrantsBody, holder: AtTheCounter) -> models.Grants:
    """Sign the anchors of the coming hours; the same anchor again gets the same grant."""
    held = await holder.held()
    now_slot = holder.at // SLOT_SECONDS
    _demand_window(body.anchors, now_slot)
    anchors = {item.slot: item.anchor for item in body.anchors if covers(held, item.slot)}
    key = await holder.signing_key()
    wanted = GrantRequest(holder.subject, body.card_id, anchors, entitlement(held), key, now_slot)
    rows = await holder.run(lambda connection: grant_slots(connection, wanted))
    found = [models.Grant(slot=row.slot, header=row.header, grant=row.grant) for row in rows]
    return models.Grants(grants=found)


@cards.post("/block")
async def block(holder: AtTheCounter) -> models.Card:
    """Block the resident's own card: gates refuse it from the next deny list they fetch."""
    held = await holder.held()
    await holder.run(lambda connection: enrolments.block(connection, holder.subject, holder.at))
    return await holder.card(held)


@cards.post("/unblock")
async def unblock(holder: AtTheCounter) -> models.Card:
    """Let the resident's own card work again, on the device that held it."""
    held = await holder.held()
    await holder.run(lambda connection: enrolments.unblock(connection, holder.subject))
    return await holder.card(held)


def _demand_window(anchors: list[models.AnchorBody], now_slot: int) -> None:
    """Raises a 422 `Problem` naming the anchors outside now-1 to now+72, or given twice."""
    errors: list[FieldError] = []
    seen: set[int] = set()
    for place, item in enumerate(anchors):
        if not now_slot - 1 <= item.slot <= now_slot + HOURS_AHEAD:
            errors.append(FieldError(field=f"anchors.{place}.slot", code="out_of_window"))
        if item.slot in seen:
            errors.append(FieldError(field=f"anchors.{place}.slot", code="given_twice"))
        seen.add(item.slot)
    if errors:
        raise invalid(errors)


router.include_router(cards)
