"""Erasing what lies on this device; what the city has stays as it is."""

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_device,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _
from services.privacy import Stored
from views.components import (
    CardList,
    EmptyState,
    ErrorPanel,
    LinkButton,
    Loaded,
    Note,
    OutlineButton,
    Screen,
    SwitchRow,
    Text,
    keyed,
    stacked,
)
from views.components.waiting_words import show_size
from views.privacy.storage import Storage
from views.privacy.words import kind_effect, kind_word

AT_FIRST = frozenset({"saved", "recorded"})
"""What can be had again is chosen already; what cannot, the resident chooses."""


@view
def EraseDeviceView() -> ft.Control:
    """How much there is, and which of it goes."""
    services, revisions = use_services(), use_revisions()
    stored = use_resource(services.privacy.stored, revisions.outbox, revisions.privacy)
    shown = tuple(stored.value) if isinstance(stored, Ready) else ()
    return Screen(
        _("Erase data on this device"),
        Text(_("Choose what goes from here. Your account and what the city has do not change.")),
        Loaded(stored, lambda found: Storage(tuple(found))),
        Choosing(tuple(one for one in shown if one.size)),
        *_where(),
        back=paths.PRIVACY,
    )


def _where() -> list[ft.Control]:
    if use_device().keeps_health_copies:
        return []
    words = _("In the browser these lie encrypted on the app's server, not on this computer.")
    return [Text(words, "supporting")]


@component
def Choosing(stored: tuple[Stored, ...]) -> ft.Control:
    """A switch for each kind; erasing asks once."""
    services, revisions = use_services(), use_revisions()
    chosen, set_chosen = use_state(AT_FIRST)
    asked, set_asked = use_state(False)
    erased, set_erased = use_state(False)
    kinds = chosen & {one.kind for one in stored}

    async def erase() -> None:
        await services.privacy.forget(kinds)
        set_asked(False)
        set_erased(True)
        revisions.outbox += 1
        revisions.privacy += 1

    erasing = use_action(erase)
    done = [Note(_("Erased on this device."), tone="primary", live=True)] if erased else []
    if not stored:
        empty = EmptyState(ft.Icons.PHONELINK_ERASE_ROUNDED, _("Nothing lies here"), "")
        return stacked([*done, empty], 12)

    def switch(kind: str, on: bool) -> None:
        set_asked(False)
        set_chosen(chosen | {kind} if on else chosen - {kind})

    rows = [keyed(one.kind, KindSwitch, one, one.kind in chosen, switch) for one in stored]
    label = _("Erasing…") if erasing.running else _("Yes, erase it here")
    ask = OutlineButton(
        _("Erase here"), lambda: set_asked(True), ft.Icons.DELETE_OUTLINE_ROUNDED, danger=True
    )
    lost = "unsent" in kinds
    words = _("What was not sent is lost for good.") if lost else _("The city's data stays.")
    sure: list[ft.Control] = [
        Note(_("Erase it on this device?"), words, "error", live=True),
        OutlineButton(label, erasing, danger=True),
        LinkButton(_("Keep it"), lambda: set_asked(False)),
    ]
    below = sure if asked and kinds else [ask] if kinds else []
    failed = [ErrorPanel(erasing.error)] if erasing.error else []
    return stacked([*done, CardList(*rows), *failed, *below], 12)


@component
def KindSwitch(stored: Stored, on: bool, switch: object) -> ft.Control:
    """One kind: its name and size, what follows, and whether it goes."""
    title = f"{kind_word(stored.kind)} · {show_size(stored.size)}"

    def changed(value: bool) -> None:
        if callable(switch):
            switch(stored.kind, value)

    return SwitchRow(title, kind_effect(stored.kind), on, changed)
