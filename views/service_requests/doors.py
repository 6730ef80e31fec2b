"""What does not belong in a report, and the door it belongs to: emergencies, complaints, elsewhere."""

import re
from dataclasses import dataclass

import flet as ft

from app.finding import found_among
from app.hooks import Action, component, use_action, use_device, use_session, use_state
from app.state import Contacts
from app.text import _
from services.wards import fold, spelled
from views.components import (
    Card,
    ErrorPanel,
    Heading,
    LinkButton,
    Note,
    OutlineButton,
    Text,
    stacked,
)

WORDS: dict[str, tuple[str, ...]] = {
    "fire": (
        "cháy nhà",
        "đám cháy",
        "bốc cháy",
        "đang cháy",
        "cháy lớn",
        "hỏa hoạn",
        "nổ khí ga",
        "rò rỉ ga",
        "bị mắc kẹt",
        "đuối nước",
        "sập nhà",
        "house on fire",
        "drowning",
    ),
    "ambulance": (
        "cấp cứu",
        "bị thương",
        "bất tỉnh",
        "ngất xỉu",
        "chảy máu",
        "đột quỵ",
        "khó thở",
        "unconscious",
        "bleeding",
        "injured",
    ),
    "police": (
        "đánh nhau",
        "cướp giật",
        "bị cướp",
        "vụ cướp",
        "hành hung",
        "bắt cóc",
        "cầm dao",
        "dọa giết",
        "đột nhập",
        "tai nạn giao thông",
        "being attacked",
        "robbery",
        "traffic accident",
    ),
    "complaint": (
        "khiếu nại",
        "đơn kiện",
        "khởi kiện",
        "quyết định thu hồi đất",
        "quyết định xử phạt",
        "file a complaint",
    ),
    "denunciation": (
        "tố cáo",
        "tố giác",
        "hối lộ",
        "nhận tiền của dân",
        "tham nhũng",
        "tham ô",
        "nhũng nhiễu",
        "denounce",
        "bribe",
    ),
}
"""Door → words that point to it. A word without marks counts where the whole text has none."""
EMERGENCIES = ("police", "fire", "ambulance")


@dataclass(frozen=True, slots=True)
class Door:
    """Where something else is taken in: what it is for, and the number to call."""

    code: str
    title: str
    sentence: str
    number: str


def doors_of(text: str) -> tuple[str, ...]:
    """The doors that a text points to, in their order; a hint, never a decision."""
    said = f" {_words(spelled(text))} "
    unmarked = fold(text) == text.casefold()
    plain = f" {_words(fold(text))} "

    def points(word: str) -> bool:
        if f" {_words(spelled(word))} " in said:
            return True
        return unmarked and f" {_words(fold(word))} " in plain

    return tuple(door for door, words in WORDS.items() if any(map(points, words)))


def pointed_at(text: str) -> list[str]:
    """The doors that the screen points to for a text being written."""
    return found_among("doors", tuple(WORDS), doors_of(text))


def doors(contacts: Contacts) -> dict[str, Door]:
    """Every door with its words and number."""
    reception = contacts.reception or _("the reception of citizens at your ward or commune office")
    return {
        door.code: door
        for door in (
            Door(
                "police",
                _("Crime, disorder, accident"),
                _("Somebody is threatened, robbed or hurt in traffic."),
                contacts.police,
            ),
            Door("fire", _("Fire, rescue"), _("Fire, gas, people trapped."), contacts.fire),
            Door(
                "ambulance",
                _("Ambulance"),
                _("Somebody is hurt or very ill."),
                contacts.ambulance,
            ),
            Door(
                "complaint",
                _("Complaint"),
                _(
                    "You disagree with a decision about you. Complaints are taken in at {place}."
                ).format(place=reception),
                contacts.hotline,
            ),
            Door(
                "denunciation",
                _("Denunciation"),
                _(
                    "An official breaks the law. Denunciations are taken in at {place}, "
                    "and your name is protected there."
                ).format(place=reception),
                contacts.hotline,
            ),
            Door(
                "hotline",
                _("Anything else"),
                _("Questions, procedures, or you are not sure."),
                contacts.hotline,
            ),
        )
    }


@component
def DoorHint(text: str) -> ft.Control:
    """Says so when the words point to another door; the resident may go on."""
    offered = doors(use_session().offer.contacts)
    found = [offered[code] for code in pointed_at(text)]
    if not found:
        return ft.Container(height=0)
    urgent = [door for door in found if door.code in EMERGENCIES]
    calls = ft.Row([CallButton(door) for door in urgent or found[:1]], wrap=True, tight=True)
    if urgent:
        phrase = _("Is somebody in danger? Call now:")
        sentence = _("A report is read in working hours only.")
        return Note(phrase, sentence, "error", action=calls, live=True)
    phrase = _("This may not be a report.")
    return Note(phrase, found[0].sentence, "neutral", action=calls, live=True)


@component
def OtherDoors() -> ft.Control:
    """The fixed link "Không phải phản ánh?", which opens the list of doors."""
    shown, set_shown = use_state(False)
    contacts = use_session().offer.contacts
    label = _("Not a report?")
    toggle = LinkButton(label, lambda: set_shown(not shown), ft.Icons.ALT_ROUTE_ROUNDED)
    if not shown:
        return ft.Row([toggle], wrap=True)
    cards = [
        Card(
            Heading(door.title, 3, "label"),
            Text(door.sentence, "supporting"),
            ft.Row([CallButton(door)], wrap=True),
        )
        for door in doors(contacts).values()
    ]
    return stacked([ft.Row([toggle], wrap=True), *cards], 8)


@component
def CallButton(door: Door) -> ft.Control:
    """Calls the number; what cannot call shows it all the same."""
    calling = use_call(door.number)
    button = OutlineButton(
        _("Call {number}").format(number=door.number), calling, ft.Icons.CALL_OUTLINED
    )
    if calling.error is None:
        return button
    return stacked([button, ErrorPanel(calling.error)], 4)


def use_call(number: str) -> Action:
    """Dial a number with the device."""
    device = use_device()

    async def dial() -> None:
        await device.open_link("tel:" + re.sub(r"[^\d+]", "", number))

    return use_action(dial)


@component
def OutsideNote() -> ft.Control:
    """What to do about a place that is not the city's: it cannot be sent; whom to call."""
    contacts = use_session().offer.contacts
    hotline = doors(contacts)["hotline"]
    around = [Door(name, name, "", number) for name, number in contacts.neighbours]
    calls: list[ft.Control] = [CallButton(hotline)]
    calls += [stacked([Text(door.title, "label"), CallButton(door)], 2) for door in around]
    words = _("It cannot be sent from here. Move the pin, or call {hotline} for advice.")
    return Note(
        _("This place is outside Hà Nội."),
        words.format(hotline=contacts.hotline),
        "error",
        action=ft.Row(calls, wrap=True, spacing=8, run_spacing=8, tight=True),
        live=True,
    )


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w\u0300-\u036f]+", text))
