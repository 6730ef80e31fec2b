"""Choosing what the emergency card shows without sign-in; seeing it; taking it off the device."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_device,
    use_look,
    use_resource,
    use_services,
    use_state,
    view,
)
from app.text import _
from services.health_people.emergency import PARTS, EmergencyCard
from services.health_people.emergency_picture import draw_card
from services.health_records import HealthSummary
from services.saved import Saved
from views.components import (
    CardList,
    EmptyState,
    ErrorPanel,
    Heading,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    SwitchRow,
    TextBox,
    keyed,
    stacked,
)
from views.components.emergency_card import EmergencyPanel, made_words, rows_of

FONTS = Path(__file__).parent.parent.parent / "assets" / "fonts"
Fill = Callable[[Callable[[frozenset[str]], frozenset[str]]], None]
Opening = tuple[EmergencyCard, EmergencyCard | None]


@view
def EmergencyCardView() -> ft.Control:
    """The card of this device, for whoever holds it."""
    services = use_services()
    card = use_resource(services.emergency.read)
    return Screen(_("Emergency card"), Loaded(card, _shown), back=paths.HOME)


def _shown(card: EmergencyCard | None) -> ft.Control:
    if card is None:
        return EmptyState(
            ft.Icons.MEDICAL_INFORMATION_OUTLINED,
            _("No emergency card on this device"),
            _("Its owner can make one under Records."),
        )
    words = _("The owner of this device chose to show this without sign-in.")
    return stacked([EmergencyPanel(card), Note(_("For helpers."), words)])


@view
def EmergencyView() -> ft.Control:
    """What the record says now, and the card that lies on this device."""
    services = use_services()

    async def fetch() -> Saved[Opening]:
        summary = await services.health_records.summary()
        made = _from_record(summary.value)
        kept = await services.emergency.read()
        return Saved((replace(made, made=services.clock.now()), kept), summary.as_of)

    found = use_resource(fetch)
    if isinstance(found, Ready):
        return keyed("card", Choosing, *found.value)
    title = _("Emergency card")
    return Screen(title, Loaded(found, lambda _f: ft.Container()), back=paths.RECORDS)


@component
def Choosing(record: EmergencyCard, kept: EmergencyCard | None) -> ft.Control:
    """Nothing is chosen beforehand; what was chosen before stays chosen."""
    services, device = use_services(), use_device()
    here = services.emergency.kept_here
    chosen, choose = use_state(kept.parts if kept else frozenset[str]())
    contact, set_contact = use_state(kept or EmergencyCard())
    stored, set_stored = use_state(kept)
    whole = replace(
        record,
        contact_name=contact.contact_name.strip(),
        contact_phone=contact.contact_phone.strip(),
    )
    card = whole.chosen(chosen)

    async def keep() -> None:
        await services.emergency.keep(card)
        set_stored(card)

    async def remove() -> None:
        await services.emergency.remove()
        set_stored(None)

    async def save_picture() -> None:
        foot = " · ".join(piece for piece in (made_words(card), "iHaNoi") if piece)
        png = draw_card(_("Emergency card"), rows_of(card), foot, FONTS)
        await device.save_file("the-khan-cap.png", png)

    keeping, removing, saving = use_action(keep), use_action(remove), use_action(save_picture)
    error = keeping.error or removing.error or saving.error
    parts: list[ft.Control] = [
        _where(here),
        keyed("parts", Choices, whole, chosen, choose),
        *([keyed("contact", Contact, contact, set_contact)] if "contact" in chosen else []),
        *_preview(card),
    ]
    if card.parts:
        parts.append(OutlineButton(_("Save as a picture"), saving, ft.Icons.IMAGE_OUTLINED))
    if stored is not None:
        parts.append(_stored(_same(stored, card)))
        parts.append(
            LinkButton(_("Take it off this device"), removing, ft.Icons.DELETE_OUTLINE_ROUNDED)
        )
    parts += [ErrorPanel(error)] if error else []
    save = MainButton(_("Keep on this device"), keeping, ft.Icons.MEDICAL_INFORMATION_ROUNDED)
    foot = (save,) if here and card.parts and not _same(stored, card) else ()
    return Screen(_("Emergency card"), stacked(parts), back=paths.RECORDS, foot=foot)


def _same(stored: EmergencyCard | None, card: EmergencyCard) -> bool:
    """Whether both say the same, whenever they were made."""
    return stored is not None and replace(stored, made=card.made) == card


def _where(here: bool) -> ft.Control:
    if here:
        words = _(
            "Whoever holds this device can read it without sign-in. It lies here unencrypted, also "
            "after you sign out, until you take it off. Only what you choose is on it."
        )
        return Note(_("For helpers, when you cannot speak."), words, "tertiary", _LOCK)
    words = _(
        "A browser keeps nothing of your health. Save the card as a picture and print it, or make "
        "it in the app on your phone."
    )
    return Note(_("Not kept on the web."), words, "tertiary", _LOCK)


_LOCK = ft.Icons.LOCK_OPEN_ROUNDED


def _stored(same: bool) -> ft.Control:
    words = _("It can be opened from the sign-in page.")
    if same:
        return Note(_("This card is on this device."), words, "primary")
    return Note(_("Another card is on this device."), _("Keep this one to replace it."))


def _preview(card: EmergencyCard) -> list[ft.Control]:
    if not card.parts:
        return []
    return [Heading(_("How it looks")), EmergencyPanel(card)]


@component
def Choices(whole: EmergencyCard, chosen: frozenset[str], choose: Fill) -> ft.Control:
    """A switch for each part with what it would say; a part without words says why."""
    names = {
        "name": _("Name and year of birth"),
        "blood_group": _("Blood group"),
        "allergies": _("Allergies"),
        "conditions": _("Current conditions"),
        "medicines": _("Current medicines"),
        "contact": _("Whom to call"),
    }
    said = {
        "name": f"{whole.name}, {whole.birth_year}".strip(", "),
        "blood_group": whole.blood_group,
        "allergies": ", ".join(whole.allergies),
        "conditions": ", ".join(whole.conditions),
        "medicines": ", ".join(whole.medicines),
        "contact": _("You type a name and a number"),
    }

    def row(part: str) -> ft.Control:
        def switch(on: bool) -> None:
            choose(lambda kept: kept | {part} if on else kept - {part})

        words = said[part] or _("No information yet")
        return SwitchRow(names[part], words, part in chosen, switch)

    return stacked([Heading(_("What it shows")), CardList(*[row(part) for part in PARTS])])


@component
def Contact(
    contact: EmergencyCard,
    fill: Callable[[Callable[[EmergencyCard], EmergencyCard]], None],
) -> ft.Control:
    """A name and a number that a helper can call."""
    look = use_look()

    def name(typed: str) -> None:
        fill(lambda kept: replace(kept, contact_name=typed))

    def phone(typed: str) -> None:
        fill(lambda kept: replace(kept, contact_phone=typed))

    write_name, write_phone = ft.use_callback(name, []), ft.use_callback(phone, [])
    return stacked(
        [
            TextBox(_("Whom to call"), contact.contact_name, write_name, scale=look.scale),
            TextBox(_("Phone number"), contact.contact_phone, write_phone, scale=look.scale),
        ]
    )


def _from_record(summary: HealthSummary) -> EmergencyCard:
    """What the record says now: "none" only where a doctor confirmed it."""
    patient = summary.patient
    year = patient.birth_date.year if patient.birth_date else None
    blood = summary.blood_group.findings[:1]
    return EmergencyCard(
        name=patient.name,
        birth_year=str(year) if year else "",
        blood_group=next((one.value or one.title for one in blood), ""),
        allergies=_said(
            summary.allergies.state,
            [_both(one.title, one.detail) for one in summary.allergies.findings],
        ),
        conditions=_said(
            summary.conditions.state,
            [one.title for one in summary.conditions.findings if one.is_current],
        ),
        medicines=_said(
            summary.medicines.state,
            [_both(one.title, one.detail) for one in summary.medicines.findings if one.is_current],
        ),
    )


def _said(state: str, found: list[str]) -> tuple[str, ...]:
    if state == "none_confirmed":
        return (_("None (confirmed by a doctor)"),)
    return tuple(dict.fromkeys(found))


def _both(title: str, detail: str) -> str:
    return f"{title} ({detail})" if detail else title
