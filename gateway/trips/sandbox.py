"""The sandbox's rides: codes of the real format, verified as a gate's upload is, at synthetic gates."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from gateway.cards import tap_checks
from gateway.cards.gate_credentials import add_gate, find_gate
from gateway.cards.holder import entitlement
from gateway.cards.issuer import IssuerKey, grant, header, issuer_keys
from gateway.cards.tables import enrolments
from gateway.cards.taps import Tap, keep, tap_of
from gateway.database import Database
from gateway.parking.fees import CITY
from gateway.privacy.remembering import erased_at
from gateway.registers import network
from gateway.registers.passes import Pass, sandbox_pass
from gateway.registers.population import Resident, sandbox_residents
from gateway.settings import Settings

KEY = "sandbox-rides"
DEVICE = "Máy thử (sandbox)"
_SLOT = 3600

Ride = Mapping[str, Any]


def seed(settings: Settings, database: Database) -> None:
    """Let every synthetic resident with rides have ridden, once. Outside the sandbox, nothing."""
    if settings.sandbox:
        key = issuer_keys(settings.data_folder / "keys")[-1]
        now = settings.clock().astimezone(CITY)
        database.run_here(lambda connection: _seed(connection, settings, key, now))


def _seed(connection: Connection, settings: Settings, key: IssuerKey, now: datetime) -> None:
    people = {person.key: person for person in sandbox_residents()}
    for name in dict.fromkeys(ride["resident"] for ride in network.document()["rides"]):
        subject = people[name].subject
        is_erased = erased_at(connection, settings, subject) is not None
        if not is_erased and not _has_ridden(connection, subject):
            rides = [r for r in network.document()["rides"] if r["resident"] == name]
            _ride_all(connection, key, people[name], rides, now)


def _has_ridden(connection: Connection, subject: str) -> bool:
    found = select(enrolments.c.card_id).where(
        enrolments.c.subject == subject, enrolments.c.idempotency_key == KEY
    )
    return connection.execute(found).first() is not None


def _ride_all(
    connection: Connection, key: IssuerKey, person: Resident, rides: list[Ride], now: datetime
) -> None:
    card_id, at = secrets.token_hex(8), int(now.timestamp())
    connection.execute(
        insert(enrolments).values(
            card_id=card_id,
            subject=person.subject,
            device_name=DEVICE,
            platform="linux",
            enrolled_at=at - 7 * 86_400,
            ended_at=at,
            idempotency_key=KEY,
            body_hash=hashlib.sha256(KEY.encode()).hexdigest(),
        )
    )
    for ride in rides:
        boarded = _moment(ride, now)
        held = sandbox_pass(person, boarded.date())
        if held is None:
            continue
        start = int(boarded.timestamp())
        _pass_gate(connection, key, card_id, held, (ride["from"], "in", start, at))
        if ride["to"] is not None:
            end = start + 60 * int(ride["minutes"])
            _pass_gate(connection, key, card_id, held, (ride["to"], "out", end, at))


def _moment(ride: Ride, now: datetime) -> datetime:
    hour, minute = map(int, ride["at"].split(":"))
    day = now - timedelta(days=ride["days_ago"])
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _pass_gate(
    connection: Connection,
    key: IssuerKey,
    card_id: str,
    held: Pass,
    where: tuple[str, str, int, int],
) -> None:
    """Show a code at a gate. Raises ValueError when it does not verify, as an upload would not."""
    place_id, direction, moment, now = where
    gate_id = f"sandbox-{place_id}"
    if find_gate(connection, gate_id) is None:
        add_gate(connection, gate_id, "transit", place_id, now)
    payload = tap_checks.read(_code(key, bytes.fromhex(card_id), held, moment))
    known = tap_checks.PublicKey(key.private_key.public_key(), 0, 0xFFFFFFFF)
    if payload is None or tap_checks.refusal(payload, moment, {key.number: known}, now):
        raise ValueError("a ride of the sandbox does not verify")
    tap: Tap = tap_of(find_gate(connection, gate_id), payload, direction, moment, now)
    keep(connection, gate_id, [tap], 0, now)


def _code(key: IssuerKey, card_id: bytes, held: Pass, moment: int) -> bytes:
    """The 99 bytes that a device of that card would have shown."""
    slot, step = moment // _SLOT, moment % _SLOT // tap_checks.STEP_SECONDS
    named = card_id + slot.to_bytes(4, "big")
    seed_bytes = secrets.token_bytes(32)
    link = hashlib.sha256(b"hn-card-seed-v1" + named + seed_bytes).digest()[:16]
    shown = link
    for k in range(tap_checks.STEPS - 1, -1, -1):
        if k == step:
            shown = link
        link = hashlib.sha256(b"hn-card-link-v1" + named + bytes((k,)) + link).digest()[:16]
    signed = header(key, card_id, slot, entitlement(held))
    return signed + grant(key, signed, link) + bytes((step,)) + shown
