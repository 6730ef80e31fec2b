"""The emergency card of this device, and the way to it before anybody has signed in."""

import flet as ft

from app import paths
from app.hooks import Ready, component, use_device, use_look, use_resource, use_services
from app.text import _, local, show_date
from services.health_people.emergency import EmergencyCard
from views.components.buttons import LinkButton, OutlineButton
from views.components.opening import open_path
from views.components.words import Text


def rows_of(card: EmergencyCard) -> list[tuple[str, str]]:
    """(label, words) of what the card says, allergies first: what a helper needs at once."""
    born = f", {card.birth_year}" if card.birth_year else ""
    contact = " · ".join(piece for piece in (card.contact_name, card.contact_phone) if piece)
    rows = [
        (_("Allergies"), ", ".join(card.allergies)),
        (_("Blood group"), card.blood_group),
        (_("Current conditions"), ", ".join(card.conditions)),
        (_("Current medicines"), ", ".join(card.medicines)),
        (_("Name"), f"{card.name}{born}" if card.name else ""),
        (_("Call in an emergency"), contact),
    ]
    return [(label, words) for label, words in rows if words]


def made_words(card: EmergencyCard) -> str:
    """When its words were taken from the record."""
    if card.made is None:
        return ""
    return _("From the record on {date}").format(date=show_date(local(card.made).date()))


@component
def EmergencyPanel(card: EmergencyCard) -> ft.Control:
    """The card in brick, each part with its label; the number to call is a button."""
    look, device = use_look(), use_device()
    ink = look.palette.on_error_container

    async def call() -> None:
        await device.open_link(f"tel:{card.contact_phone.replace(' ', '')}")

    lines: list[ft.Control] = []
    for label, words in rows_of(card):
        lines += [Text(label, "small_label", ink), Text(words, "title_small", ink)]
    if made := made_words(card):
        lines.append(Text(made, "body", ink))
    if card.contact_phone:
        name = card.contact_name or card.contact_phone
        number = LinkButton(_("Call {name}").format(name=name), call, ft.Icons.CALL_ROUNDED)
        fill = look.palette.surface_container_low
        lines.append(ft.Container(number, bgcolor=fill, border_radius=24))
    return ft.Container(
        ft.Column(lines, spacing=4, tight=True),
        padding=16,
        border_radius=16,
        bgcolor=look.palette.error_container,
    )


@component
def EmergencyDoor() -> ft.Control:
    """A button to this device's card where there is one; nothing elsewhere."""
    services = use_services()
    card = use_resource(services.emergency.read)
    if not isinstance(card, Ready) or card.value is None:
        return ft.Container(height=0)
    return OutlineButton(
        _("Emergency card"), open_path(paths.EMERGENCY), ft.Icons.MEDICAL_INFORMATION_ROUNDED, True
    )
