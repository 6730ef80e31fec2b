"""When to come again: the day, what to do before it, a reminder and a file for the calendar."""

import flet as ft

from app.hooks import (
    Ready,
    component,
    use_action,
    use_device,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _, local, show_weekday
from app.theme import style
from services.health_records.appointments import FollowUp
from services.health_records.calendar import calendar_file
from services.health_records.fhir import FhirDate
from services.health_records.trends import first_day
from views.components import ErrorPanel, LinkButton, MainButton, Note, TonalButton, stacked
from views.health_records.words import show_fhir_date


@component
def FollowUpCard(follow_up: FollowUp) -> ft.Control:
    """`Tái khám Thứ Ba, 05/01/2027`, what to do before, and the calendar's file."""
    look = use_look()
    palette = look.palette
    ink = palette.on_primary_container
    lines: list[ft.Control] = [
        ft.Text(
            _("Come again {day}").format(day=show_day(follow_up.at)),
            style=style("title_medium", look.scale, ink),
        )
    ]
    for words in dict.fromkeys((follow_up.title, follow_up.instructions, follow_up.place)):
        if words:
            lines.append(ft.Text(words, style=style("body_medium", look.scale, ink)))
    head = ft.Row(
        [
            ft.Icon(ft.Icons.EVENT_ROUNDED, size=look.icon(26), color=ink),
            ft.Column(lines, spacing=2, tight=True, expand=True),
        ],
        spacing=14,
    )
    return ft.Container(
        stacked([head, *_calendar(follow_up)], 4),
        padding=16,
        border_radius=16,
        bgcolor=palette.primary_container,
    )


def _calendar(follow_up: FollowUp) -> list[ft.Control]:
    return [CalendarButton(follow_up)] if follow_up.at.day else []


@component
def CalendarButton(follow_up: FollowUp) -> ft.Control:
    """Saves the appointment as an .ics file. Its title says no illness: calendars are seen."""
    services, device = use_services(), use_device()
    saved, set_saved = use_state(False)

    async def save() -> None:
        set_saved(False)
        data = calendar_file(follow_up, _("Doctor's appointment"), services.clock.now())
        set_saved(await device.save_file("tai-kham.ics", data))

    saving = use_action(save)
    parts: list[ft.Control] = [
        ft.Row(
            [LinkButton(_("Save for my calendar (.ics)"), saving, ft.Icons.EDIT_CALENDAR_ROUNDED)],
            wrap=True,
        )
    ]
    if saved:
        parts.append(Note(_("The file was saved."), tone="primary", live=True))
    if saving.error is not None:
        parts.append(ErrorPanel(saving.error))
    return stacked(parts, 4)


@component
def RemindButton(follow_up: FollowUp, visit: str, patient_id: str | None) -> ft.Control:
    """Puts the day on the home screen and into the inbox, or takes it off again."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    reminders = services.health_records.reminders
    known = use_resource(reminders.list, revisions.health_records)
    is_set = isinstance(known, Ready) and any(one.key == follow_up.key for one in known.value)

    async def change() -> None:
        if is_set:
            await reminders.remove(follow_up.key)
        else:
            await reminders.set(follow_up, visit, patient_id)
        revisions.health_records += 1

    changing = use_action(change)
    failed = [ErrorPanel(changing.error)] if changing.error is not None else []
    day = first_day(follow_up.at)
    if day is None or day < local(services.clock.now()).date():
        return Note(_("This appointment is past."))
    if is_set:
        take_off = LinkButton(_("Remove the reminder"), changing)
        words = _("It stands on the home screen and in the inbox.")
        return stacked(
            [*failed, Note(_("Reminder set."), words, "primary", action=take_off, live=True)]
        )
    icon = ft.Icons.ADD_ALERT_ROUNDED
    label, busy = _("Remind me of it"), _("Saving…")
    if look.expanded:  # The one filled button is above: share with a doctor.
        return stacked([*failed, TonalButton(busy if changing.running else label, changing, icon)])
    return stacked([*failed, MainButton(label, changing, icon, busy)])


def show_day(at: FhirDate) -> str:
    """`Thứ Ba, 05/01/2027`, with the time where it was given."""
    day = first_day(at)
    if day is None or not at.day:
        return show_fhir_date(at)
    if at.at is not None and at.at.tzinfo is not None:
        there = local(at.at)
        return f"{show_weekday(there.date())}, {show_fhir_date(at)}, {there:%H:%M}"
    return f"{show_weekday(day)}, {show_fhir_date(at)}"
