"""What residents measured or noted themselves: the newest first, marked as their own."""

from collections.abc import Awaitable, Callable

import flet as ft

from app import paths
from app.hooks import (
    Action,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import Status, _, show_moment, status_of
from services.health_people import Measurement
from services.health_people.measurements import KINDS
from services.saved import Saved
from views.components import (
    Card,
    ChoiceChips,
    EmptyState,
    ErrorPanel,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    Screen,
    StatusChip,
    Text,
    keyed,
    open_path,
    stacked,
)
from views.components.correcting import use_may_write
from views.health_people.measurement_chart import OwnCharts
from views.health_people.measurement_words import kind_icon, kind_word, value_words
from views.health_people.whose import use_patient

ALL = ""
Delete = Callable[[Measurement], Awaitable[None]]


@view
def MeasurementsView() -> ft.Control:
    """The lines of one's own record, or of one's child's."""
    patient_id = use_patient()
    return keyed(patient_id or "own", _Measurements, patient_id)


@component
def _Measurements(patient_id: str | None) -> ft.Control:
    services, revisions = use_services(), use_revisions()
    kind, set_kind = use_state(ALL)
    nothing: Measurement | None = None
    deleted, set_deleted = use_state(nothing)

    async def fetch() -> Saved[list[Measurement]]:
        return await services.measurements.list_of(patient_id)

    async def delete(line: Measurement) -> None:
        await services.measurements.remove(line, patient_id)
        set_deleted(line)
        revisions.own_health += 1
        revisions.outbox += 1

    async def bring_back() -> None:
        if deleted is not None:
            await services.measurements.write(deleted, patient_id)
            set_deleted(None)
            revisions.own_health += 1
            revisions.outbox += 1

    found = use_resource(fetch, revisions.own_health)
    may_write = use_may_write(patient_id)
    undoing = use_action(bring_back)
    options = ((ALL, _("All")), *((one, kind_word(one)) for one in KINDS))

    def draw(lines: list[Measurement]) -> ft.Control:
        shown = [one for one in lines if kind in (ALL, one.kind)]
        drawn = Lines(shown, patient_id, delete if may_write else None)
        return stacked([keyed(kind, OwnCharts, shown, kind), drawn]) if kind else drawn

    add = MainButton(
        _("Add a line"),
        open_path(paths.health(patient_id, "measurements/new")),
        ft.Icons.ADD_ROUNDED,
    )
    return Screen(
        _("Own measurements"),
        *_undo(deleted, undoing),
        ChoiceChips(options, kind, set_kind, scroll=True),
        Loaded(found, draw),
        back=paths.health(patient_id),
        foot=(add,) if may_write else (),
    )


def _undo(deleted: Measurement | None, undoing: Action) -> list[ft.Control]:
    if deleted is None:
        return []
    words = _("{what} deleted.").format(what=kind_word(deleted.kind))
    failed = [ErrorPanel(undoing.error)] if undoing.error else []
    return [Note(words, action=LinkButton(_("Undo"), undoing), live=True), *failed]


def Lines(lines: list[Measurement], patient_id: str | None, delete: Delete | None) -> ft.Control:
    """A card each, or what this is for; without `delete` they are only read."""
    if not lines:
        return EmptyState(
            ft.Icons.MONITOR_HEART_OUTLINED,
            _("Nothing written down yet"),
            _("What you measure at home stands here, marked as your own, apart from results."),
        )
    return stacked([keyed(one.measurement_id, Line, one, patient_id, delete) for one in lines])


@component
def Line(line: Measurement, patient_id: str | None, delete: Delete | None) -> ft.Control:
    """What was measured and when; whose it is in words; edit and delete."""
    look = use_look()

    async def delete_it() -> None:
        if delete is not None:
            await delete(line)

    deleting = use_action(delete_it)
    head = ft.Row(
        [
            ft.Icon(kind_icon(line.kind), size=look.icon(22), color=look.palette.primary),
            ft.Container(Text(kind_word(line.kind), "small_label"), expand=True),
        ],
        spacing=8,
    )
    parts: list[ft.Control] = [head, Text(value_words(line), "title_small")]
    if line.note and line.kind != "note":
        parts.append(Text(line.note))
    parts += [Text(show_moment(line.effective), "supporting"), StatusChip(own_status(line))]
    if delete is None:
        return Card(*parts)
    edit = paths.health(patient_id, f"measurements/id/{line.measurement_id}")
    buttons = ft.Row(
        [
            LinkButton(_("Edit"), open_path(edit), ft.Icons.EDIT_OUTLINED),
            LinkButton(_("Delete"), deleting, ft.Icons.DELETE_OUTLINE_ROUNDED),
        ],
        wrap=True,
    )
    error = [ErrorPanel(deleting.error)] if deleting.error else []
    return Card(*parts, buttons, *error)


def own_status(line: Measurement) -> Status:
    """The mark of an own line: never taken for a facility's result."""
    if line.waiting:
        return status_of("queued")
    word = _("Written down by a parent") if line.by_other else _("You wrote this down")
    return Status(word, "neutral", ft.Icons.EDIT_NOTE_ROUNDED)
