"""Parking in the wallet: the stay that runs, or the way to begin one (design picture 08)."""

import asyncio
from datetime import datetime

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_look,
    use_loop,
    use_resource,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _, language, show_money, show_time, status_of
from app.theme import Look
from services.parking import ParkingStart
from services.parking_sessions import ParkingSession
from services.saved import Saved
from views.cards.parking_words import PlateBox, apart, show_clock, vehicle_name
from views.components import (
    Card,
    CardList,
    LinkButton,
    NavigationRow,
    StatusChip,
    Text,
    keyed,
    name_of,
    open_path,
    stacked,
)

Stays = tuple[list[ParkingStart], list[ParkingSession]]


@component
def ParkingInWallet() -> ft.Control:
    """What is parked or about to be, and the way to park; nothing while it is not known."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[Stays]:
        waiting = await services.parking.waiting_starts()
        found = await services.parking.list_mine()
        return Saved((waiting, found.value), found.as_of)

    stays = use_resource(fetch, revisions.parking, revisions.outbox)
    if not isinstance(stays, Ready):
        return ft.Container(height=0)
    waiting, sessions = stays.value
    running = [stay for stay in sessions if stay.ended_at is None]
    cards = [keyed(start.start_id, StartingCard, start) for start in waiting]
    cards += [keyed(stay.session_id, StayCard, stay) for stay in running]
    sentence = _("Start by plate, pay at the end.") if not cards else ""
    rows = [
        NavigationRow(
            ft.Icons.LOCAL_PARKING_ROUNDED,
            _("Park a vehicle"),
            sentence,
            open_path(paths.NEW_PARKING),
            "tertiary",
        )
    ]
    if len(sessions) > len(running):
        past = open_path(paths.PARKING)
        rows.append(NavigationRow(ft.Icons.RECEIPT_LONG_ROUNDED, _("Stays and receipts"), "", past))
    return stacked([*cards, CardList(*rows)])


@component
def StartingCard(start: ParkingStart) -> ft.Control:
    """A stay that waits for a network: it has not begun, and costs nothing."""
    return Card(
        StatusChip(status_of("starting")),
        ft.Row([PlateBox(start.plate, start.vehicle)], wrap=True),
        Text(_("It has not begun yet. It begins when the network is back."), "supporting"),
        LinkButton(_("Open what waits"), open_path(paths.OUTBOX), ft.Icons.OUTBOX_OUTLINED),
    )


@component
def StayCard(stay: ParkingSession) -> ft.Control:
    """Plate, place, how long, how much so far, and the end booked."""
    services, look = use_services(), use_look()
    now, set_now = use_state(services.clock.now())

    async def tick() -> None:
        while True:
            await asyncio.sleep(60.0 - services.clock.now().timestamp() % 60.0)
            set_now(services.clock.now())

    use_loop(tick)
    over = stay.state_at(now) == "over_time"
    return Card(
        apart(
            ft.Row(
                [
                    ft.Icon(ft.Icons.LOCAL_PARKING_ROUNDED, color=look.palette.tertiary),
                    Text(_("Parking"), "label"),
                ],
                tight=True,
            ),
            StatusChip(status_of(stay.state_at(now))),
        ),
        apart(PlateBox(stay.plate, stay.vehicle), _so_far(stay, now, look)),
        Text(
            f"{name_of(stay.place.name, language())} · {vehicle_name(stay.vehicle)}", "supporting"
        ),
        ft.Divider(height=1, color=look.palette.outline_variant),
        apart(
            Text(
                (_("Time ended at {time}") if over else _("Time ends at {time}")).format(
                    time=show_time(stay.until)
                ),
                "supporting",
                look.palette.error if over else None,
            ),
            LinkButton(_("See the stay"), open_path(paths.parking_session(stay.session_id))),
        ),
        edge=look.palette.error if over else None,
    )


def _so_far(stay: ParkingSession, now: datetime, look: Look) -> ft.Control:
    elapsed = show_clock(now - stay.started_at).rpartition(":")[0]
    return ft.Column(
        [Text(elapsed, "title"), Text(show_money(stay.price_at(now).amount), "supporting")],
        spacing=0,
        tight=True,
        horizontal_alignment=(
            ft.CrossAxisAlignment.START if look.large_text else ft.CrossAxisAlignment.END
        ),
    )
