"""The time and the money of a stay that runs (design picture 10)."""

import asyncio
from datetime import datetime

import flet as ft

from app.hooks import component, use_look, use_loop, use_services, use_state
from app.text import _, show_money, show_time
from app.theme import style
from services.parking_sessions import ParkingSession
from services.plates import show_plate
from views.cards.parking_words import apart, minutes_of, show_clock, show_lines, show_minutes
from views.components import Card, Text

CARD_PADDING = 16
FIGURES_WIDTH = 250
"""Dp of eight figures in the display style at 100 %, with air."""


@component
def StayClock(stay: ParkingSession) -> ft.Control:
    """Elapsed time by the second, the share of the booked time, and the money so far.

    A screen reader hears one sentence on request and no ticking.
    """
    services, look = use_services(), use_look()
    now, set_now = use_state(services.clock.now())

    async def tick() -> None:
        while True:
            set_now(services.clock.now())
            await asyncio.sleep(max(0.02, 1.0 - services.clock.now().timestamp() % 1.0))

    use_loop(tick)
    palette, over = look.palette, now > stay.until
    ink = palette.error if over else palette.tertiary
    booked = (stay.until - stay.started_at).total_seconds()
    share = min(1.0, max(0.0, (now - stay.started_at).total_seconds() / max(booked, 1)))
    price = stay.price_at(now)
    elapsed = ft.Semantics(
        label=_spoken(stay, now),
        exclude_semantics=True,
        content=ft.Column(
            [
                Text(_("Parked for"), "supporting"),
                Figures(show_clock(now - stay.started_at), palette.error if over else None),
                ft.ProgressBar(
                    value=share,
                    bar_height=10,
                    border_radius=5,
                    color=ink,
                    bgcolor=palette.surface_container_highest,
                ),
                apart(
                    Text(_("In {time}").format(time=show_time(stay.started_at)), "supporting"),
                    Text(_remaining(stay, now), "label", palette.error if over else None),
                ),
            ],
            spacing=8,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    )
    words: list[ft.Control] = [
        Text(_("Money so far"), "label"),
        Text(show_lines(price.lines), "supporting"),
    ]
    money = apart(
        ft.Column(words, spacing=2, tight=True), Text(show_money(price.amount), "headline_small")
    )
    return Card(
        elapsed,
        ft.Divider(height=1, color=palette.outline_variant),
        money,
        *_next(stay, now, over),
        edge=palette.error if over else None,
    )


@component
def Figures(clock: str, color: str | None) -> ft.Control:
    """Large text makes the figures larger only as far as they stay on one line."""
    look = use_look()
    room = look.width - 2 * look.margin - 2 * CARD_PADDING
    scale = max(1.0, min(look.scale, room / FIGURES_WIDTH))
    return ft.Text(clock, style=style("display_large", scale, color or look.palette.on_surface))


def _next(stay: ParkingSession, now: datetime, over: bool) -> list[ft.Control]:
    rising = stay.next_step(now)
    if rising is None:
        return []
    words = _("{money} more from {time}").format(
        money=show_money(rising[1]), time=show_time(rising[0])
    )
    return [Text(words, "supporting", ft.Colors.ERROR if over else None)]


def _remaining(stay: ParkingSession, now: datetime) -> str:
    if now > stay.until:
        over = show_minutes(minutes_of(now - stay.until))
        return _("Over by {time}").format(time=over)
    left = show_minutes(int((stay.until - now).total_seconds()) // 60)
    ends = _("ends {time}").format(time=show_time(stay.until))
    return _("{time} left").format(time=left) + " · " + ends


def _spoken(stay: ParkingSession, now: datetime) -> str:
    length = show_minutes(int((now - stay.started_at).total_seconds()) // 60)
    words = _("Plate {plate}, parked for {time}, {money}").format(
        plate=show_plate(stay.plate, stay.vehicle) if stay.plate else _("By card"),
        time=length,
        money=show_money(stay.price_at(now).amount),
    )
    return f"{words}. {_remaining(stay, now)}"


def use_minutes() -> datetime:
    """The gateway's time; the component redraws each minute."""
    services = use_services()
    now, set_now = use_state(services.clock.now())

    async def tick() -> None:
        while True:
            await asyncio.sleep(max(0.02, 60.0 - services.clock.now().timestamp() % 60.0))
            set_now(services.clock.now())

    use_loop(tick)
    return now
