"""One stay: time, price so far, more time, the end and its receipt (design picture 10)."""

from datetime import datetime
from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Action,
    Ready,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    view,
)
from app.text import _, language, show_money, show_time, status_of
from services.chance import new_id
from services.parking_sessions import ParkingSession
from services.saved import Saved
from views.cards.parking_clock import StayClock, use_minutes
from views.cards.parking_receipt import Receipt, TopUp
from views.cards.parking_words import (
    PlateBox,
    show_minutes,
    vehicle_name,
)
from views.components import (
    ErrorPanel,
    Heading,
    IconAction,
    Loaded,
    MainButton,
    Note,
    Screen,
    StatusChip,
    Tappable,
    Text,
    keyed,
    name_of,
    open_path,
    stacked,
)


@view
def ParkingSessionView() -> ft.Control:
    """The stay at this address."""
    services, revisions = use_services(), use_revisions()
    session_id = unquote(ft.use_route_params().get("session_id", ""))

    async def fetch() -> Saved[tuple[ParkingSession, bool]]:
        found = await services.parking.get(session_id)
        waits = await services.parking.stop_waits(session_id)
        return Saved((found.value, waits), found.as_of)

    stay = use_resource(fetch, revisions.parking, revisions.outbox, session_id)
    if not isinstance(stay, Ready):
        return Screen(_("Stay"), Loaded(stay, lambda _stay: ft.Container()), back=paths.CARDS)
    session, waits = stay.value
    return keyed(session_id, Stay, session, waits, stay.as_of)


@component
def Stay(stay: ParkingSession, waits: bool, as_of: datetime | None) -> ft.Control:
    """Running, ending soon, over time, waiting to end, or ended with its receipt."""
    services, revisions, look = use_services(), use_revisions(), use_look()

    async def stop() -> None:
        await services.parking.stop(stay.session_id)
        revisions.parking += 1
        revisions.outbox += 1

    stopping = use_action(stop)
    parts: list[ft.Control] = []
    if as_of is not None:
        saved = _("Showing the copy saved at {time}.").format(time=show_time(as_of))
        parts.append(Note(_("No network."), saved, "tertiary"))
    parts += [keyed("head", StayHead, stay, waits)]
    if stay.ended_at is not None:
        parts.append(Receipt(stay))
    else:
        more = [] if waits else [MoreTime(stay, as_of is not None)]
        # In large text the button is at the end of a long page: what it says must be beside it.
        below = [*more, *_failed(stopping)] if look.large_text else [*_failed(stopping), *more]
        parts += [StayClock(stay), *_end_waits(waits), *below]
    foot: tuple[ft.Control, ...] = ()
    if stay.ended_at is None and not waits:
        foot = (MainButton(_("End and pay"), stopping, busy_label=_("Paying…")),)
    receipts = IconAction(
        ft.Icons.RECEIPT_LONG_OUTLINED, _("Stays and receipts"), open_path(paths.PARKING)
    )
    return Screen(_("Stay"), *parts, back=paths.CARDS, actions=(receipts,), foot=foot)


def _end_waits(waits: bool) -> list[ft.Control]:
    if not waits:
        return []
    words = _("It is sent by itself when the network is back, and paid once.")
    return [Note(_("The end waits for a network."), words, "tertiary", live=True)]


def _failed(stopping: Action) -> list[ft.Control]:
    if stopping.error is None:
        return []
    if stopping.error.code == "balance_too_low":
        return [ErrorPanel(stopping.error), TopUp()]
    return [ErrorPanel(stopping.error)]


@component
def StayHead(stay: ParkingSession, waits: bool) -> ft.Control:
    """Plate, status, place, ward and kind of vehicle."""
    services, look = use_services(), use_look()
    now = use_minutes()
    code = "stopping" if waits else stay.state_at(max(now, services.clock.now()))
    place = ft.Column(
        [
            Text(name_of(stay.place.name, language()), "label"),
            Text(
                f"{name_of(stay.place.ward, language())} · {vehicle_name(stay.vehicle)}",
                "supporting",
            ),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    return stacked(
        [
            ft.Row(
                [PlateBox(stay.plate, stay.vehicle), StatusChip(status_of(code))],
                alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                wrap=True,
            ),
            ft.Row(
                [ft.Icon(ft.Icons.PLACE_ROUNDED, size=look.icon(24)), place],
                spacing=12,
            ),
        ]
    )


@component
def MoreTime(stay: ParkingSession, offline: bool) -> ft.Control:
    """More time, each with what it adds; and when the resident is reminded."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    now = use_minutes()
    wanted = ft.use_ref((0, ""))

    async def extend() -> None:
        # A lost answer is asked for again under the same key: it adds nothing twice.
        minutes, key = wanted.current or (0, "")
        await services.parking.extend(stay.session_id, minutes, key)
        wanted.current = (0, "")
        revisions.parking += 1

    extending = use_action(extend)

    def button(minutes: int) -> ft.Control:
        async def press() -> None:
            if wanted.current is None or wanted.current[0] != minutes:
                wanted.current = (minutes, new_id())
            await extending.run()

        adds = f"+{show_money(stay.extension_price(minutes, now))}"
        words: list[ft.Control] = [
            Text(show_minutes(minutes), "label", look.palette.primary),
            Text(adds, "supporting"),
        ]
        inside = ft.Column(
            words, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER
        )
        edge = ft.BorderSide(1, look.palette.outline)
        tapped = Tappable(
            inside, press, look.palette, padding=10, edge=edge, alignment=ft.Alignment.CENTER
        )
        return ft.Container(tapped, expand=not look.large_text)

    note = _("You are reminded {n} before the time ends.").format(
        n=show_minutes(int(stay.reminder.total_seconds()) // 60)
    )
    buttons = [button(minutes) for minutes in stay.extensions]
    side_by_side = stacked(buttons) if look.large_text else ft.Row(buttons, spacing=12)
    shown = Text(_("More time needs the network."), "supporting") if offline else side_by_side
    return stacked(
        [
            Heading(_("Park longer"), 2, "title_small"),
            shown,
            *([ErrorPanel(extending.error)] if extending.error else []),
            ft.Row(
                [
                    ft.Icon(ft.Icons.NOTIFICATIONS_ACTIVE_OUTLINED, size=look.icon(22)),
                    Text(f"{note} {_('Beyond it each begun hour is charged.')}", expand=True),
                ],
                spacing=12,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
        ]
    )
