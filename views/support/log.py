"""The supervisor's log: who of the staff opened which bundle, when and why."""

import flet as ft

from app import paths
from app.hooks import (
    component,
    use_action,
    use_look,
    use_resource,
    use_services,
    use_state,
    view,
)
from app.text import _, show_moment
from services.support_cases import Log, LogEntry
from views.components import (
    CardList,
    ErrorPanel,
    Loaded,
    OutlineButton,
    Screen,
    Text,
    keyed,
    stacked,
)
from views.support.admission import SUPERVISOR, Admitted
from views.support.persona_faults import fault_words
from views.support.words import act_word, purpose_word


@view
def SupportLogView() -> ft.Control:
    """The log at its own address."""
    return LogScreen(paths.SUPPORT_DESK)


@component
def LogScreen(back: str) -> ft.Control:
    """For supervisors alone."""
    return Admitted(SUPERVISOR, lambda: Pages(back))


@component
def Pages(back: str) -> ft.Control:
    """The newest page; older ones below it when asked for."""
    services = use_services()
    first = use_resource(services.support_desk.log)
    return Screen(
        _("Support log"),
        Text(_("Who opened what residents sent, and why. Nobody can change it."), "supporting"),
        Loaded(first, Lines),
        back=back,
    )


@component
def Lines(first: Log) -> ft.Control:
    """The lines read so far, newest first."""
    services = use_services()
    log, set_log = use_state(first)

    async def read_more() -> None:
        more = await services.support_desk.log(log.before)
        set_log(Log((*log.entries, *more.entries), more.before))

    reading = use_action(read_more)
    if not log.entries:
        return Text(_("Nothing has been opened yet."), "supporting")
    parts: list[ft.Control] = [
        CardList(*[keyed(str(entry.entry_id), LogRow, entry) for entry in log.entries])
    ]
    parts += [ErrorPanel(reading.error)] if reading.error else []
    parts += [OutlineButton(_("Show older ones"), reading)] if log.before else []
    return stacked(parts)


@component
def LogRow(entry: LogEntry) -> ft.Control:
    """`Bùi Thu Hà · Mở gói · HT-4K7P-29 · để tìm lỗi`."""
    look = use_look()
    wrong = entry.act == "unknown_code"
    icon = ft.Icons.ERROR_OUTLINE_ROUNDED if wrong else ft.Icons.VISIBILITY_OUTLINED
    colour = look.palette.error if wrong else look.palette.on_surface_variant
    when = show_moment(entry.at) if entry.at else ""
    head = " · ".join(part for part in (act_word(entry.act), entry.code, entry.resident) if part)
    faults = ", ".join(fault_words(entry.faults))
    words = ft.Column(
        [
            Text(head, "label"),
            Text(f"{entry.name} · {when}", "supporting"),
            Text(purpose_word(entry.purpose), "supporting"),
            *([Text(_("Faults: {faults}").format(faults=faults), "supporting")] if faults else []),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    return ft.Container(
        ft.Row(
            [ft.Icon(icon, size=look.icon(24), color=colour), words],
            spacing=16,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
    )
