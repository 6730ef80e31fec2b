"""Words of parking: vehicles, units, lengths of time (design picture 10)."""

from datetime import timedelta

import flet as ft

from app.hooks import component, use_look
from app.text import _, ngettext, show_money
from app.theme import style
from services.parking_sessions import FeeLine
from services.plates import show_plate

VEHICLES = ("car_up_to_9", "motorbike")


def vehicle_name(vehicle: str) -> str:
    """`ô tô dưới 9 chỗ`."""
    names = {"car_up_to_9": _("car up to 9 seats"), "motorbike": _("motorbike")}
    return names.get(vehicle, vehicle)


def show_lines(lines: tuple[FeeLine, ...]) -> str:
    """`2 giờ × 25.000 đ + 1 giờ × 35.000 đ`."""
    return " + ".join(f"{_units(line)} × {show_money(line.price)}" for line in lines)


def show_minutes(minutes: int) -> str:
    """`30 phút`, `2 giờ`, `1 giờ 24 phút`."""
    hours, rest = divmod(minutes, 60)
    words = [ngettext("{n} hour", "{n} hours", hours)] if hours else []
    if rest or not hours:
        words.append(ngettext("{n} minute", "{n} minutes", rest))
    return " ".join(words)


def show_clock(length: timedelta) -> str:
    """`01:24:36`."""
    seconds = max(0, int(length.total_seconds()))
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def minutes_of(length: timedelta) -> int:
    """Whole minutes, the last begun one included."""
    return max(0, -int(-length.total_seconds() // 60))


def apart(left: ft.Control, right: ft.Control) -> ft.Control:
    """One at each edge; below each other where there is no room."""
    both = ft.Row(
        [left, right],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        wrap=True,
    )
    # By itself a wrapping row is only as wide as its content.
    return ft.Row([ft.Container(both, expand=True)])


@component
def PlateBox(plate: str, vehicle: str) -> ft.Control:
    """The plate in a frame, as it looks on the vehicle."""
    look = use_look()
    # A yard's gate reads the card and asks for no plate.
    words = ft.Text(
        show_plate(plate, vehicle) if plate else _("By card"),
        style=style("title_large", look.scale, look.palette.on_surface),
    )
    return ft.Container(
        words,
        padding=ft.Padding.symmetric(horizontal=14, vertical=6),
        border_radius=8,
        border=ft.Border.all(2, look.palette.on_surface),
        bgcolor=look.palette.surface_container_low,
    )


def _units(line: FeeLine) -> str:
    n = line.count
    match line.unit:
        case "hour":
            return ngettext("{n} hour", "{n} hours", n)
        case "day":
            return ngettext("{n} day time", "{n} day times", n)
        case "night":
            return ngettext("{n} night", "{n} nights", n)
        case _:
            return ngettext("{n} day and night", "{n} days and nights", n)
