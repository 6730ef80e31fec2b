"""The items of a bundle as cards: what each is, how large, what stands in it, and its switch (picture 19a)."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import flet as ft

from app.hooks import component, use_look, use_state
from app.text import _, ngettext, show_time
from services.diagnostics import Bundle
from services.diagnostics.har import GIVEN_UP
from views.components import LinkButton, Text, keyed, stacked
from views.components.fields import Toggle
from views.components.stand_in import StandInBox, stand_in_word
from views.components.step_words import StepLine, step_lines
from views.components.waiting_words import show_size
from views.support.own_photos import OwnPhotos

SHOWN_FIRST = 3
MOST_BOXES = 4
TIME_WIDTH = 48

Switch = Callable[[str, bool], None]


@component
def ItemCard(item: str, bundle: Bundle, size: int, on: bool, switch: Switch) -> ft.Control:
    """One item; off it is grey and says that it is not sent."""
    look = use_look()
    palette = look.palette

    def changed(on: bool) -> None:
        switch(item, on)

    title = title_of(item, bundle)
    state = _("on") if on else _("off")
    spoken = _("{item}, {size}, {state}").format(item=title, size=show_size(size), state=state)
    # Spaces that do not break keep the dot, the number and its unit in one line.
    weight = f"·\u00a0{show_size(size)}".replace(" ", "\u00a0")
    head = ft.Text(
        spans=[
            ft.TextSpan(title, style=ft.TextStyle(weight=ft.FontWeight.W_600)),
            ft.TextSpan(f" {weight}", style=ft.TextStyle(color=palette.on_surface_variant)),
        ],
        theme_style=ft.TextThemeStyle.BODY_LARGE,
        color=palette.on_surface,
        expand=True,
    )
    toggle = ft.Semantics(label=spoken, content=Toggle(on, changed))
    inside = _inside(item, bundle) if on else _off(item, bundle)
    return ft.Container(
        stacked([ft.Row([head, toggle], spacing=12), inside], 4),
        padding=ft.Padding.only(left=16, right=12, top=8, bottom=14),
        border_radius=16,
        bgcolor=palette.surface_container_low if on else palette.surface_container,
        border=ft.Border.all(1, palette.outline_variant),
    )


def title_of(item: str, bundle: Bundle) -> str:
    """`12 bước vừa làm`."""
    if item == "steps":
        count = len(step_lines(bundle))
        return ngettext("{n} step just taken", "{n} steps just taken", count)
    if item == "requests":
        count = len(bundle.requests)
        return ngettext("{n} request to the server", "{n} requests to the server", count)
    names = {
        "machine": _("Device and version"),
        "screens": _("Screens drawn again"),
        "photos": _("Your own photos"),
    }
    return names.get(item, item)


def _off(item: str, bundle: Bundle) -> ft.Control:
    if item == "photos":
        # Whoever decides about a picture has to see it.
        return OwnPhotos(bundle.photos, on=False)
    return Text(_("Off, is not sent."), "supporting")


def _inside(item: str, bundle: Bundle) -> ft.Control:
    if item == "machine":
        return Text(machine_words(bundle))
    if item == "steps":
        return Steps(bundle)
    if item == "requests":
        return Requests(bundle)
    if item == "screens":
        return Text(
            _(
                "Drawn from the steps, not photographed. What you saved on this device comes with "
                "it, with stand-ins in place of persons. Photos are grey squares."
            )
        )
    return OwnPhotos(bundle.photos, on=True)


def machine_words(bundle: Bundle) -> str:
    """`Bản mở 0.1.0 · android · chữ 100%`."""
    manifest = bundle.manifest
    scale = bundle.preferences.get("text_scale")
    parts = [_("Open build {version}").format(version=manifest.app_version)]
    parts += [manifest.platform] if manifest.platform else []
    if isinstance(scale, int | float):
        parts.append(_("text {n}%").format(n=round(100 * scale)))
    return " · ".join(parts)


@component
def Steps(bundle: Bundle) -> ft.Control:
    """The last steps, and all of them when asked."""
    lines = step_lines(bundle)
    whole, set_whole = use_state(False)
    shown = lines if whole else lines[-SHOWN_FIRST:]
    started = bundle.manifest.started
    rows: list[ft.Control] = [keyed(str(n), StepRow, line, started) for n, line in enumerate(shown)]
    if len(lines) > SHOWN_FIRST:
        every = ngettext("Show all {n} step", "Show all {n} steps", len(lines))
        rows.append(_more(every, whole, set_whole))
    return stacked(rows, 6)


@component
def StepRow(line: StepLine, started: datetime) -> ft.Control:
    """`09:40 Gõ mô tả [69 ký tự]`."""
    moment = Text(show_time(started + timedelta(seconds=line.at)), "supporting")
    # Figures of one width keep the words in line.
    time = ft.Container(moment, width=TIME_WIDTH * use_look().scale)
    colour = ft.Colors.ERROR if line.failed else None
    words: list[ft.Control] = [Text(line.words, color=colour)]
    words += [StandInBox(line.hidden)] if line.hidden else []
    beside = ft.Row(words, wrap=True, spacing=6, run_spacing=4, expand=True)
    return ft.Row([time, beside], spacing=10, vertical_alignment=ft.CrossAxisAlignment.START)


@component
def Requests(bundle: Bundle) -> ft.Control:
    """What went wrong first, then the rest when asked, with the stand-ins in each."""
    whole, set_whole = use_state(False)
    entries = bundle.requests
    failed = [one for one in entries if _failed(one)]
    shown = entries if whole else (failed or entries)[-SHOWN_FIRST:]
    rows: list[ft.Control] = [_request_row(one, bundle.stand_ins) for one in shown]
    if len(entries) > len(shown) or whole:
        every = ngettext("Show all {n} request", "Show all {n} requests", len(entries))
        rows.append(_more(every, whole, set_whole))
    return stacked(rows, 8)


def _request_row(entry: Mapping[str, Any], names: Mapping[str, str]) -> ft.Control:
    request, status = entry["request"], _status(entry)
    path = urlsplit(str(request["url"])).path
    seconds = f"{float(entry.get('time') or 0) / 1000:.1f}".replace(".", ",")
    ended = str(status) if status else _("no answer") if _failed(entry) else _("not finished")
    words = _("{method} {path}: {ended}, {n} seconds").format(
        method=request["method"], path=path, ended=ended, n=seconds
    )
    colour = ft.Colors.ERROR if _failed(entry) else None
    boxes = [StandInBox(stand_in_word(name)) for name in stand_ins_in(entry, names)]
    hidden = [ft.Row(boxes, wrap=True, spacing=6, run_spacing=6)] if boxes else []
    return stacked([Text(words, color=colour), *hidden], 4)


def stand_ins_in(entry: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """The names of the stand-ins that occur in a request or its answer, the first few."""
    text = json.dumps([entry["request"], entry.get("response")], ensure_ascii=False)
    found = sorted({name for value, name in names.items() if value in text})
    return found[:MOST_BOXES]


def _failed(entry: Mapping[str, Any]) -> bool:
    """Whether an answer that was waited for did not come, or refused."""
    return entry.get("_error") != GIVEN_UP and not 0 < _status(entry) < 400


def _status(entry: Mapping[str, Any]) -> int:
    return int((entry.get("response") or {}).get("status") or 0)


def _more(every: str, whole: bool, set_whole: Callable[[bool], None]) -> ft.Control:
    icon = ft.Icons.EXPAND_LESS_ROUNDED if whole else ft.Icons.EXPAND_MORE_ROUNDED
    label = _("Show less") if whole else every

    def turn(e: Any) -> None:
        set_whole(not whole)

    button = LinkButton(label, turn, icon)
    return ft.Container(button, alignment=ft.Alignment.CENTER_LEFT)
