"""Choosing what of a certificate is shown by a link, and for how long."""

from collections.abc import Callable
from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_device,
    use_id,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _
from services.certificates import CertificateApplication, Credential
from services.saved import Saved
from views.certificates.claim_words import claim_value, claim_word
from views.certificates.opening import Locked
from views.certificates.shown_link import ShownLink
from views.components import (
    CardList,
    ChoiceChips,
    ErrorPanel,
    Heading,
    Loaded,
    MainButton,
    Note,
    Screen,
    Tappable,
    Text,
    keyed,
    stacked,
)

HOUR, DAY, WEEK = 3600, 86_400, 604_800


@view
def ShowClaimsView() -> ft.Control:
    """Parts of the certificate of the application that the address names."""
    application_id = unquote(ft.use_route_params().get("application_id", ""))
    return keyed(application_id, ShowScreen, application_id)


@component
def ShowScreen(application_id: str) -> ft.Control:
    """Behind the passcode where there is one: the parts to choose from, then the link."""
    services = use_services()
    link, set_link = use_state("")

    async def fetch() -> Saved[CertificateApplication]:
        return await services.certificates.get(application_id)

    def choose(opening: str) -> ft.Control:
        return Parts(application_id, opening, set_link)

    found = use_resource(fetch, application_id)
    back = paths.certificate(application_id)
    if link:
        return Screen(_("Show a part of it"), ShownLink(link), back=back)
    body: ft.Control = Loaded(found, lambda value: ft.Container())
    if isinstance(found, Ready):
        body = Locked(found.value, choose)
    return Screen(_("Show a part of it"), body, back=back)


@component
def Parts(application_id: str, opening: str, done: Callable[[str], None]) -> ft.Control:
    """The twin's claims, fetched for this device's key."""
    services = use_services()

    async def fetch() -> Credential:
        return await services.certificates.presentations.credential(application_id, opening=opening)

    found = use_resource(fetch, application_id)
    if not isinstance(found, Ready):
        return Loaded(found, lambda value: ft.Container())
    return ChooseParts(application_id, opening, found.value, done)


@component
def ChooseParts(
    application_id: str, opening: str, credential: Credential, done: Callable[[str], None]
) -> ft.Control:
    """Nothing is chosen beforehand; what is chosen is what the link will show."""
    services, revisions, device = use_services(), use_revisions(), use_device()
    nothing: frozenset[str] = frozenset()
    chosen, set_chosen = use_state(nothing)
    seconds, set_seconds = use_state(str(DAY))
    key, _set_key = use_id()
    tried, set_tried = use_state(False)

    def toggle(name: str) -> None:
        set_chosen(lambda before: before ^ {name})

    async def make() -> None:
        set_tried(True)
        if not chosen:
            return
        link = await services.certificates.presentations.show(
            application_id, credential, chosen, int(seconds), key=key, opening=opening
        )
        revisions.certificates += 1
        done(link)

    making = use_action(make)
    rows = [
        keyed(name, PartRow, name, claim_value(name, value), name in chosen, toggle)
        for name, value in credential.claims.items()
    ]
    spans = ((str(HOUR), _("1 hour")), (str(DAY), _("1 day")), (str(WEEK), _("7 days")))
    where = (
        _("The key that signs it stays on this device.")
        if device.keeps_health_copies
        else _("On the web the key that signs it lies encrypted in the server's vault.")
    )
    none = [Note(_("Choose at least one part."), tone="error", live=True)]
    return stacked(
        [
            Text(_("Choose what may be seen. Everything else stays hidden.")),
            CardList(*rows),
            Heading(_("How long it may be seen"), 2, "title_small"),
            ChoiceChips(spans, seconds, set_seconds),
            *(none if tried and not chosen else []),
            *([ErrorPanel(making.error)] if making.error else []),
            MainButton(_("Make the link"), making, ft.Icons.LINK_ROUNDED, _("Making the link…")),
            Text(where, "supporting"),
        ]
    )


@component
def PartRow(name: str, value: str, chosen: bool, toggle: Callable[[str], None]) -> ft.Control:
    """One part with what it says."""
    look = use_look()
    icons = ft.Icons

    def press() -> None:
        toggle(name)

    icon = icons.CHECK_BOX_ROUNDED if chosen else icons.CHECK_BOX_OUTLINE_BLANK_ROUNDED
    words = ft.Column(
        [Text(claim_word(name), "label"), Text(value, "supporting")],
        spacing=2,
        tight=True,
        expand=True,
    )
    row = ft.Row([ft.Icon(icon, size=look.icon(24), color=look.palette.primary), words], spacing=14)
    pressed = Tappable(
        row, press, look.palette, padding=ft.Padding.symmetric(horizontal=16, vertical=12), row=True
    )
    return ft.Semantics(checked=chosen, content=pressed)
