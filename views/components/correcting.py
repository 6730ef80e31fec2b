"""What a record's own screens show of corrections: the mark beside a line, and the way to ask for one."""

import flet as ft

from app import paths
from app.hooks import Ready, component, use_resource, use_revisions, use_services
from app.text import Status, _, status_of
from services.health_people import Correction
from services.health_records.items import Item
from services.saved import Saved
from views.components.buttons import LinkButton
from views.components.notes import Note
from views.components.opening import open_path
from views.components.words import stacked

LONGEST_ID = 255


def use_may_write(patient_id: str | None) -> bool:
    """Whether it is one's own record or one's child's: whom a patient lets read only reads."""
    services, revisions = use_services(), use_revisions()
    people = use_resource(services.health_people.people, revisions.health_people)
    if patient_id is None:
        return True
    found = people.value.dependants if isinstance(people, Ready) else ()
    return any(child.patient_id == patient_id and not child.ended for child in found)


def use_corrections(patient_id: str | None) -> dict[str, Correction]:
    """The newest request about each line, by `line_of`; none where they cannot be read."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[list[Correction]]:
        return await services.corrections.list_of(patient_id)

    found = use_resource(fetch, patient_id, revisions.own_health)
    requests = found.value if isinstance(found, Ready) else []
    return {one.resource_id: one for one in reversed(requests)}


def line_of(item: Item) -> str:
    """What names a line in a request about it."""
    return (item.address or item.key)[:LONGEST_ID]


def correction_status(correction: Correction) -> Status:
    """`Đã nhận`, `Đang xem`, `Đã sửa`, `Không sửa`; `Chờ gửi` before it has left."""
    icons = ft.Icons
    table = {
        "received": (_("Request received"), "lake", icons.MOVE_TO_INBOX_ROUNDED),
        "in_review": (_("Being looked at"), "lake", icons.MANAGE_SEARCH_ROUNDED),
        "corrected": (_("Put right"), "primary", icons.CHECK_CIRCLE_ROUNDED),
        "not_corrected": (_("Not changed"), "neutral", icons.BLOCK_ROUNDED),
    }
    if correction.state not in table:
        return status_of("queued")
    return Status(*table[correction.state])


@component
def Correcting(item: Item, section: str, patient_id: str | None) -> ft.Control:
    """What became of the newest request about this line, and the way to a new one."""
    may_write = use_may_write(patient_id)
    latest = use_corrections(patient_id).get(line_of(item))
    if not may_write:
        return ft.Container(height=0)
    shown: list[ft.Control] = []
    if latest is not None:
        all_of_them = open_path(paths.health(patient_id, "corrections"))
        link = LinkButton(_("See the request"), all_of_them)
        status = correction_status(latest)
        phrase = _("Correction asked for: {state}.").format(state=status.word.lower())
        tone = "tertiary" if latest.open else "neutral"
        shown.append(Note(phrase, latest.reason, tone, status.icon, link))
    if latest is None or not latest.open:
        ask = open_path(paths.health_correction(section, item.key, patient_id))
        shown.append(LinkButton(_("Is this line wrong?"), ask, ft.Icons.FLAG_OUTLINED))
    return stacked(shown)
