"""Beginning a stay: plate, kind of vehicle, place and how long."""

from collections.abc import Callable
from dataclasses import dataclass, replace

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
from app.text import _, explain_field, language
from services.errors import FieldError, Rejected, ServiceError
from services.parking import ParkingChoices, ParkingStart
from services.parking_sessions import ParkingPlace, ParkingSession
from services.plates import is_plate, show_plate
from services.saved import Saved
from views.cards.parking_words import VEHICLES, show_minutes, vehicle_name
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
    name_of,
    stacked,
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is chosen beside the plate."""

    vehicle: str
    place_id: str
    minutes: int


Known = tuple[ParkingChoices, ParkingSession | None]


@view
def NewParkingView() -> ft.Control:
    """The form, with the plate that was parked last filled in."""
    services = use_services()

    async def fetch() -> Saved[Known]:
        choices = await services.parking.choices()
        stays = (await services.parking.list_mine()).value
        return Saved((choices.value, stays[0] if stays else None), choices.as_of)

    known = use_resource(fetch)
    if not isinstance(known, Ready):
        return Screen(
            _("Park a vehicle"), Loaded(known, lambda _known: ft.Container()), back=paths.CARDS
        )
    choices, last = known.value
    return keyed("form", StartForm, choices, last, known.as_of is not None)


@component
def StartForm(choices: ParkingChoices, last: ParkingSession | None, offline: bool) -> ft.Control:
    """What is typed stays until the stay has begun or waits to begin."""
    services, revisions = use_services(), use_revisions()
    plate, set_plate = use_state(show_plate(last.plate, last.vehicle) if last else "")
    chosen, set_chosen = use_state(_first(choices, last))
    tried, set_tried = use_state(False)
    # The same form sent twice is the same stay; a changed one is another.
    nothing: ParkingStart | None = None
    sent = ft.use_ref(nothing)
    wrong = _wrong(plate, chosen, choices)

    async def start() -> None:
        set_tried(True)
        if wrong:
            return
        wanted = ParkingStart(plate, chosen.vehicle, chosen.place_id, chosen.minutes)
        if sent.current is None or replace(wanted, start_id=sent.current.start_id) != sent.current:
            sent.current = wanted
        begun = await services.parking.start(sent.current)
        revisions.parking += 1
        revisions.outbox += 1
        await ft.context.page.push_route(
            paths.parking_session(begun.session_id) if begun else paths.CARDS
        )

    starting = use_action(start)
    refused = _field_errors(starting.error)
    fields = refused | (wrong if tried else {})
    parts: list[ft.Control] = [
        PlateField(plate, set_plate, fields.get("plate", "")),
        Choosing(choices, chosen, set_chosen, fields.get("place_id", "")),
        Note(
            _("You pay when you end it."),
            _("For each begun hour, from the balance of your sandbox account."),
        ),
    ]
    if starting.error and not refused:
        parts.append(ErrorPanel(starting.error))
    if offline:
        words = _("The stay begins only when the network is back.")
        parts.insert(0, Note(_("No network."), words, "tertiary"))
    return Screen(
        _("Park a vehicle"),
        *parts,
        back=paths.CARDS,
        foot=(MainButton(_("Start parking"), starting, ft.Icons.LOCAL_PARKING_ROUNDED),),
    )


@component
def Choosing(
    choices: ParkingChoices, chosen: Chosen, choose: Callable[[Chosen], None], error: str
) -> ft.Control:
    """Kind of vehicle, a kerb that takes it, and how long."""

    def set_vehicle(vehicle: str) -> None:
        choose(replace(chosen, vehicle=vehicle))

    def set_place(place_id: str) -> None:
        choose(replace(chosen, place_id=place_id))

    def set_minutes(minutes: str) -> None:
        choose(replace(chosen, minutes=int(minutes)))

    places = tuple(
        (one.place_id, name_of(one.name, language())) for one in _kerbs(choices, chosen.vehicle)
    )
    lengths = tuple((str(one), show_minutes(one)) for one in choices.minutes)
    wrong = [Text(_sentence(error), "small_label", ft.Colors.ERROR)] if error else []
    return stacked(
        [
            Text(_("Kind of vehicle"), "label"),
            ChoiceChips(
                tuple((one, vehicle_name(one)) for one in VEHICLES), chosen.vehicle, set_vehicle
            ),
            Text(_("Parking place"), "label"),
            ChoiceChips(places, chosen.place_id, set_place),
            *wrong,
            Text(_("How long"), "label"),
            ChoiceChips(lengths, str(chosen.minutes), set_minutes),
        ]
    )


@component
def PlateField(plate: str, write: Callable[[str], None], error: str) -> ft.Control:
    """The plate, however it is typed."""
    box = TextBox(
        _("Number plate"),
        plate,
        write,
        help_text=_("Such as 30K-012.34"),
        error=_sentence(error),
        scale=use_look().scale,
    )
    return stacked([box])


def _field_errors(error: ServiceError | None) -> dict[str, str]:
    if not isinstance(error, Rejected):
        return {}
    return {one.field: one.code for one in error.field_errors}


def _first(choices: ParkingChoices, last: ParkingSession | None) -> Chosen:
    """What stands there at first: as last time."""
    vehicle, place_id = (last.vehicle, last.place.place_id) if last else (VEHICLES[0], "")
    return Chosen(vehicle, place_id, choices.minutes[1])


def _kerbs(choices: ParkingChoices, vehicle: str) -> list[ParkingPlace]:
    return [one for one in choices.places if one.kind == "kerb" and vehicle in one.vehicles]


def _wrong(plate: str, chosen: Chosen, choices: ParkingChoices) -> dict[str, str]:
    """The code of what is wrong, by field."""
    found = {}
    if not is_plate(plate, chosen.vehicle):
        found["plate"] = "plate_format"
    if all(one.place_id != chosen.place_id for one in _kerbs(choices, chosen.vehicle)):
        found["place_id"] = "unknown"
    return found


def _sentence(code: str) -> str:
    return explain_field(FieldError("", code)) if code else ""
