"""Writing down a measurement or a note, or changing one: numbers with units and plausible bounds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import HANOI, _, explain_field, local
from services import Services
from services.errors import FieldError, NotFound, Rejected, ServiceError
from services.health_people import Measurement
from services.health_people.measurements import FIELDS, KINDS, OPTIONAL, UNITS, typed_number
from views.components import (
    ChoiceChips,
    ErrorPanel,
    Loaded,
    MainButton,
    Note,
    Screen,
    Text,
    TextBox,
    keyed,
    stacked,
)
from views.components.moment_field import MomentField
from views.health_people.measurement_words import field_word, kind_word, show_typed, unit_word
from views.health_people.whose import use_patient

NOTE_MOST = 2000
LIST = "measurements"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, as it was typed; `effective` is ISO 8601."""

    kind: str
    values: Mapping[str, str]
    unit: str
    effective: str
    note: str

    def line(self, kept: Measurement | None) -> Measurement:
        """The line that it makes: a changed one keeps its id."""
        values = {name: typed_number(self.values.get(name, "")) for name in FIELDS[self.kind]}
        made = Measurement(
            kind=self.kind,
            values={name: number for name, number in values.items() if number},
            effective=datetime.fromisoformat(self.effective),
            unit=self.unit if len(UNITS[self.kind]) > 1 else "",
            note=self.note.strip(),
        )
        return replace(made, measurement_id=kept.measurement_id) if kept else made


Fill = Callable[[Callable[[Typed], Typed]], None]


@view
def NewMeasurementView() -> ft.Control:
    """An empty form, now."""
    empty = Typed("blood_pressure", {}, "", _now(use_services()), "")
    return keyed("new", MeasurementForm, use_patient(), empty, None)


@view
def MeasurementView() -> ft.Control:
    """One line to change."""
    services, patient_id = use_services(), use_patient()
    wanted = unquote(ft.use_route_params().get("measurement_id", ""))

    async def fetch() -> Measurement:
        lines = (await services.measurements.list_of(patient_id)).value
        found = next((one for one in lines if one.measurement_id == wanted), None)
        if found is None:
            raise NotFound
        return found

    found = use_resource(fetch, wanted)
    if isinstance(found, Ready):
        return keyed(wanted, MeasurementForm, patient_id, _typed_of(found.value), found.value)
    back = paths.health(patient_id, LIST)
    return Screen(_("Change"), Loaded(found, lambda _line: ft.Container()), back=back)


@component
def MeasurementForm(patient_id: str | None, opening: Typed, kept: Measurement | None) -> ft.Control:
    """What was typed stays until it is kept or waits to be sent."""
    services, revisions = use_services(), use_revisions()
    typed, set_typed = use_state(opening)
    nothing: Measurement | None = None
    # The same form saved twice is the same line.
    sent = ft.use_ref(nothing)

    async def save() -> None:
        sent.current = typed.line(kept or sent.current)
        await services.measurements.write(sent.current, patient_id)
        revisions.own_health += 1
        revisions.outbox += 1
        await ft.context.page.push_route(paths.health(patient_id, LIST))

    saving = use_action(save)
    errors = _fields_of(saving.error)
    parts: list[ft.Control] = [keyed("fields", Fields, typed, set_typed, errors, kept is None)]
    if saving.error and not errors:
        parts.append(ErrorPanel(saving.error))
    title = _("New measurement or note") if kept is None else _("Change")
    return Screen(
        title,
        *parts,
        back=paths.health(patient_id, LIST),
        foot=(MainButton(_("Save"), saving, ft.Icons.CHECK_ROUNDED, _("Saving…")),),
    )


@component
def Fields(typed: Typed, fill: Fill, errors: dict[str, str], new: bool) -> ft.Control:
    """The kind (of a new one), its numbers, when it was, and words."""
    look, services = use_look(), use_services()

    def set_kind(kind: str) -> None:
        fill(lambda kept: replace(kept, kind=kind, unit=UNITS[kind][0]))

    def set_unit(unit: str) -> None:
        fill(lambda kept: replace(kept, unit=unit))

    def set_moment(moment: str) -> None:
        fill(lambda kept: replace(kept, effective=moment or _now(services)))

    write_note = ft.use_callback(lambda words: fill(lambda kept: replace(kept, note=words)), [])
    parts: list[ft.Control] = []
    if new:
        options = tuple((kind, kind_word(kind)) for kind in KINDS)
        parts.append(ChoiceChips(options, typed.kind, set_kind))
    else:
        parts.append(Text(kind_word(typed.kind), "title_small"))
    if len(UNITS[typed.kind]) > 1:
        units = tuple((unit, unit) for unit in UNITS[typed.kind])
        parts += [Text(_("Unit"), "label"), ChoiceChips(units, typed.unit, set_unit)]
    parts += [
        keyed(f"{typed.kind} {name}", NumberField, name, typed, fill, errors.get(name, ""))
        for name in FIELDS[typed.kind]
    ]
    parts += [Text(_("When"), "label"), MomentField(_("When"), typed.effective, set_moment)]
    if errors.get("effective"):
        parts.append(Text(_sentence(errors["effective"]), "small_label", ft.Colors.ERROR))
    is_note = typed.kind == "note"
    parts.append(
        TextBox(
            _("Note") if is_note else _("Note (if you like)"),
            typed.note,
            write_note,
            error=_sentence(errors.get("note", "")),
            lines=4 if is_note else 2,
            max_length=NOTE_MOST,
            scale=look.scale,
        )
    )
    words = _("It is marked as your own, and stands apart from what facilities sent.")
    parts.append(Note(_("For you and whom you let read."), words))
    return stacked(parts)


@component
def NumberField(name: str, typed: Typed, fill: Fill, error: str) -> ft.Control:
    """One number; a comma or a point parts the decimals."""

    def keep(number: str) -> None:
        fill(lambda kept: replace(kept, values={**kept.values, name: number}))

    write = ft.use_callback(keep, [])
    label = f"{field_word(name)} ({unit_word(typed.kind, name, typed.unit)})"
    optional = (typed.kind, name) in OPTIONAL
    box = TextBox(
        _("{what}, if you like").format(what=label) if optional else label,
        typed.values.get(name, ""),
        write,
        error=_sentence(error),
        scale=use_look().scale,
    )
    return stacked([box])


def _now(services: Services) -> str:
    return local(services.clock.now()).isoformat(timespec="minutes")


def _typed_of(line: Measurement) -> Typed:
    return Typed(
        line.kind,
        {name: show_typed(number) for name, number in line.values.items()},
        line.unit or UNITS[line.kind][0],
        line.effective.astimezone(HANOI).isoformat(timespec="minutes"),
        line.note,
    )


def _fields_of(error: ServiceError | None) -> dict[str, str]:
    if not isinstance(error, Rejected):
        return {}
    return {one.field.removeprefix("values."): one.code for one in error.field_errors}


def _sentence(code: str) -> str:
    return explain_field(FieldError("", code)) if code else ""
