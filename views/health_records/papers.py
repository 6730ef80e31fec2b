"""A paper of a visit: its pages as pictures, and the file itself to save."""

from collections.abc import Callable

import flet as ft

from app.hooks import (
    Failed,
    Ready,
    component,
    use_action,
    use_device,
    use_look,
    use_resource,
    use_services,
    use_state,
)
from app.text import _
from services.errors import NotFound
from services.health_records.visits import Paper
from views.components import (
    Card,
    ErrorPanel,
    LinkButton,
    Loaded,
    Note,
    Text,
    keyed,
    page_picture,
    stacked,
    zoom_button,
)
from views.health_records.frame import pane_width
from views.health_records.words import show_fhir_date

ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "text/plain": ".txt",
    "application/xml": ".xml",
    "application/dicom": ".dcm",
}


@component
def PaperCard(paper: Paper) -> ft.Control:
    """Title, kind and size; show the pages, save the file."""
    services, device = use_services(), use_device()
    shown, set_shown = use_state(False)
    saved, set_saved = use_state(False)

    async def save() -> None:
        set_saved(False)
        data = await services.health_records.file(paper.url, paper.content_type)
        set_saved(await device.save_file(file_name(paper), data))

    saving = use_action(save)
    is_pdf = paper.content_type == "application/pdf" and bool(paper.binary_id)
    pieces = (show_fhir_date(paper.date), _kind(paper), _size(paper.size))
    label = _("Hide the pages") if shown else _("Show the pages")
    icon = ft.Icons.VISIBILITY_OFF_OUTLINED if shown else ft.Icons.VISIBILITY_OUTLINED
    buttons: list[ft.Control] = []
    if is_pdf:
        buttons.append(LinkButton(label, lambda: set_shown(not shown), icon))
    busy = _("Fetching the file…") if saving.running else _("Save the file")
    buttons.append(LinkButton(busy, saving, ft.Icons.DOWNLOAD_ROUNDED))
    parts: list[ft.Control] = [
        Text(paper.title or _("Paper without a name"), "title_small"),
        Text(" · ".join(piece for piece in pieces if piece), "supporting"),
        ft.Row(buttons, wrap=True, spacing=8),
    ]
    if saved:
        parts.append(Note(_("The file was saved."), tone="primary", live=True))
    if saving.error is not None:
        parts.append(ErrorPanel(saving.error))
    if shown:
        parts.append(keyed(paper.key, Pages, paper))
    return Card(*parts)


def file_name(paper: Paper) -> str:
    """A name without what could be a path; nothing of the patient in it."""
    stem = "".join(c if c.isalnum() else "-" for c in paper.title.lower())[:60].strip("-")
    while "--" in stem:
        stem = stem.replace("--", "-")
    return (stem or "giay-to") + ENDINGS.get(paper.content_type.split(";")[0], "")


def _kind(paper: Paper) -> str:
    return {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}.get(
        paper.content_type, paper.content_type
    )


def _size(size: int | None) -> str:
    if not size:
        return ""
    return (
        f"{size / 1_000_000:.1f} MB".replace(".", ",")
        if size >= 1_000_000
        else f"{size // 1000 or 1} kB"
    )


@component
def Pages(paper: Paper) -> ft.Control:
    """The pages below each other; the next one is fetched when it is asked for."""
    shown, set_shown = use_state(1)
    total, set_total = use_state(1)
    larger, set_larger = use_state(False)

    def zoom() -> None:
        set_larger(not larger)

    numbers = range(1, shown + 1)
    pages = [keyed(number, Page, paper, number, larger, zoom, set_total) for number in numbers]
    below: list[ft.Control] = []
    if shown < total:
        words = _("Next page, {n} of {total}").format(n=shown + 1, total=total)
        below = [LinkButton(words, lambda: set_shown(shown + 1), ft.Icons.EXPAND_MORE)]
    aloud = Text(_("To have it read aloud, save the file: its text can be read."), "supporting")
    return stacked([zoom_button(larger, zoom), *pages, *below, aloud], 8)


@component
def Page(
    paper: Paper, number: int, larger: bool, zoom: Callable[[], None], tell: Callable[[int], None]
) -> ft.Control:
    """One page as wide as the screen, twice as wide at a tap; tells how many there are."""
    services, look = use_services(), use_look()

    async def fetch() -> tuple[bytes, int]:
        return await services.health_records.page(paper.binary_id, number)

    found = use_resource(fetch, paper.key, number)
    total = found.value[1] if isinstance(found, Ready) else 0
    ft.use_effect(lambda: tell(total) if total else None, [total])
    if isinstance(found, Failed) and isinstance(found.error, NotFound):
        return Text(_("No pictures of this paper. Save the file to open it."), "supporting")
    if not isinstance(found, Ready):
        return Loaded(found, lambda data: ft.Container(height=0))
    spoken = _("Page {n} of {title}, as a picture").format(n=number, title=paper.title)
    width = pane_width(look) - 34
    return page_picture(found.value[0], spoken, width, larger, zoom, look)
