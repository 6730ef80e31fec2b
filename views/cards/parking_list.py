"""The resident's stays: what runs, and what is paid with its receipt."""

import flet as ft

from app import paths
from app.hooks import component, use_resource, use_revisions, use_services, view
from app.text import _, language, local, show_date, show_money, show_time, status_of
from services.parking_sessions import ParkingSession
from views.cards.parking_words import PlateBox, apart
from views.components import (
    Card,
    EmptyState,
    Loaded,
    Screen,
    StatusChip,
    Text,
    keyed,
    name_of,
    open_path,
    stacked,
)


@view
def ParkingListView() -> ft.Control:
    """Stays, the newest first."""
    services, revisions = use_services(), use_revisions()
    stays = use_resource(services.parking.list_mine, revisions.parking)
    return Screen(_("Stays and receipts"), Loaded(stays, StayList), back=paths.CARDS)


def StayList(stays: list[ParkingSession]) -> ft.Control:
    """The stays, or one line when there are none."""
    if not stays:
        words = _("When you park, the stay and its receipt are here.")
        return EmptyState(ft.Icons.LOCAL_PARKING_ROUNDED, _("No stays yet"), words)
    return stacked([keyed(stay.session_id, StayRow, stay) for stay in stays])


@component
def StayRow(stay: ParkingSession) -> ft.Control:
    """One stay: its status, plate, place, day and price."""
    services = use_services()
    started = f"{show_time(stay.started_at)}, {show_date(local(stay.started_at).date())}"
    paid = Text(show_money(stay.receipt.amount) if stay.receipt else "", "title_small")
    return Card(
        StatusChip(status_of(stay.state_at(services.clock.now()))),
        apart(PlateBox(stay.plate, stay.vehicle), paid),
        Text(f"{name_of(stay.place.name, language())} · {started}", "supporting"),
        on_click=open_path(paths.parking_session(stay.session_id)),
    )
