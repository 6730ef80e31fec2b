"""What goes on while the app is open: sending what waits, and keeping the gateway's time."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import flet as ft

from app import paths
from app.live import keep_live
from app.state import Revisions, Session
from app.staying import keep_clean, keep_session
from app.text import _, show_time
from services import Services
from services.device import Device
from services.errors import ServiceError
from services.offline import keep_time
from services.parking_sessions import ParkingSession
from services.plates import show_plate

EVERY = 20.0
"""Seconds between two notes of the gateway's time."""

REMINDED_FOR = 20_000
"""Milliseconds that a reminder stays on the screen."""

CARD_EVERY = 900.0
"""Seconds between two looks at the card's grants; one request a day while they suffice."""


def work(
    session: Session, services: Services, revisions: Revisions, device: Device, *, own: bool
) -> list[asyncio.Task[None]]:
    """Start it all; `own` says that this is a device of one's own. The caller cancels it."""
    works = [
        keep_session(session, services, revisions, device),
        keep_sending(session, services, revisions),
        keep_live(session, services, revisions),
        keep_card(session, services),
        keep_reminding(session, services),
        keep_clean(services, own=own),
    ]
    if own:
        works.append(keep_clock(services))
    return [asyncio.create_task(each) for each in works]


async def keep_sending(session: Session, services: Services, revisions: Revisions) -> None:
    """Send what waits as soon as it can go; what was sent shows in every list."""

    def changed(sent: bool) -> None:
        revisions.outbox += 1
        if sent:
            revisions.service_requests += 1
            revisions.parking += 1
            revisions.own_health += 1
            revisions.certificates += 1
            revisions.support += 1
            revisions.consents += 1

    stop = services.outbox.watch(changed)
    try:
        await services.outbox.work()
    finally:
        stop()


async def keep_card(session: Session, services: Services) -> None:
    """Fetch the card's grants ahead, quietly, so that its code works without a network."""
    while True:
        if session.person is not None:
            with suppress(ServiceError):
                await services.cards.renew()
        await asyncio.sleep(CARD_EVERY)


async def keep_reminding(session: Session, services: Services) -> None:
    """Say on whatever screen is open that a parked vehicle's time ends soon, once an end."""
    while True:
        if session.person is not None:
            with suppress(ServiceError):
                for stay in await services.parking.due_reminders():
                    remind(stay)
        await asyncio.sleep(EVERY)


def remind(stay: ParkingSession) -> None:
    """A line at the screen's foot that stays for a while and leads to the stay."""
    page = ft.context.page

    async def open_stay() -> None:
        await page.push_route(paths.parking_session(stay.session_id))

    words = _("Parking {plate} ends at {time}. Park longer, or end it.").format(
        plate=show_plate(stay.plate, stay.vehicle), time=show_time(stay.until)
    )
    action = ft.SnackBarAction(label=_("See the stay"), on_click=open_stay)
    bar = ft.SnackBar(ft.Text(words), action=action, duration=REMINDED_FOR)
    bar.action_overflow_threshold = 0.5  # Else the words wrap in half the width for nothing.
    page.show_dialog(bar)


async def keep_clock(services: Services) -> None:
    """Keep the measured time for a start without a network, on devices of one's own."""
    everyone = services.everyone
    while True:
        await asyncio.sleep(EVERY)
        with suppress(ServiceError):
            await keep_time(services.clock, everyone)
