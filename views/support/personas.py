"""Opening the app as a resident of the sandbox: who, what goes wrong, and what for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import flet as ft

from app import paths
from app.hooks import (
    component,
    use_action,
    use_device,
    use_look,
    use_resource,
    use_services,
    use_session,
    use_state,
    view,
)
from app.text import _
from services.personas import Faults, SandboxResident
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
from views.support.admission import AGENT, Admitted
from views.support.persona_faults import FaultSwitches
from views.support.words import purposes

Icons = ft.Icons


@view
def PersonasView() -> ft.Control:
    """For agents; the gateway has it in the sandbox alone."""
    return Admitted(AGENT, Choosing)


@component
def Choosing() -> ft.Control:
    """Read once: the sandbox's people do not change."""
    found = use_resource(use_services().support_desk.residents)
    return Screen(
        _("Open as a sandbox resident"),
        Text(
            _(
                "The app opens as somebody of the sandbox, with server faults you switch on, to see "
                "what a resident sees. Your own sign-in stays as it is."
            ),
            "supporting",
        ),
        Loaded(found, Form),
        back=paths.SUPPORT_DESK,
    )


@component
def Form(residents: list[SandboxResident]) -> ft.Control:
    """Without a resident and a purpose nothing opens."""
    services, device = use_services(), use_device()
    who, set_who = use_state("")
    faults, set_faults = use_state(Faults())
    purpose, set_purpose = use_state("")
    tried, set_tried = use_state(False)
    nowhere, set_nowhere = use_state(False)

    async def open_it() -> None:
        set_tried(True)
        if not who or not purpose:
            return
        begin = partial(services.support_desk.begin_persona, who, faults, purpose)
        address = await device.open_persona(begin, faults)
        set_nowhere(not address)
        if address:
            await device.open_link(address)

    opening = use_action(open_it)
    parts: list[ft.Control] = [
        Heading(_("Who?"), 2, "title"),
        ResidentList(residents, who, set_who),
    ]
    if tried and not who:
        parts.append(Note(_("Choose a resident."), tone="error", live=True))
    parts += [
        Heading(_("What goes wrong?"), 2, "title"),
        Text(_("Nothing has to. You can change it while the app is open."), "supporting"),
        FaultSwitches(faults, set_faults),
        Heading(_("What for?"), 2, "title"),
        ChoiceChips(purposes(), purpose, set_purpose),
    ]
    if tried and not purpose:
        parts.append(Note(_("Choose what you open it for."), tone="error", live=True))
    parts.append(
        Note(
            _("This is logged."),
            _(
                "Your supervisor and this resident's access log say that you did it. It ends by itself."
            ),
            icon=Icons.VISIBILITY_OUTLINED,
        )
    )
    parts += [ErrorPanel(opening.error)] if opening.error else []
    parts += [_only_in_browsers()] if nowhere else []
    parts.append(MainButton(_("Open in a new tab"), opening, Icons.OPEN_IN_NEW_ROUNDED))
    return stacked(parts)


def _only_in_browsers() -> ft.Control:
    words = _("Open the staff area in a browser, where it has a tab of its own.")
    return Note(_("This device cannot open one."), words, live=True)


def ResidentList(
    residents: list[SandboxResident], chosen: str, choose: Callable[[str], None]
) -> ft.Control:
    """Name and a line about each."""
    return CardList(
        *[
            keyed(one.resident, ResidentRow, one, one.resident == chosen, choose)
            for one in residents
        ]
    )


@component
def ResidentRow(
    resident: SandboxResident, chosen: bool, choose: Callable[[str], None]
) -> ft.Control:
    """A row that chooses."""
    look, language = use_look(), use_session().language
    icon = Icons.RADIO_BUTTON_CHECKED_ROUNDED if chosen else Icons.RADIO_BUTTON_UNCHECKED_ROUNDED
    about = resident.about.get(language, "")

    def take() -> None:
        choose(resident.resident)

    words = ft.Column(
        [Text(resident.name, "label"), Text(about, "supporting")],
        spacing=2,
        tight=True,
        expand=True,
    )
    mark = ft.Icon(icon, size=look.icon(24), color=look.palette.primary)
    return ft.Semantics(
        checked=chosen,
        content=Tappable(ft.Row([mark, words], spacing=14), take, look.palette, row=True),
    )
