"""The resident's trips: recent ones in the wallet, all of them, and one with its fare and why."""

from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Failed,
    Ready,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, language, local, show_moment
from services.saved import Saved
from services.trips import Trip
from views.cards.trip_words import show_fare, show_when, why_fare
from views.components import (
    CardList,
    ChoiceChips,
    EmptyState,
    ErrorPanel,
    Heading,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    Screen,
    SummaryRow,
    Tappable,
    Text,
    keyed,
    name_of,
    open_path,
    stacked,
)

RECENT = 3


@component
def RecentTrips() -> ft.Control:
    """The last trips; nothing while they are not known."""
    services, revisions = use_services(), use_revisions()
    trips = use_resource(services.trips.list_mine, revisions.trips, revisions.consents)
    if isinstance(trips, Failed) and trips.error.code == "consent_required":
        return stacked([Heading(_("Recent trips"), 2, "title_small"), _see_trips()])
    if not isinstance(trips, Ready):
        return ft.Container(height=0)
    found = trips.value
    head = ft.Row(
        [
            Heading(_("Recent trips"), 2, "title_small"),
            *([LinkButton(_("All"), open_path(paths.TRIPS))] if found else []),
        ],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        wrap=True,
    )
    if not found:
        return stacked([head, Text(_("No trips yet"), "supporting")])
    return stacked([head, CardList(*[keyed(t.trip_id, TripRow, t) for t in found[:RECENT]])])


def _see_trips() -> ft.Control:
    """The way to the question, where nobody agreed to a list of trips."""
    words = _("Taps are not joined to a list before you agree.")
    return stacked(
        [Text(words, "supporting"), LinkButton(_("See my trips"), open_path(paths.TRIPS))]
    )


@view
def TripsView() -> ft.Control:
    """Every trip, the newest first."""
    services, revisions = use_services(), use_revisions()
    trips = use_resource(services.trips.list_mine, revisions.trips, revisions.consents)
    return Screen(_("Trips"), Loaded(trips, TripList), back=paths.CARDS)


def TripList(trips: list[Trip]) -> ft.Control:
    """The trips, or one line when there are none."""
    if not trips:
        words = _("When you tap on and off, the trip and its fare are here.")
        return EmptyState(ft.Icons.DIRECTIONS_BUS_ROUNDED, _("No trips yet"), words)
    missing = [trip for trip in trips if trip.state == "missing_alighting" and trip.stops]
    notes = []
    if missing:
        words = _("Say where you got off, and only that ride is charged.")
        notes = [Note(_("A tap off is missing."), words, "lotus")]
    return stacked([*notes, CardList(*[keyed(trip.trip_id, TripRow, trip) for trip in trips])])


@component
def TripRow(trip: Trip) -> ft.Control:
    """Line and stops, when, and the fare; a missing tap off is marked in words."""
    services, look = use_services(), use_look()
    palette = look.palette
    icon = ft.Icons.TRAM_ROUNDED if trip.mode == "metro" else ft.Icons.DIRECTIONS_BUS_ROUNDED
    mark = ft.Container(
        ft.Icon(icon, size=look.icon(22), color=palette.on_primary_container),
        width=44,
        height=44,
        border_radius=12,
        bgcolor=palette.primary_container,
        alignment=ft.Alignment.CENTER,
    )
    lines: list[ft.Control] = [
        Text(f"{name_of(trip.line_name, language())} · {_where(trip)}", "label"),
        Text(show_when(trip, local(services.clock.now()).date()), "supporting"),
    ]
    if trip.state == "missing_alighting":
        lines.append(Text(_("Tap off missing"), "small_label", palette.lotus))
    fare = Text(show_fare(trip), "supporting")
    words = ft.Column([*lines, *([fare] if look.large_text else [])], spacing=2, tight=True)
    return Tappable(
        ft.Row(
            [mark, ft.Container(words, expand=True), *([] if look.large_text else [fare])],
            spacing=16,
        ),
        open_path(paths.trip(trip.trip_id)),
        palette,
        padding=ft.Padding.symmetric(horizontal=16, vertical=14),
        row=True,
    )


@view
def TripView() -> ft.Control:
    """One trip: its fare, why, and what can be set right."""
    services, revisions = use_services(), use_revisions()
    trip_id = unquote(ft.use_route_params().get("trip_id", ""))

    async def fetch() -> Saved[Trip]:
        return await services.trips.get(trip_id)

    trip = use_resource(fetch, revisions.trips, trip_id)
    return Screen(_("Trip"), Loaded(trip, OneTrip), back=paths.TRIPS)


def OneTrip(trip: Trip) -> ft.Control:
    """The facts of a ride, and the correction where one is possible."""
    rows = [
        (_("Line"), name_of(trip.line_name, language())),
        (_("Got on"), f"{name_of(trip.start.name, language())} · {show_moment(trip.boarded_at)}"),
        (_("Got off"), _got_off(trip)),
        (_("Fare"), show_fare(trip)),
        (_("Why"), why_fare(trip)),
    ]
    parts: list[ft.Control] = [CardList(*[SummaryRow(label, value) for label, value in rows])]
    if trip.stops:
        parts.append(keyed(trip.trip_id, Correction, trip))
    elif trip.state == "missing_alighting":
        words = _("The time to set this right is over; this fare stays.")
        parts.append(Text(words, "supporting"))
    return stacked(parts)


@component
def Correction(trip: Trip) -> ft.Control:
    """Where the ride ended, in the resident's word; it can be changed while it is possible."""
    services, revisions = use_services(), use_revisions()
    place, set_place = use_state(trip.end.place_id if trip.end else "")
    tried, set_tried = use_state(False)

    async def send() -> None:
        set_tried(True)
        if place:
            await services.trips.correct(trip.trip_id, place)
            revisions.trips += 1

    sending = use_action(send)
    options = tuple((stop.place_id, name_of(stop.name, language())) for stop in trip.stops)
    if trip.state == "corrected":
        note = Note(_("Set right by you."), _("The fare is that of this ride."), "primary")
    else:
        words = _("Until you say where you got off, the longest ride of the line is charged.")
        note = Note(_("A tap off is missing."), words, "lotus")
    parts: list[ft.Control] = [
        note,
        Heading(_("Where did you get off?"), 2, "title_small"),
        ChoiceChips(options, place, set_place),
    ]
    if tried and not place:
        parts.append(Text(_("Please choose one from the list."), "small_label", ft.Colors.ERROR))
    if sending.error:
        parts.append(ErrorPanel(sending.error))
    return stacked([*parts, MainButton(_("Set it right"), sending)])


def _where(trip: Trip) -> str:
    start = name_of(trip.start.name, language())
    return f"{start} - {name_of(trip.end.name, language())}" if trip.end else start


def _got_off(trip: Trip) -> str:
    if trip.end is None:
        return _("On the way") if trip.state == "riding" else _("Tap off missing")
    name = name_of(trip.end.name, language())
    if trip.alighted_at is None:
        return name + " · " + _("as you said")
    return f"{name} · {show_moment(trip.alighted_at)}"
