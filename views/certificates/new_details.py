"""Step 2: what the register knows, locked, and the two fields to fill in (picture 14)."""

import re

import flet as ft

from app.hooks import component, use_action, use_look, use_services, use_session, use_state, view
from app.text import HOTLINE, _, show_date
from services.certificates import CertificateForm, FormerAddress
from views.certificates.fields import LockedField, PhoneField, PurposeField
from views.certificates.former import FormerAddresses, FormerNames
from views.certificates.steps import (
    Applying,
    ApplyStep,
    Opened,
    StepScreen,
    use_applying,
    use_next,
)
from views.certificates.words import gender_word, phone_words
from views.components import (
    ErrorPanel,
    Heading,
    IconAction,
    LinkButton,
    MainButton,
    Note,
    Text,
    stacked,
)

PHONE = re.compile(r"(?:\+84|0)[0-9]{9}")
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
SHORTEST = 5


@view
def NewCertificateDetailsView() -> ft.Control:
    """The second step, with the draft that was begun."""
    return ApplyStep(DetailsStep, 2)


@view
def DetailsStep(opened: Opened) -> ft.Control:
    """Who the certificate is about, then phone and purpose; Continue says what is missing."""
    applying = use_applying(opened)
    onward, step = use_next(2)
    tried, set_tried = use_state(False)
    draft = applying.draft
    wrong_phone = "" if is_phone(draft.contact_phone) else phone_words()
    no_purpose = "" if draft.purpose else _("Please choose one from the list.")
    wrong_rows = wrong_addresses(draft.former_addresses, use_services().clock.now().year)
    wrong = bool(wrong_phone or no_purpose or wrong_rows)

    async def go_on() -> None:
        set_tried(True)
        if not wrong:
            await applying.go(onward, step)

    content = [
        Heading(_("Check the details"), 2, "headline_small"),
        Text(_source(), "supporting"),
        *([Identity(opened.form)] if opened.form.identity else []),
        WrongDetails(),
        ft.Divider(height=1),
        Heading(_("What you fill in"), 2, "title_small"),
        Answers(applying, wrong_phone if tried else "", no_purpose if tried else ""),
        FormerNames(applying),
        FormerAddresses(applying, wrong_rows if tried else {}),
    ]
    missing = Note(_("Mend the marked fields first."), tone="error", live=True)
    foot = ([missing] if tried and wrong else []) + [MainButton(_("Continue"), go_on)]
    return StepScreen(2, applying, content, tuple(foot))


def is_phone(typed: str) -> bool:
    """Whether this can be a number: ten digits, however they are spaced; or the registered one."""
    return not typed.strip() or PHONE.fullmatch(re.sub(r"[ .-]", "", typed)) is not None


def wrong_addresses(rows: tuple[FormerAddress, ...], this_year: int) -> dict[int, str]:
    """What to mend in rows of former addresses, by their place; empty rows are left out."""
    found = {place: _wrong_row(row, this_year) for place, row in enumerate(rows) if not row.empty}
    return {place: words for place, words in found.items() if words}


def _wrong_row(row: FormerAddress, this_year: int) -> str:
    since, until = row.since.strip(), row.until.strip()
    if len(row.address.strip()) < SHORTEST:
        return _("Write the address, as house, street, ward, city.")
    if not YEAR.fullmatch(since) or (until and not YEAR.fullmatch(until)):
        return _("Write years with four digits, such as 2015.")
    if int(since) > this_year or (until and not int(since) <= int(until) <= this_year):
        return _("The years must follow each other and lie before now.")
    return ""


def _source() -> str:
    sample = use_session().offer.sandbox
    return _("Filled in from VNeID (sample data).") if sample else _("Filled in from VNeID.")


@component
def Identity(form: CertificateForm) -> ft.Control:
    """The locked fields; the identity number shows its end until it is asked for."""
    look, identity = use_look(), form.identity
    assert identity is not None, "drawn for a form with an identity"
    born = LockedField(_("Date of birth"), show_date(identity.birthdate))
    gender = LockedField(_("Sex"), gender_word(identity.gender))
    pair: ft.Control = stacked([born, gender])
    if not look.large_text:
        halves: list[ft.Control] = [ft.Container(one, expand=True) for one in (born, gender)]
        pair = ft.Row(halves, spacing=12, vertical_alignment=ft.CrossAxisAlignment.STRETCH)
        pair.intrinsic_height = True
    return stacked(
        [
            LockedField(_("Full name"), identity.name),
            IdentityNumber(identity.identity_number, form.child_id),
            pair,
            LockedField(_("Permanent address"), identity.address),
        ]
    )


@component
def IdentityNumber(masked: str, child_id: str) -> ft.Control:
    """The number, masked; the eye asks the gateway for the whole of it and hides it again."""
    services = use_services()
    whole, set_whole = use_state("")

    async def toggle() -> None:
        if whole:
            set_whole("")
            return
        set_whole(await services.certificates.identity_number(child_id))

    showing = use_action(toggle)
    icon = ft.Icons.VISIBILITY_OFF_OUTLINED if whole else ft.Icons.VISIBILITY_OUTLINED
    label = _("Hide the number") if whole else _("Show the number")
    field = LockedField(_("Identity number"), whole or masked, IconAction(icon, label, showing))
    return stacked([field, *([ErrorPanel(showing.error)] if showing.error else [])])


@component
def WrongDetails() -> ft.Control:
    """What to do when the register is wrong; the draft waits meanwhile."""
    opened, set_opened = use_state(False)

    def toggle() -> None:
        set_opened(not opened)

    button = LinkButton(
        _("Is something wrong here?"), toggle, ft.Icons.REPORT_GMAILERRORRED_OUTLINED
    )
    row = ft.Row([ft.Container(button, expand=True, expand_loose=True)], tight=True)
    if not opened:
        return row
    sentence = _(
        "These details come from the population register. Take your identity card, or birth "
        "certificate for a child, to your ward's police and ask them to correct it. Once VNeID "
        "shows it right, open this again: your draft is kept. Do not apply with wrong details: "
        "the application would be refused."
    )
    note = Note(_("It cannot be changed here."), sentence, "neutral", live=True)
    call = _("Nobody can help there? Call {hotline}.").format(hotline=HOTLINE)
    return stacked([row, note, Text(call, "supporting")], 4)


@component
def Answers(applying: Applying, wrong_phone: str, no_purpose: str) -> ft.Control:
    """The phone number and the purpose."""
    write = ft.use_callback(lambda text: applying.change(contact_phone=text), [])

    def choose(code: str) -> None:
        applying.change(purpose=code)

    form, draft = applying.form, applying.draft
    return stacked(
        [
            PhoneField(form.contact_phone, draft.contact_phone, write, wrong_phone),
            PurposeField(form.purposes, draft.purpose, choose, no_purpose),
        ]
    )
